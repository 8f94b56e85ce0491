/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-environment.h"
#include "qgactl-input.h"
#include "qgactl-process.h"
#include "tool-json.h"
#include "tool-output.h"

#define MOST_INPUT ((gsize) 47 * 1024 * 1024)

typedef struct
{
  char **environment;
  gboolean clear;
  gboolean pass_input;
  char *input;
  gboolean merge;
  gboolean detach;
} Wishes;

static void
clear_wishes (Wishes *wishes)
{
  g_strfreev (wishes->environment);
  g_free (wishes->input);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wishes, clear_wishes)

/* --- JSON --------------------------------------------------------------------------------- */

/* "out": text, or "out-base64": bytes that are none. */
static void
append_stream (GString *json, const char *name, GBytes *bytes, gboolean truncated)
{
  gsize size = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  g_autofree char *text = g_utf8_validate_len (data != NULL ? data : "", size, NULL) ? g_strndup (data, size) : NULL;
  g_autofree char *quoted = text != NULL ? tool_json_quote (text) : NULL;
  g_autofree char *coded = text == NULL ? g_base64_encode ((const guchar *) data, size) : NULL;

  if (quoted != NULL)
    g_string_append_printf (json, ",\"%s\":%s", name, quoted);
  else
    g_string_append_printf (json, ",\"%s-base64\":\"%s\"", name, coded);
  g_string_append_printf (json, ",\"%s-truncated\":%s", name, truncated ? "true" : "false");
}

static void
print_json (const QgactlRun *run)
{
  QgaProcess *process = run->process;
  gint64 signal = qga_process_get_term_signal (process);
  g_autoptr (GString) json = g_string_new (NULL);

  g_string_append_printf (json, "{\"pid\":%" G_GINT64_FORMAT, qga_process_get_pid (process));
  if (signal > 0)
    g_string_append_printf (json, ",\"exit-status\":null,\"signal\":%" G_GINT64_FORMAT, signal);
  else
    g_string_append_printf (json, ",\"exit-status\":%" G_GINT64_FORMAT ",\"signal\":null", qga_process_get_exit_status (process));
  append_stream (json, "out", run->output, qga_process_get_output_truncated (process));
  append_stream (json, "err", run->error_output, qga_process_get_error_output_truncated (process));
  g_string_append_c (json, '}');
  tool_json_print (json->str, TRUE);
}

/* --- running ------------------------------------------------------------------------------- */

static QgaProcessOptions *
make_options (ToolApp *app, QgaConnection *connection, const Wishes *wishes, GBytes *input, GError **error)
{
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();
  g_auto (GStrv) environment = NULL;

  if (wishes->environment != NULL || wishes->clear)
    {
      environment = qgactl_make_environment (app, connection, (const char *const *) wishes->environment, wishes->clear, error);
      if (environment == NULL)
        return NULL;
      qga_process_options_set_environment (options, (const char *const *) environment);
    }
  qga_process_options_set_input (options, input);
  qga_process_options_set_capture (options, wishes->detach ? QGA_CAPTURE_NONE
                                            : wishes->merge ? QGA_CAPTURE_MERGED : QGA_CAPTURE_SEPARATE);
  if (tool_app_get_timeout (app) >= 0)
    qga_process_options_set_wait_timeout (options, tool_app_get_timeout (app));
  return g_steal_pointer (&options);
}

static gboolean
detach (ToolApp *app, QgaConnection *connection, const char *const *argv, QgaProcessOptions *options, GError **error)
{
  g_autoptr (QgaProcess) process = qgactl_spawn (app, connection, argv, options, error);

  if (process == NULL)
    return FALSE;
  tool_print (tool_app_wants_json (app) ? "{\"pid\":%" G_GINT64_FORMAT "}\n" : "%" G_GINT64_FORMAT "\n",
              qga_process_get_pid (process));
  return TRUE;
}

static gboolean
run_command (ToolApp *app, QgaConnection *connection, const char *const *argv, QgaProcessOptions *options, GError **error)
{
  g_auto (QgactlRun) run = { NULL };

  if (!qgactl_run (app, connection, argv, options, &run, error))
    return FALSE;
  tool_app_set_status (app, qgactl_run_get_status (&run));
  if (!tool_app_wants_json (app))
    return qgactl_run_print (&run, error);
  print_json (&run);
  return TRUE;
}

static gboolean
exec (ToolApp *app, int argc, char **argv, GError **error)
{
  g_auto (Wishes) wishes = { NULL };
  const GOptionEntry entries[] = {
    { "env", 'e', 0, G_OPTION_ARG_STRING_ARRAY, &wishes.environment, "Add to its environment", "NAME=VALUE" },
    { "clear-env", 0, 0, G_OPTION_ARG_NONE, &wishes.clear, "Give it no environment but that", NULL },
    { "stdin", 'i', 0, G_OPTION_ARG_NONE, &wishes.pass_input, "Let it read this standard input, all of it", NULL },
    { "input", 0, 0, G_OPTION_ARG_FILENAME, &wishes.input, "Let it read this machine's FILE", "FILE" },
    { "merge", 'm', 0, G_OPTION_ARG_NONE, &wishes.merge, "Both outputs as one, in their order (agents from QEMU 8.0 on)", NULL },
    { "detach", 'd', 0, G_OPTION_ARG_NONE, &wishes.detach, "Do not wait: print its number, and leave it running", NULL },
    { NULL },
  };
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaProcessOptions) options = NULL;
  g_autoptr (GBytes) input = NULL;
  const char *const *command;

  if (!tool_app_parse_strictly (app, entries, &argc, &argv, 1, -1, error))
    return FALSE;
  command = (const char *const *) argv + 1;
  if (wishes.pass_input || wishes.input != NULL)
    {
      input = qgactl_read_input (app, wishes.pass_input ? "-" : wishes.input, MOST_INPUT, error);
      if (input == NULL)
        return FALSE;
    }
  connection = qgactl_connect (app, error);
  if (connection == NULL)
    return FALSE;
  options = make_options (app, connection, &wishes, input, error);
  if (options == NULL)
    return FALSE;
  return wishes.detach ? detach (app, connection, command, options, error)
                       : run_command (app, connection, command, options, error);
}

const ToolVerb qgactl_exec = {
  .name = "exec",
  .synopsis = "[OPTION…] [--] COMMAND [ARGUMENT…]",
  .summary = "Run a command in the guest",
  .description =
    "No shell is involved: give one, as in  exec -- sh -c 'ls *.log | wc -l'. What the command writes comes when it has\n"
    "ended, 16 MiB of each output at most: the agent has no other way. On a terminal, what could harm that is made visible.\n"
    "\n"
    "Ends with the command's status; with 128 + N if signal N ended it; with 255 if its status is larger than that; with\n"
    "125 if it is qgactl that failed. ^C, or time that runs out, tells the command to end (by the guest's kill); what it\n"
    "has started itself may go on.\n"
    "\n"
    "With --json: {\"pid\": N, \"exit-status\": N or null, \"signal\": N or null, \"out\": TEXT, \"out-truncated\": BOOLEAN,\n"
    "\"err\": TEXT, \"err-truncated\": BOOLEAN}; what is not UTF-8 text is \"out-base64\" or \"err-base64\" instead. With\n"
    "--detach, {\"pid\": N}.",
  .run = exec,
  .failed_status = QGACTL_STATUS_OWN,
};
