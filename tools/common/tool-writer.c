/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-writer.h"

#include <string.h>

#include "tool-json.h"

struct _ToolWriter
{
  GString *json;
};

ToolWriter *
tool_writer_new (void)
{
  ToolWriter *writer = g_new0 (ToolWriter, 1);

  writer->json = g_string_new (NULL);
  return writer;
}

void
tool_writer_free (ToolWriter *writer)
{
  g_string_free (writer->json, TRUE);
  g_free (writer);
}

static void
append (ToolWriter *writer, const char *name, const char *json)
{
  g_autofree char *quoted = name != NULL ? tool_json_quote (name) : NULL;

  if (writer->json->len > 0 && strchr ("{[", writer->json->str[writer->json->len - 1]) == NULL)
    g_string_append_c (writer->json, ',');
  if (quoted != NULL)
    g_string_append_printf (writer->json, "%s:", quoted);
  g_string_append (writer->json, json);
}

void
tool_writer_begin_object (ToolWriter *writer, const char *name)
{
  append (writer, name, "{");
}

void
tool_writer_end_object (ToolWriter *writer)
{
  g_string_append_c (writer->json, '}');
}

void
tool_writer_begin_list (ToolWriter *writer, const char *name)
{
  append (writer, name, "[");
}

void
tool_writer_end_list (ToolWriter *writer)
{
  g_string_append_c (writer->json, ']');
}

void
tool_writer_text (ToolWriter *writer, const char *name, const char *text)
{
  g_autofree char *quoted = text != NULL ? tool_json_quote (text) : NULL;

  if (quoted != NULL)
    append (writer, name, quoted);
}

void
tool_writer_texts (ToolWriter *writer, const char *name, const char *const *texts)
{
  if (texts == NULL)
    return;
  tool_writer_begin_list (writer, name);
  for (; *texts != NULL; texts++)
    tool_writer_text (writer, NULL, *texts);
  tool_writer_end_list (writer);
}

void
tool_writer_json (ToolWriter *writer, const char *name, const char *json)
{
  if (json != NULL)
    append (writer, name, json);
}

void
tool_writer_integer (ToolWriter *writer, const char *name, guint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, number);

  append (writer, name, text);
}

void
tool_writer_truth (ToolWriter *writer, const char *name, gboolean truth)
{
  append (writer, name, truth ? "true" : "false");
}

void
tool_writer_copy (ToolWriter *writer, const char *name, QmpValue *from, const char *member)
{
  g_autoptr (QmpValue) value = from != NULL ? qmp_value_get_member (from, member) : NULL;
  g_autofree char *json = value != NULL ? qmp_value_to_json (value) : NULL;

  tool_writer_json (writer, name, json);
}

const char *
tool_writer_get_json (ToolWriter *writer)
{
  return writer->json->str;
}

QmpValue *
tool_writer_to_value (ToolWriter *writer)
{
  /* what it is read by takes objects alone */
  g_autofree char *json = g_strdup_printf ("{\"all\":%s}", writer->json->str);
  g_autoptr (QmpValue) value = qmp_value_new_from_json (json, NULL);

  return qmp_value_get_member (value, "all");
}
