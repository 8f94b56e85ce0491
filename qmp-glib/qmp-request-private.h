/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-request.h"

G_BEGIN_DECLS

const char *qmp_request_peek_arguments (QmpRequest *self, gsize *length);
gboolean qmp_request_check (QmpRequest *self, GError **error);
int qmp_request_dup_fd (QmpRequest *self, GError **error);

gboolean qmp_request_check_command (const char *command, GError **error);
char *qmp_request_write_node (JsonNode *arguments, gsize *length, GError **error);
char *qmp_request_write_json (const char *arguments_json, gsize *length, GError **error);

G_END_DECLS
