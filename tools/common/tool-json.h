/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* JSON text as it is printed. Numbers keep their digits, and what could hurt a
 * terminal is escaped, which changes no string. The text has to be valid. */

char *tool_json_to_line (const char *json);
char *tool_json_to_lines (const char *json);

/* A string as JSON text, with its quotes. */
char *tool_json_quote (const char *text);

/* Prints it: as one line of JSON with --json, or else indented. */
void tool_json_print (const char *json, gboolean one_line);
void tool_json_print_node (JsonNode *node, gboolean one_line);

G_END_DECLS
