/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-file-handle-private.h"

G_BEGIN_DECLS

#define QGA_TYPE_FILE_INPUT_STREAM (qga_file_input_stream_get_type ())
G_DECLARE_FINAL_TYPE (QgaFileInputStream, qga_file_input_stream, QGA, FILE_INPUT_STREAM, GInputStream)

GInputStream *qga_file_input_stream_new (QgaFileHandle *handle);

G_END_DECLS
