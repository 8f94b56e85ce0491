/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qmpctl.h"
#include "tool-value-tree.h"

/* The guest's keyboard. */

static gboolean
type (ToolApp *app, int argc, char **argv, GError **error)
{
  int interval = -1;
  gboolean enter = FALSE;
  const GOptionEntry entries[] = {
    { "interval", 'i', 0, G_OPTION_ARG_INT, &interval, "Time between two characters", "MILLISECONDS" },
    { "enter", 'e', 0, G_OPTION_ARG_NONE, &enter, "Press the enter key at the end", NULL },
    { NULL },
  };
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *text = NULL;
  g_autofree char *whole = NULL;

  if (!tool_app_parse (app, entries, &argc, &argv, 1, 1, error))
    return FALSE;
  if (interval < -1)
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "An interval cannot be negative");
      return FALSE;
    }
  text = strcmp (argv[1], "-") == 0 ? tool_value_read_file ("-", error) : g_strdup (argv[1]);
  if (text == NULL)
    return FALSE;
  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "That is no UTF-8 text");
      return FALSE;
    }
  whole = g_strconcat (text, enter ? "\n" : NULL, NULL);
  connection = qmpctl_connect (app, error);
  return connection != NULL && qmp_connection_type_text (connection, whole, interval, tool_app_get_cancellable (app), error);
}

const ToolVerb qmpctl_type = {
  .name = "type",
  .synopsis = "TEXT | -",
  .summary = "Type text on the guest's keyboard",
  .description = "As on a keyboard of the United States. - is standard input; a line end is the enter key.",
  .run = type,
};

/* --- keys -------------------------------------------------------------------------------- */

/* What people call them. */
static const char *const aliases[][2] = {
  { "enter", "ret" }, { "return", "ret" }, { "escape", "esc" }, { "del", "delete" }, { "ins", "insert" },
  { "space", "spc" }, { "pageup", "pgup" }, { "pagedown", "pgdn" }, { "control", "ctrl" }, { "super", "meta_l" },
  { "win", "meta_l" }, { "printscreen", "print" }, { "capslock", "caps_lock" }, { "numlock", "num_lock" },
};

static char *
translate (const char *word)
{
  g_autofree char *name = g_ascii_strdown (word, -1);

  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (strcmp (aliases[i][0], name) == 0)
      return g_strdup (aliases[i][1]);
  return g_steal_pointer (&name);
}

/* {"keys": [{"type": "qcode", "data": NAME}, …]} of "ctrl-alt-delete" */
static gboolean
write_keys (ToolWriter *writer, const char *combination, int hold, GError **error)
{
  g_auto (GStrv) words = g_strsplit (combination, "-", -1);

  tool_writer_begin_object (writer, NULL);
  tool_writer_begin_list (writer, "keys");
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *name = translate (words[i]);

      if (*name == '\0' || !g_utf8_validate (name, -1, NULL))
        {
          g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "\"%s\" is not KEY-KEY…; the key of - is \"minus\"", combination);
          return FALSE;
        }
      tool_writer_begin_object (writer, NULL);
      tool_writer_text (writer, "type", "qcode");
      tool_writer_text (writer, "data", name);
      tool_writer_end_object (writer);
    }
  tool_writer_end_list (writer);
  if (hold >= 0)
    tool_writer_integer (writer, "hold-time", (guint64) hold);
  tool_writer_end_object (writer);
  return TRUE;
}

static gboolean
is_known (QmpSchema *schema, const char *key)
{
  g_autoptr (ToolWriter) arguments = tool_writer_new ();

  return !write_keys (arguments, key, -1, NULL) ||
         qmp_schema_check_arguments_json (schema, "send-key", tool_writer_get_json (arguments), NULL);
}

/* QEMU's own words for a key that it does not know are of no help. */
static void
explain (ToolApp *app, QmpConnection *connection, const char *combination, GError **error)
{
  g_auto (GStrv) words = g_strsplit (combination, "-", -1);
  g_autoptr (QmpSchema) schema = NULL;

  if (!g_error_matches (*error, QMP_ERROR, QMP_ERROR_GENERIC))
    return;
  schema = qmpctl_load_schema (app, connection, NULL);
  for (guint i = 0; schema != NULL && qmp_schema_has_command (schema, "send-key") && words[i] != NULL; i++)
    if (!is_known (schema, words[i]))
      {
        g_clear_error (error);
        g_set_error (error, TOOL_ERROR, TOOL_ERROR_FAILED, "QEMU knows no key \"%s\"; \"schema send-key keys.type=qcode\" lists them",
                     words[i]);
        return;
      }
}

static gboolean
press (ToolApp *app, QmpConnection *connection, const char *combination, int hold, GError **error)
{
  g_autoptr (ToolWriter) arguments = tool_writer_new ();
  g_autoptr (QmpValue) answer = NULL;

  if (!write_keys (arguments, combination, hold, error))
    return FALSE;
  answer = qmpctl_query_with (app, connection, "send-key", arguments, error);
  if (answer == NULL && error != NULL)
    explain (app, connection, combination, error);
  return answer != NULL;
}

static gboolean
keys (ToolApp *app, int argc, char **argv, GError **error)
{
  int hold = -1;
  const GOptionEntry entries[] = {
    { "hold", 0, 0, G_OPTION_ARG_INT, &hold, "How long keys stay down (100)", "MILLISECONDS" },
    { NULL },
  };
  g_autoptr (QmpConnection) connection = NULL;

  if (!tool_app_parse (app, entries, &argc, &argv, 1, -1, error))
    return FALSE;
  connection = qmpctl_connect (app, error);
  if (connection == NULL)
    return FALSE;
  for (int i = 1; i < argc; i++)
    if (!press (app, connection, argv[i], hold, error))
      return FALSE;
  return TRUE;
}

const ToolVerb qmpctl_keys = {
  .name = "keys",
  .synopsis = "KEY[-KEY…]…",
  .summary = "Press keys together, one combination after another",
  .description =
    "Keys have QEMU's names (\"schema send-key keys.type=qcode\" lists them), or enter, escape, del, space, super and the like.\n"
    "  qmpctl /run/vm.qmp keys ctrl-alt-delete",
  .run = keys,
};
