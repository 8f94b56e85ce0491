/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mock/mock-agent.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The mock agent, spoken to byte by byte: it does what qemu-ga does. */

#define STRAY "{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON parse error, stray '\\uFFFD'\"}}\n"

typedef struct
{
  MockAgent *agent;
  int fd;
} Line;

static Line
open_line (void)
{
  MockAgent *agent = mock_agent_new ();

  return (Line) { agent, mock_agent_steal_fd (agent) };
}

static void
close_line (Line *line)
{
  if (line->fd >= 0)
    close (line->fd);
  g_clear_pointer (&line->agent, mock_agent_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Line, close_line)

static void
tell (Line *line, const char *text)
{
  g_assert_cmpint (send (line->fd, text, strlen (text), MSG_NOSIGNAL), ==, (gssize) strlen (text));
}

static gboolean
read_byte (Line *line, char *byte)
{
  return recv (line->fd, byte, 1, 0) == 1;
}

/* One line, with its end; what there was of it at the end of all. */
static char *
get (Line *line)
{
  GString *text = g_string_new (NULL);
  char byte = 0;

  while (byte != '\n' && read_byte (line, &byte))
    g_string_append_c (text, byte);
  return g_string_free (text, FALSE);
}

static void
expect (Line *line, const char *expected)
{
  g_autofree char *text = get (line);

  g_assert_cmpstr (text, ==, expected);
}

static void
ask (Line *line, const char *request, const char *expected)
{
  tell (line, request);
  expect (line, expected);
}

static void
sync_with (Line *line, int id)
{
  g_autofree char *request = g_strdup_printf ("\xff{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":%d}}\n", id);
  g_autofree char *reply = g_strdup_printf ("\xff{\"return\": %d}\n", id);

  tell (line, request);
  expect (line, STRAY);
  expect (line, reply);
}

static void
assert_orderly (Line *line)
{
  g_assert_cmpuint (mock_agent_count_out_of_sync (line->agent), ==, 0);
  g_assert_cmpuint (mock_agent_count_overlapping (line->agent), ==, 0);
  g_assert_cmpuint (mock_agent_count_nonsense (line->agent), ==, 0);
}

/* --- the line ------------------------------------------------------------------------ */

static void
test_sync (void)
{
  g_auto (Line) line = open_line ();

  mock_agent_say (line.agent, "{\"return\": 17}\nleft ov");
  mock_agent_await_said (line.agent);
  expect (&line, "{\"return\": 17}\n");
  tell (&line, "\xff{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":5}}\n");
  expect (&line, "left ov" STRAY);
  expect (&line, "\xff{\"return\": 5}\n");
  tell (&line, "\xff{\"execute\":\"guest-sync\",\"arguments\":{\"id\":6},\"id\":\"x\"}\n");
  expect (&line, STRAY);
  expect (&line, "{\"return\": 6, \"id\": \"x\"}\n");
  ask (&line, "{\"execute\":\"guest-ping\",\"id\":[1, 2]}", "{\"return\": {}, \"id\": [1, 2]}\n");
  g_assert_cmpuint (mock_agent_count_syncs (line.agent), ==, 2);
  g_assert_cmpuint (mock_agent_count (line.agent, NULL), ==, 1);
  g_assert_cmpstr (mock_agent_get_sync (line.agent, 2)->arguments, ==, "{\"id\":6}");
  g_assert_cmpstr (mock_agent_get_command (line.agent, "guest-ping", 1)->text, ==, "{\"execute\":\"guest-ping\",\"id\":[1, 2]}");
  assert_orderly (&line);
}

static void
test_half_command (void)
{
  g_auto (Line) line = open_line ();

  mock_agent_hear (line.agent, "{\"execute\":");
  tell (&line, "{\"execute\":\"guest-ping\",\"id\":1}\n");
  sync_with (&line, 7);
  ask (&line, "{\"execute\":\"guest-ping\",\"id\":2}\n", "{\"return\": {}, \"id\": 2}\n");
  g_assert_cmpuint (mock_agent_count (line.agent, "guest-ping"), ==, 1);

  /* cut within a string, the next command is nonsense */
  mock_agent_hear (line.agent, "{\"execute\":\"guest-pi");
  tell (&line, "{\"execute\":\"guest-ping\",\"id\":3}\n\xff{\"execute\":\"guest-sync\",\"arguments\":{\"id\":8}}\n");
  for (;;)
    {
      g_autofree char *text = get (&line);

      if (strstr (text, "error") == NULL)
        {
          g_assert_cmpstr (text, ==, "{\"return\": 8}\n");
          break;
        }
    }
  g_assert_cmpuint (mock_agent_count_nonsense (line.agent), >, 1);
  g_assert_cmpuint (mock_agent_count (line.agent, "guest-ping"), ==, 1);
}

static void
test_in_pieces (void)
{
  g_auto (Line) line = open_line ();

  mock_agent_set_piece (line.agent, 1);
  sync_with (&line, 1);
  for (const char *p = "{\"execute\":\"guest-ping\",\"id\":1}{\"execute\":\"guest-ping\",\"id\":2}\n"; *p != '\0'; p++)
    g_assert_cmpint (send (line.fd, p, 1, 0), ==, 1);
  expect (&line, "{\"return\": {}, \"id\": 1}\n");
  expect (&line, "{\"return\": {}, \"id\": 2}\n");
}

static void
test_info (void)
{
  g_auto (Line) line = open_line ();
  g_autofree char *plain = NULL, *frozen = NULL;

  mock_agent_set_version (line.agent, "7.2.22");
  mock_agent_disable (line.agent, "guest-get-devices");
  mock_agent_set_success_response (line.agent, "guest-get-osinfo", FALSE);
  mock_agent_remove (line.agent, "guest-get-load");
  tell (&line, "{\"execute\":\"guest-info\"}\n");
  plain = get (&line);
  g_assert_nonnull (strstr (plain, "{\"return\": {\"version\": \"7.2.22\", \"supported_commands\": [{"));
  g_assert_nonnull (strstr (plain, "{\"enabled\": true, \"name\": \"guest-exec\", \"success-response\": true}"));
  g_assert_nonnull (strstr (plain, "{\"enabled\": false, \"name\": \"guest-get-devices\", \"success-response\": true}"));
  g_assert_nonnull (strstr (plain, "{\"enabled\": true, \"name\": \"guest-get-osinfo\", \"success-response\": false}"));
  g_assert_nonnull (strstr (plain, "{\"enabled\": true, \"name\": \"guest-shutdown\", \"success-response\": false}"));
  g_assert_null (strstr (plain, "guest-get-load"));
  ask (&line, "{\"execute\":\"guest-get-devices\",\"id\":1}",
       "{\"id\": 1, \"error\": {\"class\": \"CommandNotFound\", \"desc\": \"Command guest-get-devices has been disabled\"}}\n");
  ask (&line, "{\"execute\":\"guest-get-load\",\"id\":1}",
       "{\"id\": 1, \"error\": {\"class\": \"CommandNotFound\", \"desc\": \"The command guest-get-load has not been found\"}}\n");
  mock_agent_set_frozen (line.agent, TRUE);
  tell (&line, "{\"execute\":\"guest-info\"}\n");
  frozen = get (&line);
  g_assert_nonnull (strstr (frozen, "{\"enabled\": false, \"name\": \"guest-exec\", \"success-response\": true}"));
}

/* --- answers ----------------------------------------------------------------------------- */

static char *
answer_with_name (MockAgent *agent, const MockAgentCommand *command, gpointer data)
{
  (*(guint *) data)++;
  return mock_agent_return ("{\"you\": \"%s\"}", json_object_get_string_member (command->members, "who"));
}

static void
test_answers (void)
{
  g_auto (Line) line = open_line ();
  guint n_calls = 0;

  mock_agent_answer (line.agent, "guest-get-host-name", "{\"host-name\":\"50%\"}");
  mock_agent_refuse_once (line.agent, "guest-get-host-name", "GenericError", "not \"yet\"");
  mock_agent_answer_once (line.agent, "guest-get-host-name", "1");
  mock_agent_answer_with (line.agent, "x-greet", answer_with_name, &n_calls);
  ask (&line, "{\"execute\":\"guest-get-host-name\",\"id\":1}",
       "{\"id\": 1, \"error\": {\"class\": \"GenericError\", \"desc\": \"not \\\"yet\\\"\"}}\n");
  ask (&line, "{\"execute\":\"guest-get-host-name\",\"id\":2}", "{\"return\": 1, \"id\": 2}\n");
  ask (&line, "{\"execute\":\"guest-get-host-name\",\"id\":3}", "{\"return\": {\"host-name\":\"50%\"}, \"id\": 3}\n");
  ask (&line, "{\"execute\":\"x-greet\",\"arguments\":{\"who\":\"me\"}}", "{\"return\": {\"you\": \"me\"}}\n");
  g_assert_cmpuint (n_calls, ==, 1);
  tell (&line, "{\"execute\":\"guest-shutdown\",\"id\":4}");
  mock_agent_await (line.agent, "guest-shutdown", 1);
  mock_agent_await_said (line.agent);
  mock_agent_refuse (line.agent, "guest-shutdown", "GenericError", "no");
  ask (&line, "{\"execute\":\"guest-shutdown\",\"id\":5}",
       "{\"id\": 5, \"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}}\n");
}

static void
test_old_agent (void)
{
  g_auto (Line) line = open_line ();

  mock_agent_set_echoes_ids (line.agent, FALSE);
  mock_agent_remove (line.agent, "guest-sync-delimited");
  tell (&line, "\xff{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":1}}\n");
  expect (&line, STRAY);
  expect (&line, "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"The command guest-sync-delimited has not been found\"}}\n");
  ask (&line, "{\"execute\":\"guest-sync\",\"arguments\":{\"id\":2}}\n", "{\"return\": 2}\n");
  ask (&line, "{\"execute\":\"guest-ping\",\"id\":1}\n",
       "{\"error\": {\"class\": \"GenericError\", \"desc\": \"QMP input object member 'id' is unexpected\"}}\n");
  ask (&line, "{\"execute\":\"guest-ping\"}\n", "{\"return\": {}}\n");
  assert_orderly (&line);
}

static void
test_spoilt_replies (void)
{
  g_auto (Line) line = open_line ();

  tell (&line, "{\"execute\":\"guest-ping\",\"id\":7}");
  expect (&line, "{\"return\": {}, \"id\": 7}\n");
  mock_agent_spoil (line.agent, "guest-ping", MOCK_AGENT_WRONG_ID, 2);
  mock_agent_spoil (line.agent, "guest-ping", MOCK_AGENT_PAST_ID, 1);
  mock_agent_spoil (line.agent, "guest-ping", MOCK_AGENT_NO_ID, 1);
  mock_agent_spoil (line.agent, "guest-ping", MOCK_AGENT_OTHER_TYPE_OF_ID, 1);
  mock_agent_spoil (line.agent, "guest-ping", MOCK_AGENT_DOUBLED, 1);
  mock_agent_spoil (line.agent, "guest-ping", MOCK_AGENT_CUT, 1);
  mock_agent_say_before (line.agent, "guest-ping", "{\"return\": 1}\n");
  ask (&line, "{\"execute\":\"guest-ping\",\"id\":8}", "{\"return\": 1}\n");
  expect (&line, "{\"return\": {}, \"id\": 9}\n");
  ask (&line, "{\"execute\":\"guest-ping\",\"id\":8}", "{\"return\": {}, \"id\": 9}\n");
  ask (&line, "{\"execute\":\"guest-ping\",\"id\":9}", "{\"return\": {}, \"id\": 8}\n");
  ask (&line, "{\"execute\":\"guest-ping\",\"id\":10}", "{\"return\": {}}\n");
  ask (&line, "{\"execute\":\"guest-ping\",\"id\":11}", "{\"return\": {}, \"id\": \"11\"}\n");
  ask (&line, "{\"execute\":\"guest-ping\",\"id\":12}", "{\"return\": {}, \"id\": 12}\n");
  expect (&line, "{\"return\": {}, \"id\": 12}\n");
  tell (&line, "{\"execute\":\"guest-ping\",\"id\":13}");
  tell (&line, "{\"execute\":\"guest-ping\",\"id\":14}");
  expect (&line, "{\"return\": {{\"return\": {}, \"id\": 14}\n");
}

static void
test_spoilt_syncs (void)
{
  g_auto (Line) line = open_line ();
  const char *sync = "{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":5}}\n";

  mock_agent_spoil (line.agent, "guest-sync-delimited", MOCK_AGENT_WRONG_ID, 1);
  mock_agent_spoil (line.agent, "guest-sync-delimited", MOCK_AGENT_OTHER_TYPE_OF_ID, 1);
  mock_agent_spoil (line.agent, "guest-sync-delimited", MOCK_AGENT_NO_ID, 1);
  ask (&line, sync, "\xff{\"return\": 6}\n");
  ask (&line, "{\"execute\":\"guest-ping\",\"id\":1}", "{\"return\": {}, \"id\": 1}\n");
  g_assert_cmpuint (mock_agent_count_out_of_sync (line.agent), ==, 1);
  ask (&line, sync, "\xff{\"return\": \"5\"}\n");
  ask (&line, sync, "\xff{\"return\": {}}\n");
  mock_agent_spoil (line.agent, "guest-sync-delimited", MOCK_AGENT_NO_DELIMITER, 1);
  ask (&line, sync, "{\"return\": 5}\n");
  ask (&line, sync, "\xff{\"return\": 5}\n");
  ask (&line, "{\"execute\":\"guest-ping\",\"id\":1}", "{\"return\": {}, \"id\": 1}\n");
  g_assert_cmpuint (mock_agent_count_out_of_sync (line.agent), ==, 1);
}

/* --- time ------------------------------------------------------------------------------------ */

static void
test_silence (void)
{
  g_auto (Line) line = open_line ();

  mock_agent_stay_silent (line.agent, "guest-sync-delimited", 2);
  tell (&line, "\xff{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":1}}\n");
  tell (&line, "\xff{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":2}}\n");
  mock_agent_await_syncs (line.agent, 2);
  mock_agent_await_said (line.agent);
  expect (&line, STRAY);
  expect (&line, STRAY);
  mock_agent_say_sync (line.agent, 1);
  expect (&line, "\xff{\"return\": 1}\n");
  tell (&line, "{\"execute\":\"guest-ping\",\"id\":1}");
  expect (&line, "{\"return\": {}, \"id\": 1}\n");
  g_assert_cmpuint (mock_agent_count_out_of_sync (line.agent), ==, 1);
  mock_agent_say_sync (line.agent, 2);
  expect (&line, "\xff{\"return\": 2}\n");
  ask (&line, "{\"execute\":\"guest-ping\",\"id\":1}", "{\"return\": {}, \"id\": 1}\n");
  g_assert_cmpuint (mock_agent_count_out_of_sync (line.agent), ==, 1);
}

static void
test_slow_command (void)
{
  g_auto (Line) line = open_line ();

  mock_agent_hold (line.agent, "guest-ping");
  tell (&line, "{\"execute\":\"guest-ping\",\"id\":1}\xff{\"execute\":\"guest-sync\",\"arguments\":{\"id\":3}}\n");
  mock_agent_await_syncs (line.agent, 1);
  g_assert_cmpuint (mock_agent_count_bytes_said (line.agent), ==, 0);
  mock_agent_release (line.agent, "guest-ping");
  expect (&line, "{\"return\": {}, \"id\": 1}\n");
  expect (&line, STRAY);
  expect (&line, "{\"return\": 3}\n");
  tell (&line, "{\"execute\":\"guest-ping\",\"id\":1}{\"execute\":\"guest-ping\",\"id\":2}");
  expect (&line, "{\"return\": {}, \"id\": 1}\n");
  expect (&line, "{\"return\": {}, \"id\": 2}\n");
  g_assert_cmpuint (mock_agent_count_overlapping (line.agent), ==, 1);
  g_assert_cmpuint (mock_agent_count_out_of_sync (line.agent), ==, 0);
}

static void
test_booting (void)
{
  g_auto (Line) line = open_line ();

  mock_agent_be_absent (line.agent, MOCK_AGENT_LOSES, 1);
  tell (&line, "\xff{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":1}}\n");
  sync_with (&line, 2);
  mock_agent_be_absent (line.agent, MOCK_AGENT_KEEPS, MOCK_AGENT_ALWAYS);
  tell (&line, "\xff{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":3}}\n");
  tell (&line, "\xff{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":4}}\n");
  mock_agent_await_syncs (line.agent, 4);
  mock_agent_arrive (line.agent);
  expect (&line, STRAY);
  expect (&line, "\xff{\"return\": 3}\n");
  expect (&line, STRAY);
  expect (&line, "\xff{\"return\": 4}\n");
}

static void
test_stall (void)
{
  g_auto (Line) line = open_line ();

  mock_agent_stall (line.agent);
  tell (&line, "{\"execute\":\"guest-ping\",\"id\":1}");
  mock_agent_say (line.agent, "x\n");
  expect (&line, "x\n");
  g_assert_cmpuint (mock_agent_count (line.agent, NULL), ==, 0);
  mock_agent_go_on (line.agent);
  expect (&line, "{\"return\": {}, \"id\": 1}\n");
}

static void
test_restart (void)
{
  g_auto (Line) line = open_line ();

  mock_agent_add_program (line.agent, "/bin/true", &(MockProgram) { .n_polls = MOCK_AGENT_ALWAYS });
  ask (&line, "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/bin/true\"},\"id\":1}",
       "{\"return\": {\"pid\": 4000}, \"id\": 1}\n");
  mock_agent_hold (line.agent, "guest-ping");
  tell (&line, "{\"execute\":\"guest-ping\",\"id\":2}{\"execute\":");
  mock_agent_await (line.agent, "guest-ping", 1);
  mock_agent_restart (line.agent);
  mock_agent_release (line.agent, "guest-ping");
  mock_agent_hear (line.agent, "\n");
  g_assert_cmpuint (mock_agent_count_processes (line.agent), ==, 0);
  sync_with (&line, 3);
  ask (&line, "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":4000},\"id\":3}",
       "{\"id\": 3, \"error\": {\"class\": \"GenericError\", \"desc\": \"PID ld does not exist\"}}\n");
}

static void
test_end (void)
{
  g_auto (Line) line = open_line ();

  mock_agent_say (line.agent, "farewell\n");
  mock_agent_hang_up (line.agent);
  expect (&line, "farewell\n");
  expect (&line, "");
  mock_agent_say (line.agent, "too late");
  mock_agent_await_said (line.agent);
  close_line (&line);

  line = open_line ();
  mock_agent_stop_writing (line.agent);
  expect (&line, "");
  tell (&line, "{\"execute\":\"guest-ping\"}\n");
  mock_agent_await (line.agent, NULL, 1);
  close (line.fd);
  line.fd = -1;
  mock_agent_await_end (line.agent);
}

static void
test_long_reply (void)
{
  g_auto (Line) line = open_line ();
  g_autofree char *text = NULL;
  gsize n = 0;
  char bytes[4096];

  mock_agent_answer_at_length (line.agent, "guest-file-read", "{\"buf-b64\": \"", "QUFB", 1000002, "\"}");
  tell (&line, "{\"execute\":\"guest-file-read\",\"id\":1}");
  text = get (&line);
  g_assert_true (g_str_has_prefix (text, "{\"return\": {\"buf-b64\": \"QUFBQUFB"));
  g_assert_true (g_str_has_suffix (text, "QUFBQU\"}, \"id\": 1}\n"));
  g_assert_cmpuint (strlen (text), ==, 1000002 + strlen ("{\"return\": {\"buf-b64\": \"\"}, \"id\": 1}\n"));
  g_assert_cmpuint (mock_agent_count_bytes_said (line.agent), ==, strlen (text));
  mock_agent_answer_at_length (line.agent, "guest-ping", "[", "[", MOCK_AGENT_ENDLESS, "");
  tell (&line, "{\"execute\":\"guest-ping\",\"id\":2}");
  while (n < 5000000)
    n += (gsize) read (line.fd, bytes, sizeof bytes);
  mock_agent_restart (line.agent);
  mock_agent_say (line.agent, "!\n");
  g_free (g_steal_pointer (&text));
  text = get (&line);
  g_assert_true (g_str_has_suffix (text, "[!\n"));
}

/* --- the fakes --------------------------------------------------------------------------------- */

static void
test_exec (void)
{
  g_auto (Line) line = open_line ();

  mock_agent_add_program (line.agent, "/bin/a", &(MockProgram) { .n_polls = 1, .exit_code = 3, .out = "hi", .err = "o\0h", .err_length = 3,
                                                               .err_truncated = TRUE });
  mock_agent_add_program (line.agent, "/bin/b", &(MockProgram) { .n_polls = MOCK_AGENT_ALWAYS, .signal = 9, .out = "x" });
  mock_agent_add_program (line.agent, "/bin/cat", &(MockProgram) { .echoes = TRUE });
  ask (&line, "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/bin/a\",\"capture-output\":true}}",
       "{\"return\": {\"pid\": 4000}}\n");
  ask (&line, "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":4000}}", "{\"return\": {\"exited\": false}}\n");
  ask (&line, "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":4000}}",
       "{\"return\": {\"exited\": true, \"exitcode\": 3, \"out-data\": \"aGk=\", \"err-data\": \"bwBo\", \"err-truncated\": true}}\n");
  ask (&line, "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":4000}}",
       "{\"error\": {\"class\": \"GenericError\", \"desc\": \"PID ld does not exist\"}}\n");
  ask (&line, "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/bin/b\"}}", "{\"return\": {\"pid\": 4001}}\n");
  ask (&line, "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":4001}}", "{\"return\": {\"exited\": false}}\n");
  mock_agent_end_programs (line.agent);
  ask (&line, "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":4001}}", "{\"return\": {\"exited\": true, \"signal\": 9}}\n");
  ask (&line, "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/bin/cat\",\"input-data\":\"AAA=\",\"capture-output\":\"merged\"}}",
       "{\"return\": {\"pid\": 4002}}\n");
  mock_agent_stay_silent (line.agent, "guest-exec-status", 1);
  tell (&line, "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":4002}}");
  mock_agent_await (line.agent, "guest-exec-status", 6);
  mock_agent_await_said (line.agent);
  g_assert_cmpuint (mock_agent_count_processes (line.agent), ==, 0);
  ask (&line, "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/no\"}}",
       "{\"error\": {\"class\": \"GenericError\", \"desc\": \"Failed to execute child process “/no” (No such file or directory)\"}}\n");
}

static void
test_read_file (void)
{
  g_auto (Line) line = open_line ();

  mock_agent_add_file (line.agent, "/f", "hello", 5);
  ask (&line, "{\"execute\":\"guest-file-open\",\"arguments\":{\"path\":\"/none\"}}",
       "{\"error\": {\"class\": \"GenericError\", "
       "\"desc\": \"failed to open file '/none' (mode: 'r'): No such file or directory\"}}\n");
  ask (&line, "{\"execute\":\"guest-file-open\",\"arguments\":{\"path\":\"/f\"}}", "{\"return\": 1000}\n");
  ask (&line, "{\"execute\":\"guest-file-read\",\"arguments\":{\"handle\":1000,\"count\":2}}",
       "{\"return\": {\"count\": 2, \"buf-b64\": \"aGU=\", \"eof\": false}}\n");
  ask (&line, "{\"execute\":\"guest-file-read\",\"arguments\":{\"handle\":1000,\"count\":3}}",
       "{\"return\": {\"count\": 3, \"buf-b64\": \"bGxv\", \"eof\": false}}\n");
  ask (&line, "{\"execute\":\"guest-file-read\",\"arguments\":{\"handle\":1000}}",
       "{\"return\": {\"count\": 0, \"buf-b64\": \"\", \"eof\": true}}\n");
  ask (&line, "{\"execute\":\"guest-file-seek\",\"arguments\":{\"handle\":1000,\"offset\":-4,\"whence\":\"end\"}}",
       "{\"return\": {\"eof\": false, \"position\": 1}}\n");
  mock_agent_spoil_files (line.agent, &(MockFileFaults) { .most_read = 3, .lie = 7, .junk = TRUE, .early_eof = TRUE });
  ask (&line, "{\"execute\":\"guest-file-read\",\"arguments\":{\"handle\":1000}}",
       "{\"return\": {\"count\": 10, \"buf-b64\": \"ZW*xs\", \"eof\": true}}\n");
  mock_agent_add_file (line.agent, "/f", "and more", 8);
  ask (&line, "{\"execute\":\"guest-file-seek\",\"arguments\":{\"handle\":1000,\"offset\":0,\"whence\":2}}",
       "{\"return\": {\"eof\": false, \"position\": 8}}\n");
  mock_agent_spoil_files (line.agent, &(MockFileFaults) { .n_empty_reads = 5, .fails_at_close = TRUE });
  ask (&line, "{\"execute\":\"guest-file-read\",\"arguments\":{\"handle\":1000}}",
       "{\"return\": {\"count\": 0, \"buf-b64\": \"\", \"eof\": false}}\n");
  g_assert_cmpuint (mock_agent_count_handles (line.agent), ==, 1);
  ask (&line, "{\"execute\":\"guest-file-close\",\"arguments\":{\"handle\":1000}}",
       "{\"error\": {\"class\": \"GenericError\", \"desc\": \"failed to close handle: No space left on device\"}}\n");
  g_assert_cmpuint (mock_agent_count_handles (line.agent), ==, 0);
  ask (&line, "{\"execute\":\"guest-file-close\",\"arguments\":{\"handle\":1000}}",
       "{\"error\": {\"class\": \"GenericError\", \"desc\": \"handle '1000' has not been found\"}}\n");
}

static void
test_write_file (void)
{
  g_auto (Line) line = open_line ();
  g_autoptr (GBytes) bytes = NULL;

  mock_agent_spoil_files (line.agent, &(MockFileFaults) { .most_written = 2, .room = 3, .fails_at_flush = TRUE });
  ask (&line, "{\"execute\":\"guest-file-open\",\"arguments\":{\"path\":\"/f\",\"mode\":\"wb\"}}", "{\"return\": 1000}\n");
  ask (&line, "{\"execute\":\"guest-file-write\",\"arguments\":{\"handle\":1000,\"buf-b64\":\"aGVsbG8=\"}}",
       "{\"return\": {\"count\": 2, \"eof\": false}}\n");
  ask (&line, "{\"execute\":\"guest-file-write\",\"arguments\":{\"handle\":1000,\"buf-b64\":\"bGxv\"}}",
       "{\"return\": {\"count\": 1, \"eof\": false}}\n");
  ask (&line, "{\"execute\":\"guest-file-write\",\"arguments\":{\"handle\":1000,\"buf-b64\":\"bG8=\"}}",
       "{\"error\": {\"class\": \"GenericError\", \"desc\": \"failed to write to file: No space left on device\"}}\n");
  ask (&line, "{\"execute\":\"guest-file-flush\",\"arguments\":{\"handle\":1000}}",
       "{\"error\": {\"class\": \"GenericError\", \"desc\": \"failed to flush file: No space left on device\"}}\n");
  ask (&line, "{\"execute\":\"guest-file-write\",\"arguments\":{\"handle\":1000,\"buf-b64\":\"a!==\"}}",
       "{\"error\": {\"class\": \"GenericError\", \"desc\": \"Base64 data contains invalid characters\"}}\n");
  bytes = mock_agent_dup_file (line.agent, "/f");
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "hel", 3);
  g_assert_null (mock_agent_dup_file (line.agent, "/none"));
}

static void
test_freeze (void)
{
  g_auto (Line) line = open_line ();

  ask (&line, "{\"execute\":\"guest-fsfreeze-status\"}", "{\"return\": \"thawed\"}\n");
  ask (&line, "{\"execute\":\"guest-fsfreeze-freeze\"}", "{\"return\": 2}\n");
  g_assert_true (mock_agent_is_frozen (line.agent));
  ask (&line, "{\"execute\":\"guest-fsfreeze-status\"}", "{\"return\": \"frozen\"}\n");
  ask (&line, "{\"execute\":\"guest-exec\",\"id\":1}",
       "{\"id\": 1, \"error\": {\"class\": \"CommandNotFound\", "
       "\"desc\": \"Command guest-exec has been disabled: the command is not allowed\"}}\n");
  mock_agent_set_version (line.agent, "7.2.22");
  ask (&line, "{\"execute\":\"guest-fsfreeze-freeze\",\"id\":1}",
       "{\"id\": 1, \"error\": {\"class\": \"CommandNotFound\", "
       "\"desc\": \"Command guest-fsfreeze-freeze has been disabled: the agent is in frozen state\"}}\n");
  ask (&line, "{\"execute\":\"guest-ping\"}", "{\"return\": {}}\n");
  mock_agent_restart (line.agent);
  g_assert_true (mock_agent_is_frozen (line.agent));
  ask (&line, "{\"execute\":\"guest-fsfreeze-thaw\"}", "{\"return\": 2}\n");
  ask (&line, "{\"execute\":\"guest-fsfreeze-thaw\"}", "{\"return\": 0}\n");
  ask (&line, "{\"execute\":\"guest-fsfreeze-freeze-list\",\"arguments\":{\"mountpoints\":[\"/a\"]}}", "{\"return\": 1}\n");
  mock_agent_reboot (line.agent);
  g_assert_false (mock_agent_is_frozen (line.agent));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mock-agent/sync", test_sync);
  g_test_add_func ("/mock-agent/half-command", test_half_command);
  g_test_add_func ("/mock-agent/in-pieces", test_in_pieces);
  g_test_add_func ("/mock-agent/info", test_info);
  g_test_add_func ("/mock-agent/answers", test_answers);
  g_test_add_func ("/mock-agent/old-agent", test_old_agent);
  g_test_add_func ("/mock-agent/spoilt-replies", test_spoilt_replies);
  g_test_add_func ("/mock-agent/spoilt-syncs", test_spoilt_syncs);
  g_test_add_func ("/mock-agent/silence", test_silence);
  g_test_add_func ("/mock-agent/slow-command", test_slow_command);
  g_test_add_func ("/mock-agent/booting", test_booting);
  g_test_add_func ("/mock-agent/stall", test_stall);
  g_test_add_func ("/mock-agent/restart", test_restart);
  g_test_add_func ("/mock-agent/end", test_end);
  g_test_add_func ("/mock-agent/long-reply", test_long_reply);
  g_test_add_func ("/mock-agent/exec", test_exec);
  g_test_add_func ("/mock-agent/read-file", test_read_file);
  g_test_add_func ("/mock-agent/write-file", test_write_file);
  g_test_add_func ("/mock-agent/freeze", test_freeze);
  return g_test_run ();
}
