/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* Media that are changed and ejected, with guests that let go, at once or
 * later, and guests that do not. Each test runs twice: in a main context, and
 * blocking. */

typedef struct
{
  MockPeer *peer;
  QmpConnection *connection;
  QmpMediumOptions *options;
  GCancellable *cancellable;
  gboolean blocking;
  const char *last;  /* command, of those that a function answers */
  GError *error;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer blocking)
{
  fixture->peer = mock_peer_new ();
  mock_greet (fixture->peer);
  fixture->connection = mock_open (fixture->peer);
  fixture->options = qmp_medium_options_new ();
  qmp_medium_options_set_timeout (fixture->options, G_MAXINT);
  fixture->cancellable = g_cancellable_new ();
  fixture->blocking = blocking != NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer blocking)
{
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->cancellable);
  g_clear_object (&fixture->options);
  g_clear_object (&fixture->connection);
  mock_peer_free (fixture->peer);
}

/* --- the two calls -------------------------------------------------------------------------- */

static gboolean
eject (Fixture *fixture, const char *device)
{
  g_auto (Await) call = { 0 };

  if (fixture->blocking)
    return qmp_connection_eject_medium (fixture->connection, device, fixture->options, fixture->cancellable, &fixture->error);
  qmp_connection_eject_medium_async (fixture->connection, device, fixture->options, fixture->cancellable, await_callback, &call);
  return qmp_connection_eject_medium_finish (fixture->connection, await (&call), &fixture->error);
}

static gboolean
change (Fixture *fixture, QmpBlockdevOptions *medium)
{
  g_auto (Await) call = { 0 };

  if (fixture->blocking)
    return qmp_connection_change_medium (fixture->connection, "cd0", medium, fixture->options, fixture->cancellable,
                                         &fixture->error);
  qmp_connection_change_medium_async (fixture->connection, "cd0", medium, fixture->options, fixture->cancellable, await_callback,
                                      &call);
  return qmp_connection_change_medium_finish (fixture->connection, await (&call), &fixture->error);
}

static QmpBlockdevOptions *
new_medium (const char *name)
{
  QmpBlockdevOptionsFileBranch *file = qmp_blockdev_options_file_branch_new ();

  qmp_blockdev_options_file_branch_set_filename (file, "new.iso");
  qmp_blockdev_options_set_read_only (QMP_BLOCKDEV_OPTIONS (file), TRUE);
  if (name != NULL)
    qmp_blockdev_options_set_node_name (QMP_BLOCKDEV_OPTIONS (file), name);
  return QMP_BLOCKDEV_OPTIONS (file);
}

static gboolean
change_to_new (Fixture *fixture)
{
  g_autoptr (QmpBlockdevOptions) medium = new_medium ("new");

  return change (fixture, medium);
}

static void
assert_error (Fixture *fixture, GQuark domain, int code, const char *text)
{
  g_assert_error (fixture->error, domain, code);
  if (text != NULL && strstr (fixture->error->message, text) == NULL)
    g_error ("“%s” is not in: %s", text, fixture->error->message);
}

/* --- what QEMU says ---------------------------------------------------------------------------- */

#define DRIVE(locked, open, node) \
  "{\"device\": \"\", \"qdev\": \"cd0\", \"type\": \"unknown\", \"removable\": true, \"locked\": " locked ", \"tray_open\": " open \
  ", \"inserted\": {\"node-name\": \"" node "\", \"drv\": \"raw\"}}"
#define OTHER \
  "{\"device\": \"\", \"qdev\": \"cd1\", \"type\": \"unknown\", \"removable\": true, \"locked\": true, \"tray_open\": false}"
#define OPEN "[" OTHER ", " DRIVE ("false", "true", "old") "]"
#define LOCKED "[" OTHER ", " DRIVE ("true", "false", "old") "]"

static void
done (Fixture *fixture, const char *command)
{
  mock_expect (fixture->peer, command);
  mock_return (fixture->peer, "{}");
}

static void
answer (Fixture *fixture, const char *command, const char *json)
{
  mock_expect (fixture->peer, command);
  mock_return (fixture->peer, json);
}

static void
refuse (Fixture *fixture, const char *command, const char *text)
{
  mock_expect (fixture->peer, command);
  mock_error (fixture->peer, "GenericError", text);
}

static void
move_tray (Fixture *fixture, const char *id, gboolean open)
{
  g_autofree char *data = g_strdup_printf ("{\"device\": \"\", \"id\": \"%s\", \"tray-open\": %s}", id, open ? "true" : "false");

  mock_event (fixture->peer, "DEVICE_TRAY_MOVED", data);
}

static void
assert_arguments (Fixture *fixture, guint n, const char *arguments)
{
  mock_await (fixture->peer);
  g_assert_cmpstr (mock_get_command (fixture->peer, n)->arguments, ==, arguments);
}

/* --- ejecting ------------------------------------------------------------------------------------ */

/* The tray opens before QEMU has answered. */
static void
test_eject (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "blockdev-open-tray");
  move_tray (fixture, "cd0", TRUE);
  mock_return (fixture->peer, "{}");
  answer (fixture, "query-block", OPEN);
  done (fixture, "blockdev-remove-medium");
  done (fixture, "blockdev-del");
  eject (fixture, "cd0");
  g_assert_no_error (fixture->error);
  assert_arguments (fixture, 0, "{\"id\":\"cd0\"}");
  assert_arguments (fixture, 2, "{\"id\":\"cd0\"}");
  assert_arguments (fixture, 3, "{\"node-name\":\"old\"}");
}

static void
test_keeps_node (Fixture *fixture, gconstpointer data)
{
  qmp_medium_options_set_keep_node (fixture->options, TRUE);
  done (fixture, "blockdev-open-tray");
  answer (fixture, "query-block", OPEN);
  done (fixture, "blockdev-remove-medium");
  g_assert_true (eject (fixture, "cd0"));
  mock_await (fixture->peer);
  g_assert_cmpuint (mock_count_commands (fixture->peer), ==, 3);
}

/* Something else uses it; and one without a name of ours goes by itself. */
static void
test_node_in_use (Fixture *fixture, gconstpointer data)
{
  done (fixture, "blockdev-open-tray");
  answer (fixture, "query-block", OPEN);
  done (fixture, "blockdev-remove-medium");
  refuse (fixture, "blockdev-del", "Node old is in use");
  g_assert_true (eject (fixture, "cd0"));
  done (fixture, "blockdev-open-tray");
  answer (fixture, "query-block", "[" DRIVE ("false", "true", "#block042") "]");
  done (fixture, "blockdev-remove-medium");
  g_assert_true (eject (fixture, "cd0"));
}

/* A floppy disk's drive. */
static void
test_without_tray (Fixture *fixture, gconstpointer data)
{
  done (fixture, "blockdev-open-tray");
  answer (fixture, "query-block", "[{\"device\": \"\", \"qdev\": \"floppy0\", \"removable\": true, \"locked\": false}]");
  done (fixture, "blockdev-remove-medium");
  g_assert_true (eject (fixture, "floppy0"));
}

/* By its path, while QEMU calls it by its id. */
static void
test_path (Fixture *fixture, gconstpointer data)
{
  done (fixture, "blockdev-open-tray");
  answer (fixture, "query-block", LOCKED);
  move_tray (fixture, "cd0", TRUE);
  done (fixture, "blockdev-remove-medium");
  done (fixture, "blockdev-del");
  g_assert_true (eject (fixture, "/machine/peripheral/cd0"));
}

/* --- guests ------------------------------------------------------------------------------------------ */

/* Other trays do not count, nor does this one when it closes. */
static void
test_guest_lets_go (Fixture *fixture, gconstpointer data)
{
  done (fixture, "blockdev-open-tray");
  answer (fixture, "query-block", LOCKED);
  move_tray (fixture, "cd1", TRUE);
  move_tray (fixture, "cd0", FALSE);
  move_tray (fixture, "cd0", TRUE);
  done (fixture, "blockdev-remove-medium");
  done (fixture, "blockdev-del");
  g_assert_true (eject (fixture, "cd0"));
  g_assert_no_error (fixture->error);
}

static void
test_guest_refuses (Fixture *fixture, gconstpointer data)
{
  qmp_medium_options_set_timeout (fixture->options, 20);
  done (fixture, "blockdev-open-tray");
  answer (fixture, "query-block", LOCKED);
  g_assert_false (eject (fixture, "cd0"));
  assert_error (fixture, QMP_ERROR, QMP_ERROR_MEDIUM_LOCKED, "has locked the medium in “cd0”");
}

static void
test_force (Fixture *fixture, gconstpointer data)
{
  qmp_medium_options_set_timeout (fixture->options, 0);
  qmp_medium_options_set_force (fixture->options, TRUE);
  done (fixture, "blockdev-open-tray");
  answer (fixture, "query-block", LOCKED);
  done (fixture, "blockdev-open-tray");
  done (fixture, "blockdev-remove-medium");
  done (fixture, "blockdev-del");
  eject (fixture, "cd0");
  g_assert_no_error (fixture->error);
  assert_arguments (fixture, 2, "{\"id\":\"cd0\",\"force\":true}");
}

static char *
cancel_later (MockPeer *peer, const MockCommand *command, gpointer data)
{
  Fixture *fixture = data;

  fixture->last = g_intern_string (command->name);
  if (g_str_equal (command->name, "query-block"))
    {
      g_autofree char *reply = mock_make_return (command, LOCKED);

      mock_say (peer, reply);
      g_cancellable_cancel (fixture->cancellable);
      return NULL;
    }
  return mock_make_return (command, "{}");
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  mock_answer_all (fixture->peer, cancel_later, fixture);
  g_assert_false (eject (fixture, "cd0"));
  assert_error (fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
}

static void
test_gone (Fixture *fixture, gconstpointer data)
{
  done (fixture, "blockdev-open-tray");
  answer (fixture, "query-block", LOCKED);
  mock_hang_up (fixture->peer);
  g_assert_false (eject (fixture, "cd0"));
  assert_error (fixture, G_IO_ERROR, G_IO_ERROR_CLOSED, NULL);
}

static void
test_no_drive (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "blockdev-open-tray");
  mock_error (fixture->peer, "DeviceNotFound", "Device 'cd0' not found");
  g_assert_false (eject (fixture, "cd0"));
  assert_error (fixture, QMP_ERROR, QMP_ERROR_DEVICE_NOT_FOUND, "blockdev-open-tray");
}

/* --- changing -------------------------------------------------------------------------------------------- */

static void
test_change (Fixture *fixture, gconstpointer data)
{
  done (fixture, "blockdev-add");
  done (fixture, "blockdev-open-tray");
  answer (fixture, "query-block", OPEN);
  done (fixture, "blockdev-remove-medium");
  done (fixture, "blockdev-del");
  done (fixture, "blockdev-insert-medium");
  done (fixture, "blockdev-close-tray");
  change_to_new (fixture);
  g_assert_no_error (fixture->error);
  mock_await (fixture->peer);
  g_assert_nonnull (strstr (mock_get_command (fixture->peer, 0)->arguments, "\"node-name\":\"new\""));
  assert_arguments (fixture, 5, "{\"id\":\"cd0\",\"node-name\":\"new\"}");
}

/* Nothing was touched. */
static void
test_bad_medium (Fixture *fixture, gconstpointer data)
{
  refuse (fixture, "blockdev-add", "Could not open 'new.iso'");
  g_assert_false (change_to_new (fixture));
  assert_error (fixture, QMP_ERROR, QMP_ERROR_GENERIC, "new.iso");
  mock_await (fixture->peer);
  g_assert_cmpuint (mock_count_commands (fixture->peer), ==, 1);
}

static void
test_without_name (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpBlockdevOptions) medium = new_medium (NULL);

  g_assert_false (change (fixture, medium));
  assert_error (fixture, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "needs a name");
}

/* The guest refuses, and nothing stays of the new one; though that fails, too. */
static void
test_change_refused (Fixture *fixture, gconstpointer data)
{
  qmp_medium_options_set_timeout (fixture->options, 0);
  done (fixture, "blockdev-add");
  done (fixture, "blockdev-open-tray");
  answer (fixture, "query-block", LOCKED);
  refuse (fixture, "blockdev-del", "No");
  g_assert_false (change_to_new (fixture));
  assert_error (fixture, QMP_ERROR, QMP_ERROR_MEDIUM_LOCKED, NULL);
  assert_arguments (fixture, 3, "{\"node-name\":\"new\"}");
}

/* Whoever cancels finds nothing of the new one, either. */
static void
test_change_cancelled (Fixture *fixture, gconstpointer data)
{
  mock_answer_all (fixture->peer, cancel_later, fixture);
  g_assert_false (change_to_new (fixture));
  assert_error (fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
  g_assert_cmpstr (fixture->last, ==, "blockdev-del");
}

static void
test_insert_refused (Fixture *fixture, gconstpointer data)
{
  done (fixture, "blockdev-add");
  done (fixture, "blockdev-open-tray");
  answer (fixture, "query-block", OPEN);
  done (fixture, "blockdev-remove-medium");
  done (fixture, "blockdev-del");
  refuse (fixture, "blockdev-insert-medium", "Block node is read-only");
  answer (fixture, "query-block", OPEN);
  done (fixture, "blockdev-del");
  g_assert_false (change_to_new (fixture));
  assert_error (fixture, QMP_ERROR, QMP_ERROR_GENERIC, "read-only");
  assert_arguments (fixture, 7, "{\"node-name\":\"new\"}");
}

#define CLOSED_AND_EMPTY "[{\"device\": \"\", \"qdev\": \"cd0\", \"locked\": false, \"tray_open\": false}]"
#define OPEN_AND_EMPTY "[{\"device\": \"\", \"qdev\": \"cd0\", \"locked\": false, \"tray_open\": true}]"

/* The guest closes the tray while its medium is out. */
static void
test_closed_meanwhile (Fixture *fixture, gconstpointer data)
{
  done (fixture, "blockdev-add");
  done (fixture, "blockdev-open-tray");
  answer (fixture, "query-block", OPEN);
  done (fixture, "blockdev-remove-medium");
  done (fixture, "blockdev-del");
  refuse (fixture, "blockdev-insert-medium", "Tray of the device is not open");
  answer (fixture, "query-block", CLOSED_AND_EMPTY);
  done (fixture, "blockdev-open-tray");
  answer (fixture, "query-block", OPEN_AND_EMPTY);
  done (fixture, "blockdev-remove-medium");
  done (fixture, "blockdev-insert-medium");
  done (fixture, "blockdev-close-tray");
  change_to_new (fixture);
  g_assert_no_error (fixture->error);
}

/* And again, whenever it is opened. */
static void
test_closed_always (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 6; i++)
    {
      done (fixture, "blockdev-open-tray");
      answer (fixture, "query-block", OPEN_AND_EMPTY);
      refuse (fixture, "blockdev-remove-medium", "Tray of device 'cd0' is not open");
      if (i < 5)
        answer (fixture, "query-block", CLOSED_AND_EMPTY);
    }
  g_assert_false (eject (fixture, "cd0"));
  assert_error (fixture, QMP_ERROR, QMP_ERROR_GENERIC, "is not open");
}

static void
test_options (void)
{
  g_autoptr (QmpMediumOptions) options = g_object_new (QMP_TYPE_MEDIUM_OPTIONS, "force", TRUE, "timeout", 5, NULL);
  gboolean keep_node = TRUE;

  g_assert_cmpint (qmp_medium_options_get_timeout (options), ==, 5);
  g_assert_true (qmp_medium_options_get_force (options));
  g_object_get (options, "keep-node", &keep_node, NULL);
  g_assert_false (keep_node);
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *plain = g_strdup_printf ("/medium/%s", name);
  g_autofree char *blocking = g_strdup_printf ("/medium/%s/blocking", name);

  g_test_add (plain, Fixture, NULL, set_up, test, tear_down);
  g_test_add (blocking, Fixture, "blocking", set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("eject", test_eject);
  add ("keeps-node", test_keeps_node);
  add ("node-in-use", test_node_in_use);
  add ("without-tray", test_without_tray);
  add ("path", test_path);
  add ("guest-lets-go", test_guest_lets_go);
  add ("guest-refuses", test_guest_refuses);
  add ("force", test_force);
  add ("cancelled", test_cancelled);
  add ("gone", test_gone);
  add ("no-drive", test_no_drive);
  add ("change", test_change);
  add ("bad-medium", test_bad_medium);
  add ("without-name", test_without_name);
  add ("change-refused", test_change_refused);
  add ("change-cancelled", test_change_cancelled);
  add ("insert-refused", test_insert_refused);
  add ("closed-meanwhile", test_closed_meanwhile);
  add ("closed-always", test_closed_always);
  g_test_add_func ("/medium/options", test_options);
  return g_test_run ();
}
