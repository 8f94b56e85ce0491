/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

#define CHILD(name, type) "{\"name\":\"" name "\",\"type\":\"child<" type ">\"}"
#define PROPERTY(name, type) "{\"name\":\"" name "\",\"type\":\"" type "\"}"

typedef struct
{
  guint count, position, removed, added;
} Changes;

static void
on_changed (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  *(Changes *) data = (Changes) { ((Changes *) data)->count + 1, position, removed, added };
}

static void
count_notify (GObject *object, GParamSpec *pspec, gpointer data)
{
  ++*(guint *) data;
}

static char *
list_names (QmpQomNode *node)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (node)); i++)
    {
      g_autoptr (QmpQomNode) child = g_list_model_get_item (G_LIST_MODEL (node), i);

      g_string_append_printf (names, "%s%s:%s", i > 0 ? " " : "", qmp_qom_node_get_name (child),
                              qmp_qom_node_get_type_name (child));
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
assert_names (QmpQomNode *node, const char *expected)
{
  g_autofree char *names = list_names (node);

  g_assert_cmpstr (names, ==, expected);
}

static void
load (QmpQomNode *node)
{
  g_autoptr (GError) error = NULL;
  gboolean loaded = qmp_qom_node_load (node, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (loaded);
}

static void
reload (MockPeer *peer, QmpQomNode *node, const char *reply)
{
  mock_expect (peer, "qom-list");
  mock_return (peer, reply);
  load (node);
}

static void
test_load (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpQomNode) node = NULL, child = NULL;
  g_autoptr (GPtrArray) properties = NULL;
  g_auto (Await) loaded = { 0 };
  guint notified = 0;

  mock_greet (peer);
  mock_expect (peer, "qom-list");
  mock_return (peer, "[" PROPERTY ("type", "string") "," CHILD ("peripheral", "container") ","
                         PROPERTY ("usb", "bool") "," CHILD ("unattached", "container") "]");
  mock_expect (peer, "qom-get");
  mock_return (peer, "\"pc-machine\"");
  connection = mock_open (peer);
  node = qmp_qom_node_new (connection, "/machine");
  g_assert_true (qmp_qom_node_get_connection (node) == connection);
  g_assert_cmpstr (qmp_qom_node_get_name (node), ==, "machine");
  g_assert_null (qmp_qom_node_get_type_name (node));
  g_assert_false (qmp_qom_node_get_loaded (node));
  g_signal_connect (node, "notify", G_CALLBACK (count_notify), &notified);
  qmp_qom_node_load_async (node, NULL, await_callback, &loaded);
  g_assert_true (qmp_qom_node_load_finish (node, await (&loaded), NULL));
  g_assert_cmpuint (notified, ==, 2);
  g_assert_true (qmp_qom_node_get_loaded (node));
  g_assert_cmpstr (qmp_qom_node_get_type_name (node), ==, "pc-machine");
  assert_names (node, "peripheral:container unattached:container");
  child = g_list_model_get_item (G_LIST_MODEL (node), 1);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (node)) == QMP_TYPE_QOM_NODE);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (node), 2));
  g_assert_true (qmp_qom_node_find_child (node, "unattached") == child);
  g_assert_null (qmp_qom_node_find_child (node, "usb"));
  g_assert_cmpstr (qmp_qom_node_get_path (child), ==, "/machine/unattached");
  g_assert_false (qmp_qom_node_get_loaded (child));
  properties = qmp_qom_node_get_properties (node);
  g_assert_cmpuint (properties->len, ==, 2);
  g_assert_true (qmp_qom_node_find_property (node, "usb") == properties->pdata[1]);
  g_assert_cmpstr (qmp_object_property_info_get_type_member (properties->pdata[1]), ==, "bool");
  g_assert_null (qmp_qom_node_find_property (node, "peripheral"));
  mock_await (peer);
  g_assert_cmpstr (mock_get_command (peer, 0)->arguments, ==, "{\"path\":\"/machine\"}");
}

static void
test_root (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpQomNode) node = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  node = qmp_qom_node_new (connection, "/");
  g_assert_cmpstr (qmp_qom_node_get_name (node), ==, "");
  reload (peer, node, "[" CHILD ("machine", "pc-machine") "]");
  g_assert_cmpstr (qmp_qom_node_get_path (qmp_qom_node_find_child (node, "machine")), ==, "/machine");
}

/* A child's type is known: one command is all. */
static void
test_reload (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpQomNode) node = NULL, kept = NULL;
  Changes changes = { 0 };

  mock_greet (peer);
  connection = mock_open (peer);
  node = qmp_qom_node_new (connection, "/p");
  g_signal_connect (node, "items-changed", G_CALLBACK (on_changed), &changes);
  reload (peer, node, "[" CHILD ("a", "x") "," CHILD ("b", "x") "," CHILD ("c", "x") "]");
  g_assert_cmpuint (changes.added, ==, 3);
  kept = g_object_ref (qmp_qom_node_find_child (node, "c"));

  reload (peer, node, "[" CHILD ("a", "x") "," CHILD ("b", "x") "," CHILD ("c", "x") "]");
  g_assert_cmpuint (changes.count, ==, 1);

  reload (peer, node, "[" CHILD ("a", "x") "," CHILD ("c", "x") "]");
  g_assert_cmpuint (changes.count, ==, 2);
  g_assert_cmpuint (changes.position, ==, 1);
  g_assert_cmpuint (changes.removed, ==, 1);
  g_assert_cmpuint (changes.added, ==, 0);

  reload (peer, node, "[" CHILD ("a", "y") "," CHILD ("new", "x") "," CHILD ("c", "x") "]");
  g_assert_cmpuint (changes.count, ==, 3);
  g_assert_cmpuint (changes.position, ==, 0);
  g_assert_cmpuint (changes.removed, ==, 1);
  g_assert_cmpuint (changes.added, ==, 2);
  assert_names (node, "a:y new:x c:x");
  g_assert_true (qmp_qom_node_find_child (node, "c") == kept);

  reload (peer, node, "[]");
  g_assert_cmpuint (changes.removed, ==, 3);
  g_assert_cmpstr (qmp_qom_node_get_path (kept), ==, "/p/c");
}

static void
test_hostile_names (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpQomNode) node = NULL, last = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strnfill (5000, 'n');
  g_autofree char *reply = g_strdup_printf ("[" CHILD ("%s", "x") "]", name);

  mock_greet (peer);
  connection = mock_open (peer);
  node = qmp_qom_node_new (connection, "/p");
  reload (peer, node, "[" CHILD ("", "x") "," CHILD ("..", "x") "," CHILD ("a/b", "x") "," CHILD ("a", "") ","
                      CHILD ("d", "x") "," CHILD ("d", "x") "," PROPERTY ("e", "child<") "," PROPERTY ("f", "child<x") "]");
  assert_names (node, "..:x a: d:x d:x");
  reload (peer, node, "[" CHILD ("d", "x") "," CHILD ("d", "x") "," CHILD ("d", "x") "]");
  assert_names (node, "d:x d:x d:x");

  /* whoever descends a tree without an end comes to one */
  reload (peer, node, reply);
  last = g_object_ref (qmp_qom_node_find_child (node, name));
  g_assert_false (qmp_qom_node_load (last, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_TOO_LARGE);
  mock_await (peer);
  g_assert_cmpuint (mock_count_commands (peer), ==, 3);
}

static void
test_failures (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpQomNode) node = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) cancelled = { 0 }, ended = { 0 };

  mock_greet (peer);
  connection = mock_open (peer);
  node = qmp_qom_node_new (connection, "/p");
  reload (peer, node, "[" CHILD ("a", "x") "]");

  mock_expect (peer, "qom-list");
  mock_error (peer, "DeviceNotFound", "Device '/p' not found");
  g_assert_false (qmp_qom_node_load (node, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_DEVICE_NOT_FOUND);
  g_clear_error (&error);

  mock_expect (peer, "qom-list");
  mock_return (peer, "[" PROPERTY ("type", "string") "]");
  mock_expect (peer, "qom-get");
  mock_return (peer, "7");
  g_assert_false (qmp_qom_node_load (node, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE);
  g_clear_error (&error);

  mock_expect (peer, "qom-list");
  qmp_qom_node_load_async (node, cancellable, await_callback, &cancelled);
  g_cancellable_cancel (cancellable);
  g_assert_false (qmp_qom_node_load_finish (node, await (&cancelled), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  mock_expect (peer, "qom-list");
  mock_hang_up (peer);
  qmp_qom_node_load_async (node, NULL, await_callback, &ended);
  g_assert_false (qmp_qom_node_load_finish (node, await (&ended), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  assert_names (node, "a:x");
}

static void
test_read_and_write (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpQomNode) node = NULL;
  g_autoptr (QmpValue) truth = NULL, number = NULL, nothing = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) read = { 0 }, failed = { 0 }, written = { 0 };
  gboolean on = FALSE;
  guint64 size = 0;

  mock_greet (peer);
  mock_expect (peer, "qom-get");
  mock_return (peer, "true");
  mock_expect (peer, "qom-get");
  mock_return (peer, "18446744073709551615");
  mock_expect (peer, "qom-get");
  mock_error (peer, "GenericError", "Property 'p.nothing' not found");
  mock_expect (peer, "qom-set");
  mock_return (peer, "{}");
  mock_expect (peer, "qom-set");
  mock_error (peer, "GenericError", "Invalid parameter type for 'usb', expected: boolean");
  connection = mock_open (peer);
  node = qmp_qom_node_new (connection, "/p");

  truth = qmp_qom_node_read (node, "a \"name\"", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (qmp_value_get_boolean (truth, &on) && on);
  qmp_qom_node_read_async (node, "size", NULL, await_callback, &read);
  number = qmp_qom_node_read_finish (node, await (&read), NULL);
  g_assert_true (qmp_value_get_uint64 (number, &size));
  g_assert_cmpuint (size, ==, G_MAXUINT64);
  qmp_qom_node_read_async (node, "nothing", NULL, await_callback, &failed);
  nothing = qmp_qom_node_read_finish (node, await (&failed), &error);
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_clear_error (&error);

  qmp_qom_node_write_async (node, "usb", "false", NULL, await_callback, &written);
  g_assert_true (qmp_qom_node_write_finish (node, await (&written), NULL));
  g_assert_false (qmp_qom_node_write (node, "usb", "7", NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_clear_error (&error);
  g_assert_false (qmp_qom_node_write (node, "usb", "off", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  mock_await (peer);
  g_assert_cmpstr (mock_get_command (peer, 0)->arguments, ==, "{\"path\":\"/p\",\"property\":\"a \\\"name\\\"\"}");
  g_assert_cmpstr (mock_get_command (peer, 3)->arguments, ==, "{\"path\":\"/p\",\"property\":\"usb\",\"value\":false}");
}

static void
assert_follows_not (QmpQomNode *node, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpQomNode) target = qmp_qom_node_follow (node, "link", NULL, &error);

  g_assert_null (target);
  g_assert_error (error, domain, code);
}

static void
test_follow (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpQomNode) node = NULL, one = NULL, two = NULL;
  g_auto (Await) followed = { 0 };
  const char *const replies[] = { "\"/objects/ram\"", "\"/objects/ram\"", "\"\"", "\"text\"", "7" };

  mock_greet (peer);
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      mock_expect (peer, "qom-get");
      mock_return (peer, replies[i]);
    }
  connection = mock_open (peer);
  node = qmp_qom_node_new (connection, "/p");
  one = qmp_qom_node_follow (node, "link", NULL, NULL);
  g_assert_cmpstr (qmp_qom_node_get_path (one), ==, "/objects/ram");
  qmp_qom_node_follow_async (node, "link", NULL, await_callback, &followed);
  two = qmp_qom_node_follow_finish (node, await (&followed), NULL);
  g_assert_cmpstr (qmp_qom_node_get_name (two), ==, "ram");
  assert_follows_not (node, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_follows_not (node, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  assert_follows_not (node, QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qom-node/load", test_load);
  g_test_add_func ("/qom-node/root", test_root);
  g_test_add_func ("/qom-node/reload", test_reload);
  g_test_add_func ("/qom-node/hostile-names", test_hostile_names);
  g_test_add_func ("/qom-node/failures", test_failures);
  g_test_add_func ("/qom-node/read-and-write", test_read_and_write);
  g_test_add_func ("/qom-node/follow", test_follow);
  return g_test_run ();
}
