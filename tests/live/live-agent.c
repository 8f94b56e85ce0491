/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-agent.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

void
live_agent_set_up (LiveAgent *agent, gconstpointer data)
{
  live_set_up (&agent->live, data);
  agent->socket = live_path (&agent->live, "agent");
}

void
live_agent_tear_down (LiveAgent *agent, gconstpointer data)
{
  g_clear_object (&agent->monitor);
  g_clear_pointer (&agent->socket, g_free);
  live_tear_down (&agent->live, data);
}

/* --- an agent by itself ------------------------------------------------------------- */

/* Tests run as root, too, and on machines that are still needed. */
#define BLOCKED \
  "guest-shutdown,guest-suspend-disk,guest-suspend-ram,guest-suspend-hybrid,guest-set-time,guest-set-vcpus," \
  "guest-set-memory-blocks,guest-set-user-password,guest-ssh-add-authorized-keys," \
  "guest-ssh-remove-authorized-keys,guest-fsfreeze-freeze,guest-fsfreeze-freeze-list,guest-fstrim"

static gboolean
is_listening (const char *path)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection = NULL;

  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  return connection != NULL;
}

/* That a socket listens makes no event: it is asked until it does. */
static void
wait_until_listening (LiveAgent *agent)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (!is_listening (agent->socket))
    {
      if (g_subprocess_get_identifier (agent->process) == NULL)
        g_error ("qemu-ga has ended");
      if (g_get_monotonic_time () > deadline)
        g_error ("qemu-ga does not listen");
      g_usleep (1000);
    }
}

void
live_agent_start (LiveAgent *agent, ...)
{
  g_autofree char *log = live_path (&agent->live, "agent.log");
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  const char *const always[] = { live_program ("QEMU_GA", "qemu-ga"), "-m", "unix-listen", "-p", agent->socket,
                                 "-t", agent->live.folder, "-l", log, "-b", BLOCKED };
  const char *argument;
  va_list more;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (always); i++)
    g_ptr_array_add (all, (gpointer) always[i]);
  va_start (more, agent);
  while ((argument = va_arg (more, const char *)) != NULL)
    g_ptr_array_add (all, (gpointer) argument);
  va_end (more);
  g_ptr_array_add (all, NULL);

  g_unlink (agent->socket);
  agent->process = live_start (&agent->live, -1, (const char *const *) all->pdata);
  wait_until_listening (agent);
}

void
live_agent_kill (LiveAgent *agent)
{
  live_kill (agent->process);
}

void
live_agent_leave_frozen (LiveAgent *agent)
{
  g_autofree char *mark = live_path (&agent->live, "qga.state.isfrozen");
  g_autoptr (GError) error = NULL;

  g_file_set_contents (mark, "", 0, &error);
  g_assert_no_error (error);
}

/* --- an agent in a guest ------------------------------------------------------------- */

/* Its monitor is the other end of a socket pair, and so there from the start. */
GSubprocess *
live_start_guest (Live *live, QmpConnection **monitor)
{
  g_autofree char *run = g_test_build_filename (G_TEST_DIST, "..", "..", "tools", "guest", "run", NULL);
  g_autofree char *socket = live_path (live, "agent");
  g_autofree char *console = live_path (live, "console");
  const char *guest = g_getenv ("GUEST");
  const char *arguments[] = { run, guest, live->monitor, socket, "-chardev", "socket,id=pair,fd=" LIVE_FD,
                              "-mon", "chardev=pair,mode=control", NULL };
  g_autoptr (GIOStream) pair = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *qemu;
  int fd = -1;

  if (guest == NULL || *guest == '\0')
    g_error ("There is no guest to boot: run tools/guest/build DIRECTORY, and set GUEST to DIRECTORY");
  g_setenv ("WAIT", "off", TRUE);
  g_setenv ("CONSOLE", console, TRUE);
  pair = qmp_connection_create_socket_pair (&fd, &error);
  g_assert_no_error (error);
  qemu = live_start (live, fd, arguments);
  *monitor = qmp_connection_open_stream (pair, NULL, NULL, &error);
  g_assert_no_error (error);
  return qemu;
}

static gboolean
is_agent_open (QmpConnection *monitor)
{
  g_autoptr (QmpRequest) request = qmp_request_new ("query-chardev");
  g_autoptr (QmpValue) devices = NULL;
  g_autoptr (GError) error = NULL;
  guint i;

  devices = qmp_connection_execute_request (monitor, request, NULL, &error);
  g_assert_no_error (error);
  for (i = 0; i < qmp_value_get_length (devices); i++)
    {
      g_autoptr (QmpValue) device = qmp_value_get_element (devices, i);
      g_autofree char *label = qmp_value_dup_member_string (device, "label");
      gboolean open = FALSE;

      if (g_strcmp0 (label, "agent") == 0)
        return qmp_value_get_member_boolean (device, "frontend-open", &open) && open;
    }
  return FALSE;
}

/* The agent is the last thing that the guest starts. */
void
live_wait_for_agent (Live *live, QmpConnection *monitor)
{
  const char *const names[] = { "VSERPORT_CHANGE", NULL };
  g_autoptr (QmpEventStream) stream = qmp_connection_watch_events (monitor, names, 16);
  g_autofree char *console = live_path (live, "console");
  g_autofree char *text = NULL;

  qmp_event_stream_set_timeout (stream, 120000);
  while (!is_agent_open (monitor))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QmpEvent) event = qmp_event_stream_next (stream, NULL, &error);

      if (event != NULL)
        continue;
      g_file_get_contents (console, &text, NULL, NULL);
      g_error ("%s. Now the agent is %s. The guest said: %s", error == NULL ? "QEMU has ended" : error->message,
               error != NULL && is_agent_open (monitor) ? "there" : "not there", text);
    }
}

void
live_agent_start_guest (LiveAgent *agent)
{
  agent->process = live_start_guest (&agent->live, &agent->monitor);
  live_wait_for_agent (&agent->live, agent->monitor);
}
