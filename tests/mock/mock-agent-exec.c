/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mock/mock-agent-private.h"

#include <string.h>

/* guest-exec and guest-exec-status: programs that the test describes. Pids
 * count up from here, and do so again after a restart. */

#define FIRST_PID 4000

typedef struct
{
  MockProgram program;
  GBytes *out;
  GBytes *err;
  char *out_base64;
} Program;

typedef struct
{
  guint n_polls;
  gboolean captures_out;
  gboolean captures_err;
  Program *program;
  char *input;  /* base64; or NULL */
} Process;

static void
clear_program (gpointer data)
{
  Program *program = data;

  g_clear_pointer (&program->out, g_bytes_unref);
  g_clear_pointer (&program->err, g_bytes_unref);
  g_free (program->out_base64);
}

static void
free_process (gpointer data)
{
  Process *process = data;

  g_rc_box_release_full (process->program, clear_program);
  g_free (process->input);
  g_free (process);
}

static void
drop_program (gpointer data)
{
  g_rc_box_release_full (data, clear_program);
}

/* --- starting ---------------------------------------------------------------------------- */

/* true, or one of the words that 8.0 brought. */
static void
find_captures (const MockAgentCommand *command, Process *process)
{
  JsonNode *node = json_object_get_member (command->members, "capture-output");
  const char *word = mock_agent_get_string (command, "capture-output");
  gboolean all = word == NULL && node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_boolean (node);

  process->captures_out = all || g_strcmp0 (word, "stdout") == 0 || g_strcmp0 (word, "separated") == 0 ||
                          g_strcmp0 (word, "merged") == 0;
  process->captures_err = all || g_strcmp0 (word, "stderr") == 0 || g_strcmp0 (word, "separated") == 0;
}

static char *
answer_exec (MockAgent *self, const MockAgentCommand *command, gpointer data)
{
  const char *path = mock_agent_get_string (command, "path");
  Program *program;
  Process *process;

  if (path == NULL)
    return mock_agent_error ("GenericError", "Parameter 'path' is missing");
  program = g_hash_table_lookup (self->programs, path);
  if (program == NULL && mock_agent_is_old (self))
    return mock_agent_error ("GenericError", "Guest agent command failed, error was 'Failed to execute child process "
                             "“%s” (No such file or directory)'", path);
  if (program == NULL)
    return mock_agent_error ("GenericError", "Failed to execute child process “%s” (No such file or directory)", path);
  process = g_new0 (Process, 1);
  process->program = g_rc_box_acquire (program);
  process->n_polls = program->program.n_polls;
  process->input = g_strdup (mock_agent_get_string (command, "input-data"));
  find_captures (command, process);
  self->last_pid = MAX (self->last_pid + 1, FIRST_PID);
  g_hash_table_insert (self->processes, GSIZE_TO_POINTER ((gsize) self->last_pid), process);
  return mock_agent_return ("{\"pid\": %" G_GINT64_FORMAT "}", self->last_pid);
}

/* --- and how it went ------------------------------------------------------------------------ */

static void
append_bytes (GString *members, const char *name, GBytes *bytes, gboolean truncated)
{
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = g_base64_encode (data, length);

  if (length > 0)
    g_string_append_printf (members, ", \"%s-data\": \"%s\"", name, text);
  if (truncated)
    g_string_append_printf (members, ", \"%s-truncated\": true", name);
}

static void
append_output (GString *members, const Process *process)
{
  const Program *program = process->program;
  const char *text = program->program.echoes ? process->input : program->out_base64;

  if (process->captures_out && text != NULL)
    g_string_append_printf (members, ", \"out-data\": \"%s\"", text);
  else if (process->captures_out)
    append_bytes (members, "out", program->out, program->program.out_truncated);
  if (process->captures_err)
    append_bytes (members, "err", program->err, program->program.err_truncated);
}

static char *
describe_end (const Process *process)
{
  g_autoptr (GString) members = g_string_new ("\"exited\": true");
  const MockProgram *program = &process->program->program;

  if (program->signal != 0)
    g_string_append_printf (members, ", \"signal\": %u", program->signal);
  else
    g_string_append_printf (members, ", \"exitcode\": %d", program->exit_code);
  append_output (members, process);
  return mock_agent_return ("{%s}", members->str);
}

/* Its end is told once. */
static char *
answer_status (MockAgent *self, const MockAgentCommand *command, gpointer data)
{
  gint64 pid = 0;
  Process *process;
  char *body;

  mock_agent_get_integer (command, "pid", &pid);
  process = g_hash_table_lookup (self->processes, GSIZE_TO_POINTER ((gsize) pid));
  if (process == NULL)
    return mock_agent_error ("GenericError", "%s", mock_agent_is_old (self) ? "Invalid parameter 'pid'" : "PID ld does not exist");
  if (process->n_polls > 0)
    {
      process->n_polls -= process->n_polls != MOCK_AGENT_ALWAYS ? 1 : 0;
      return mock_agent_return ("{\"exited\": false}");
    }
  body = describe_end (process);
  g_hash_table_remove (self->processes, GSIZE_TO_POINTER ((gsize) pid));
  return body;
}

/* --- for the test ------------------------------------------------------------------------------ */

static GBytes *
make_bytes (const char *text, gsize length)
{
  return text != NULL ? g_bytes_new (text, length != 0 ? length : strlen (text)) : g_bytes_new (NULL, 0);
}

void
mock_agent_add_program (MockAgent *self, const char *path, const MockProgram *program)
{
  Program *copy = g_rc_box_new0 (Program);

  copy->program = *program;
  copy->out = make_bytes (program->out, program->out_length);
  copy->err = make_bytes (program->err, program->err_length);
  copy->out_base64 = g_strdup (program->out_base64);
  mock_agent_lock (self);
  g_hash_table_replace (self->programs, g_strdup (path), copy);
  mock_agent_unlock (self);
}

void
mock_agent_end_programs (MockAgent *self)
{
  GHashTableIter iter;
  gpointer process;

  mock_agent_lock (self);
  g_hash_table_iter_init (&iter, self->processes);
  while (g_hash_table_iter_next (&iter, NULL, &process))
    ((Process *) process)->n_polls = 0;
  mock_agent_unlock (self);
}

guint
mock_agent_count_processes (MockAgent *self)
{
  guint n;

  mock_agent_lock (self);
  n = g_hash_table_size (self->processes);
  mock_agent_unlock (self);
  return n;
}

void
mock_agent_init_exec (MockAgent *self)
{
  self->programs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, drop_program);
  self->processes = g_hash_table_new_full (NULL, NULL, NULL, free_process);
  mock_agent_answer_with (self, "guest-exec", answer_exec, NULL);
  mock_agent_answer_with (self, "guest-exec-status", answer_status, NULL);
}
