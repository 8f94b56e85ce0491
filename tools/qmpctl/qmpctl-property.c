/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl.h"

#include <string.h>

#include "tool-json.h"
#include "tool-values.h"

/* What somebody types, made into what a property takes. */

static gboolean
is_integer (const char *type)
{
  const char *const types[] = { "size", "int", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64",
                                "uint8_t", "uint16_t", "uint32_t", "uint64_t", "int8_t", "int16_t", "int32_t", "int64_t", NULL };

  return g_strv_contains (types, type);
}

/* Other types than numbers and structures are named by words: enums, links. */
char *
qmpctl_make_property (const char *name, const char *type, const char *text, GError **error)
{
  if (type == NULL || strchr ("{[", *text) != NULL)
    return tool_value_of_kind_to_json (QMP_SCHEMA_JSON_TYPE_ANY, name, text, error);
  if (strcmp (type, "bool") == 0)
    return tool_value_of_kind_to_json (QMP_SCHEMA_JSON_TYPE_BOOLEAN, name, text, error);
  if (is_integer (type))
    return tool_value_of_kind_to_json (QMP_SCHEMA_JSON_TYPE_INTEGER, name, text, error);
  if (strcmp (type, "number") == 0 || strcmp (type, "double") == 0)
    return tool_value_of_kind_to_json (QMP_SCHEMA_JSON_TYPE_NUMBER, name, text, error);
  return tool_json_quote (text);
}
