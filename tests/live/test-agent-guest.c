/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-process.h"

#include <string.h>

/* The agent of a real guest, over virtio-serial. A boot takes its time, so a
 * guest goes through many steps, one after the other. */

/* --- what a guest tells ------------------------------------------------------------------ */

static void
ask_about (QgaConnection *connection, const char *command, const char *const *words)
{
  g_autofree char *answer = live_ask (connection, command, NULL);

  for (; *words != NULL; words++)
    if (strstr (answer, *words) == NULL)
      g_error ("%s: “%s” is not said in: %s", command, *words, answer);
}

static void
look_around (QgaConnection *connection)
{
  static const char *const argv[] = { "uname", "-a", NULL };
  g_autoptr (QgaProcess) process = NULL;
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  g_test_message ("looking around");
  process = qga_process_spawn (connection, argv, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (qga_process_communicate_utf8 (process, &output, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (output, "Linux small-guest "));
  ask_about (connection, "guest-network-get-interfaces", (const char *const[]) { "\"lo\"", "\"eth0\"", "\"10.0.2.15\"", NULL });
  ask_about (connection, "guest-get-fsinfo", (const char *const[]) { "\"/data\"", "\"ext4\"", "\"vda\"", NULL });
  ask_about (connection, "guest-get-osinfo", (const char *const[]) { "\"small-guest\"", NULL });
}

static gboolean
is_all (GBytes *bytes, char letter)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++)
    if (text[i] != letter)
      return FALSE;
  return size == 16u << 20;
}

static void
flood (QgaConnection *connection)
{
  const char *script = "head -c 16777216 /dev/zero | tr '\\0' o; head -c 16777216 /dev/zero | tr '\\0' e >&2";
  g_autoptr (QgaProcess) process = NULL;
  g_autoptr (GBytes) output = NULL, error_output = NULL;
  g_autoptr (GError) error = NULL;

  g_test_message ("flooding");
  process = live_spawn (connection, script);
  g_assert_true (qga_process_communicate (process, &output, &error_output, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (is_all (output, 'o'));
  g_assert_true (is_all (error_output, 'e'));
  g_assert_false (qga_process_get_output_truncated (process));
}

/* --- a file that is carried there and back ------------------------------------------------- */

#define FREIGHT ((gsize) 64 << 20)

static GFile *
make_freight (LiveAgent *agent, char **checksum)
{
  g_autofree char *path = live_path (&agent->live, "freight");
  g_autofree guint32 *words = g_malloc (FREIGHT);
  g_autoptr (GRand) random = g_rand_new_with_seed (64);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < FREIGHT / sizeof *words; i++)
    words[i] = g_rand_int (random);
  g_file_set_contents (path, (const char *) words, (gssize) FREIGHT, &error);
  g_assert_no_error (error);
  *checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) words, FREIGHT);
  return g_file_new_for_path (path);
}

static void
carry (LiveAgent *agent, QgaConnection *connection)
{
  g_autofree char *checksum = NULL, *told = NULL, *path = live_path (&agent->live, "back"), *bytes = NULL, *back = NULL;
  g_autoptr (GFile) there = make_freight (agent, &checksum), home = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  gsize size;

  g_test_message ("carrying 64 MiB");
  g_assert_true (qga_connection_copy_to_guest (connection, there, "/data/freight", G_FILE_COPY_NONE, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  told = g_strdup_printf ("%s  /data/freight\n", checksum);
  live_assert_writes (connection, "sha256sum /data/freight", told);
  g_assert_true (qga_connection_copy_from_guest (connection, "/data/freight", home, G_FILE_COPY_NONE, FREIGHT, NULL, NULL, NULL,
                                                 &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, &size, &error));
  back = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, size);
  g_assert_cmpstr (back, ==, checksum);
  live_assert_writes (connection, "rm /data/freight; echo gone", "gone\n");
}

/* --- freezing ----------------------------------------------------------------------------- */

static void
assert_writable (QgaConnection *connection)
{
  live_assert_writes (connection, "echo written > /data/file; cat /data/file", "written\n");
}

static QgaFreezeGuard *
freeze (QgaConnection *connection, const char *const *mountpoints)
{
  g_autoptr (GError) error = NULL;
  QgaFreezeGuard *guard = qga_freeze_guard_freeze (connection, mountpoints, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (qga_freeze_guard_get_count (guard), ==, 1);
  g_assert_cmpint (qga_freeze_guard_query (connection, NULL, NULL), ==, QGA_FREEZE_STATUS_FROZEN);
  live_assert_refused (connection, "guest-file-open", "{\"path\":\"/data/file\",\"mode\":\"w\"}", QGA_ERROR_FROZEN, "frozen");
  return guard;
}

static void
freeze_and_thaw (QgaConnection *connection)
{
  static const char *const data[] = { "/data", NULL }, *const nowhere[] = { "/nowhere", NULL };
  g_autoptr (QgaFreezeGuard) some = NULL, all = NULL, dropped = NULL, none = NULL;
  g_autoptr (GError) error = NULL;

  g_test_message ("freezing");
  some = freeze (connection, data);
  g_assert_true (qga_freeze_guard_thaw (some, NULL, &error));
  g_assert_no_error (error);
  assert_writable (connection);
  all = freeze (connection, NULL);
  g_assert_null (qga_freeze_guard_freeze (connection, data, NULL, &error));
  live_assert_error (&error, QGA_ERROR, QGA_ERROR_FROZEN);
  g_assert_cmpint (qga_freeze_guard_query (connection, NULL, NULL), ==, QGA_FREEZE_STATUS_FROZEN);
  g_assert_true (qga_freeze_guard_thaw (all, NULL, &error));
  assert_writable (connection);
  dropped = freeze (connection, NULL);
  g_clear_object (&dropped);
  assert_writable (connection);
  none = qga_freeze_guard_freeze (connection, nowhere, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (qga_freeze_guard_get_count (none), ==, 0);
  g_clear_object (&none);
  assert_writable (connection);
}

/* --- an agent that stands still -------------------------------------------------------------- */

typedef struct
{
  QmpConnection *monitor;
  guint n_left;
} Talk;

static void ask_monitor (Talk *talk);

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  Talk *talk = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = qmp_connection_execute_json_finish (QMP_CONNECTION (source), result, &error);

  g_assert_no_error (error);
  g_assert_nonnull (strstr (answer, "\"running\""));
  if (--talk->n_left > 0)
    ask_monitor (talk);
}

static void
ask_monitor (Talk *talk)
{
  qmp_connection_execute_json_async (talk->monitor, "query-status", NULL, NULL, on_answer, talk);
}

/* Whether the agent's answer is still not there when QEMU has answered a
 * thousand times. */
static gboolean
is_outrun (LiveAgent *agent, QgaConnection *connection)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (QgaRequest) request = qga_request_new ("guest-ping");
  g_autoptr (GAsyncResult) result = NULL;
  Talk talk = { agent->monitor, 1000 };
  g_autofree char *answer = NULL;
  gboolean outrun;

  qga_request_set_timeout (request, G_MAXINT);
  qga_connection_execute_request_async (connection, request, cancellable, live_keep_result, &result);
  ask_monitor (&talk);
  while (talk.n_left > 0)
    g_main_context_iteration (NULL, TRUE);
  outrun = result == NULL;
  g_cancellable_cancel (cancellable);
  answer = qga_connection_execute_request_finish (connection, live_wait (&result), NULL);
  g_assert_true (outrun == (answer == NULL));
  return outrun;
}

/* The agent is stopped for as long as the network's cable is pulled: it need
 * not be asked for either. */
static const char stall_script[] =
  "while [ $(cat /sys/class/net/eth0/carrier) = 1 ]; do sleep 0.1; done; kill -STOP $PPID; "
  "while [ $(cat /sys/class/net/eth0/carrier) = 0 ]; do sleep 0.1; done; kill -CONT $PPID";

static void
stall (LiveAgent *agent, QgaConnection *connection)
{
  g_autoptr (QgaRequest) request = qga_request_new ("guest-get-osinfo");
  g_autofree char *pulled = NULL, *plugged = NULL;
  g_autoptr (QgaProcess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_test_message ("standing still");
  process = live_spawn (connection, stall_script);
  pulled = live_run (agent->monitor, "set_link", "{\"name\":\"network-card\",\"up\":false}");
  while (!is_outrun (agent, connection))
    ;
  qga_request_set_timeout (request, 300);
  do
    g_free (qga_connection_execute_request (connection, request, NULL, &error));
  while (error == NULL);
  live_assert_error (&error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_false (qga_connection_get_responsive (connection));
  g_assert_true (is_outrun (agent, connection));

  plugged = live_run (agent->monitor, "set_link", "{\"name\":\"network-card\",\"up\":true}");
  live_assert_writes (connection, "echo again", "again\n");
  g_assert_true (qga_connection_get_responsive (connection));
  g_assert_true (qga_process_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

/* --- agents and guests that go, and come back ------------------------------------------------- */

/* What QEMU says is heard while the main loop runs, so nothing here blocks. */

/* Whether its answer gets out before it dies is up to it. */
static void
kill_agent (QgaConnection *connection)
{
  static const char *const argv[] = { "sh", "-c", "kill -9 $PPID", NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (QgaProcess) process = NULL;

  g_test_message ("killing the agent");
  qga_connection_set_default_timeout (connection, 3000);
  qga_process_spawn_async (connection, argv, NULL, NULL, live_keep_result, &result);
  process = qga_process_spawn_finish (live_wait (&result), NULL);
  qga_connection_set_default_timeout (connection, 120000);
}

static void
assert_lost (QgaProcess *process)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  qga_process_wait_async (process, NULL, live_keep_result, &result);
  g_assert_false (qga_process_wait_finish (process, live_wait (&result), &error));
  live_assert_error (&error, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED);
}

static void
lose_agent (QgaConnection *connection)
{
  g_autoptr (QgaProcess) process = live_spawn (connection, "sleep 1000");
  guint generation = qga_connection_get_generation (connection);

  kill_agent (connection);
  assert_lost (process);
  g_assert_cmpuint (qga_connection_get_generation (connection), >, generation);
  live_assert_writes (connection, "echo again", "again\n");
}

/* It is the test that sees the new agent come, and not the connection. */
static void
lose_agent_unseen (LiveAgent *agent, QgaConnection *connection)
{
  static const char *const names[] = { "VSERPORT_CHANGE", NULL };
  g_autoptr (QmpEventStream) stream = qmp_connection_watch_events (agent->monitor, names, 16);
  g_autoptr (QgaProcess) process = live_spawn (connection, "sleep 1000");
  guint generation = qga_connection_get_generation (connection);
  g_autoptr (QmpEvent) event = NULL;

  qmp_event_stream_set_timeout (stream, 120000);
  kill_agent (connection);
  event = qmp_event_stream_next (stream, NULL, NULL);
  g_assert_nonnull (event);
  live_wait_for_agent (&agent->live, agent->monitor);
  live_assert_writes (connection, "echo again", "again\n");
  assert_lost (process);
  g_assert_cmpuint (qga_connection_get_generation (connection), ==, generation + 1);
  live_assert_writes (connection, "echo and again", "and again\n");
}

static void
suspend (LiveAgent *agent, QgaConnection *connection)
{
  g_autofree char *status = NULL, *woken = NULL;
  QgaAcceptance acceptance = QGA_ACCEPTANCE_SILENT;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_message ("suspending");
  qga_connection_suspend_async (connection, QGA_SUSPEND_MODE_RAM, NULL, live_keep_result, &result);
  acceptance = qga_connection_suspend_finish (connection, live_wait (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint (acceptance, ==, QGA_ACCEPTANCE_EVENT);
  status = live_run (agent->monitor, "query-status", NULL);
  g_assert_nonnull (strstr (status, "\"suspended\""));
  woken = live_run (agent->monitor, "system_wakeup", NULL);
  live_assert_writes (connection, "echo awake", "awake\n");
}

/* QEMU tells of the agent that leaves, and of what happens to the machine. */
static void
assert_told (QgaAcceptance acceptance)
{
  g_assert_true (acceptance == QGA_ACCEPTANCE_EVENT || acceptance == QGA_ACCEPTANCE_CLOSED);
}

static void
reboot (QgaConnection *connection)
{
  g_autoptr (QgaProcess) process = live_spawn (connection, "sleep 1000");
  g_autoptr (GAsyncResult) result = NULL, done = NULL;
  QgaAcceptance acceptance = QGA_ACCEPTANCE_SILENT;
  g_autoptr (GError) error = NULL;
  guint generation;

  g_test_message ("rebooting");
  qga_process_wait_async (process, NULL, live_keep_result, &result);
  live_assert_writes (connection, "echo still here", "still here\n");
  generation = qga_connection_get_generation (connection);
  qga_connection_shutdown_async (connection, QGA_SHUTDOWN_MODE_REBOOT, NULL, live_keep_result, &done);
  acceptance = qga_connection_shutdown_finish (connection, live_wait (&done), &error);
  g_assert_no_error (error);
  assert_told (acceptance);
  g_assert_false (qga_process_wait_finish (process, live_wait (&result), &error));
  live_assert_error (&error, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED);
  g_assert_cmpuint (qga_connection_get_generation (connection), >, generation);
  live_assert_writes (connection, "cat /etc/hostname", "small-guest\n");
  assert_lost (process);
}

/* --- the end --------------------------------------------------------------------------------------- */

typedef struct
{
  guint count;
  gboolean failed;
} End;

static void
on_closed (G_GNUC_UNUSED QgaConnection *connection, GError *error, End *end)
{
  end->count++;
  end->failed = error != NULL;
}

static QgaAcceptance
shut_down (LiveAgent *agent, QgaConnection *connection)
{
  QgaAcceptance acceptance = QGA_ACCEPTANCE_REPLIED;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  End end = { 0 };

  g_test_message ("shutting down");
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), &end);
  qga_connection_shutdown_async (connection, QGA_SHUTDOWN_MODE_POWERDOWN, NULL, live_keep_result, &result);
  acceptance = qga_connection_shutdown_finish (connection, live_wait (&result), &error);
  g_assert_no_error (error);
  while (end.count == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (end.count, ==, 1);
  g_assert_false (end.failed);
  live_assert_good_exit (agent->process);
  g_signal_handlers_disconnect_by_data (connection, &end);
  return acceptance;
}

/* --- the tests ---------------------------------------------------------------------------------------- */

static void
test_with_monitor (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QgaConnection) connection = NULL;

  agent->process = live_start_guest (&agent->live, &agent->monitor);
  /* the guest has not even begun to boot */
  connection = live_agent_open (agent);
  qga_connection_watch_monitor (connection, G_OBJECT (agent->monitor), "agent0");
  qga_connection_set_default_timeout (connection, 120000);
  look_around (connection);
  flood (connection);
  carry (agent, connection);
  freeze_and_thaw (connection);
  stall (agent, connection);
  g_assert_cmpuint (qga_connection_get_generation (connection), ==, 1);
  lose_agent (connection);
  suspend (agent, connection);
  reboot (connection);
  look_around (connection);
  assert_told (shut_down (agent, connection));
}

static void
test_without_monitor (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QgaConnection) connection = NULL;
  QgaAcceptance acceptance;

  live_agent_start_guest (agent);
  connection = live_agent_open (agent);
  qga_connection_set_default_timeout (connection, 120000);
  look_around (connection);
  lose_agent_unseen (agent, connection);
  acceptance = shut_down (agent, connection);
  g_assert_true (acceptance == QGA_ACCEPTANCE_CLOSED || acceptance == QGA_ACCEPTANCE_SILENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_AGENT_TEST ("/live/agent-guest/with-monitor", test_with_monitor);
  LIVE_AGENT_TEST ("/live/agent-guest/without-monitor", test_without_monitor);
  return g_test_run ();
}
