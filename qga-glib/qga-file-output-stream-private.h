/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-file-handle-private.h"

G_BEGIN_DECLS

#define QGA_TYPE_FILE_OUTPUT_STREAM (qga_file_output_stream_get_type ())
G_DECLARE_FINAL_TYPE (QgaFileOutputStream, qga_file_output_stream, QGA, FILE_OUTPUT_STREAM, GOutputStream)

GOutputStream *qga_file_output_stream_new (QgaFileHandle *handle);

G_END_DECLS
