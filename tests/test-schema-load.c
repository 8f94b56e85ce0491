/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mock/await.h"
#include "mock/mock-peer.h"
#include "small-schema.h"

/* Loading: once for each connection, whoever asks; and from files. */

typedef struct
{
  MockPeer *peer;
  QmpConnection *connection;
  char *json;
  char *folder_path;
  GFile *folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->peer = mock_peer_new ();
  self->json = small_schema_json ();
  self->folder_path = g_dir_make_tmp ("schema-XXXXXX", NULL);
  self->folder = g_file_new_for_path (self->folder_path);
  mock_greet (self->peer);
}

static char *
find_file (Fixture *self)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder_path, 0, NULL);
  const char *name = g_dir_read_name (folder);
  char *path = name != NULL ? g_build_filename (self->folder_path, name, NULL) : NULL;

  g_assert_null (g_dir_read_name (folder));
  return path;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *file = find_file (self);

  if (file != NULL)
    g_assert_cmpint (g_remove (file), ==, 0);
  g_assert_cmpint (g_rmdir (self->folder_path), ==, 0);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->peer, mock_peer_free);
  g_clear_object (&self->folder);
  g_free (self->folder_path);
  g_free (self->json);
}

static void
expect_load (Fixture *self)
{
  mock_expect (self->peer, "query-qmp-schema");
  mock_return (self->peer, self->json);
}

static void
assert_loaded (QmpSchema *schema, GError *error)
{
  g_assert_no_error (error);
  g_assert_true (qmp_schema_has_command (schema, "blockdev-add"));
}

static QmpSchema *
load (Fixture *self, GFile *folder)
{
  g_autoptr (GError) error = NULL;
  QmpSchema *schema = qmp_connection_load_schema (self->connection, folder, NULL, &error);

  assert_loaded (schema, error);
  return schema;
}

static void
assert_commands (Fixture *self, guint n)
{
  mock_await (self->peer);
  g_assert_cmpuint (mock_count_commands (self->peer), ==, n);
}

/* --- once -------------------------------------------------------------------------- */

static void
test_once (Fixture *self, gconstpointer data)
{
  g_autoptr (QmpSchema) first = NULL, second = NULL, third = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  expect_load (self);
  self->connection = mock_open (self->peer);
  first = load (self, NULL);
  second = load (self, self->folder);
  g_assert_true (first == second);
  qmp_connection_load_schema_async (self->connection, NULL, NULL, await_callback, &called);
  g_assert_cmpuint (called.n_calls, ==, 0);
  third = qmp_connection_load_schema_finish (self->connection, await (&called), &error);
  assert_loaded (third, error);
  g_assert_true (first == third);
  assert_commands (self, 1);

  /* also after the end */
  qmp_connection_close (self->connection, NULL, NULL);
  g_clear_object (&third);
  third = load (self, NULL);
  g_assert_true (first == third);
}

static gpointer
load_in_thread (gpointer data)
{
  return load (data, NULL);
}

/* Callers with a main loop and callers who block, in three threads. */
static void
test_together (Fixture *self, gconstpointer data)
{
  QmpSchema *schemas[5] = { 0 };
  g_autoptr (GError) error = NULL;
  g_auto (Await) one = { 0 }, two = { 0 };
  GThread *threads[2];

  mock_pause (self->peer);
  expect_load (self);
  self->connection = mock_open (self->peer);
  qmp_connection_load_schema_async (self->connection, NULL, NULL, await_callback, &one);
  for (guint i = 0; i < 2; i++)
    threads[i] = g_thread_new ("loader", load_in_thread, self);
  qmp_connection_load_schema_async (self->connection, NULL, NULL, await_callback, &two);
  await_idle ();
  g_assert_cmpuint (one.n_calls + two.n_calls, ==, 0);
  mock_go_on (self->peer);

  schemas[0] = load (self, NULL);
  schemas[1] = qmp_connection_load_schema_finish (self->connection, await (&two), &error);
  assert_loaded (schemas[1], error);
  schemas[2] = qmp_connection_load_schema_finish (self->connection, await (&one), &error);
  assert_loaded (schemas[2], error);
  for (guint i = 0; i < 2; i++)
    schemas[3 + i] = g_thread_join (threads[i]);
  for (guint i = 1; i < G_N_ELEMENTS (schemas); i++)
    g_assert_true (schemas[0] == schemas[i]);
  for (guint i = 0; i < G_N_ELEMENTS (schemas); i++)
    g_object_unref (schemas[i]);
  g_assert_true (one.thread == g_thread_self () && one.source == G_OBJECT (self->connection));
  assert_commands (self, 1);
}

static gpointer
load_in_context (gpointer data)
{
  Fixture *self = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_auto (Await) called = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpSchema) schema = NULL;

  g_main_context_push_thread_default (context);
  qmp_connection_load_schema_async (self->connection, NULL, NULL, await_callback, &called);
  schema = qmp_connection_load_schema_finish (self->connection, await (&called), &error);
  assert_loaded (schema, error);
  g_assert_true (called.thread == g_thread_self ());
  g_main_context_pop_thread_default (context);
  return NULL;
}

/* While nobody runs the connection's own main loop. */
static void
test_other_context (Fixture *self, gconstpointer data)
{
  expect_load (self);
  self->connection = mock_open (self->peer);
  g_thread_join (g_thread_new ("user", load_in_context, self));
  assert_commands (self, 1);
}

/* --- cancelling ------------------------------------------------------------------------ */

static void
assert_cancelled (Fixture *self, Await *called)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (qmp_connection_load_schema_finish (self->connection, await (called), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancel_one (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Await) one = { 0 }, two = { 0 };
  g_autoptr (QmpSchema) schema = NULL;
  g_autoptr (GError) error = NULL;

  mock_expect (self->peer, "query-qmp-schema");
  mock_pause (self->peer);
  mock_return (self->peer, self->json);
  self->connection = mock_open (self->peer);
  qmp_connection_load_schema_async (self->connection, NULL, cancellable, await_callback, &one);
  qmp_connection_load_schema_async (self->connection, NULL, NULL, await_callback, &two);
  mock_await (self->peer);
  g_cancellable_cancel (cancellable);
  assert_cancelled (self, &one);
  g_assert_cmpuint (two.n_calls, ==, 0);
  mock_go_on (self->peer);
  schema = qmp_connection_load_schema_finish (self->connection, await (&two), &error);
  assert_loaded (schema, error);
  assert_commands (self, 1);
}

/* Nobody waits any more; who comes next starts anew, and the late reply to
 * the first is nobody's. */
static void
test_cancel_all (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Await) one = { 0 }, two = { 0 }, three = { 0 }, early = { 0 };
  g_autoptr (QmpSchema) schema = NULL;
  g_autoptr (GError) error = NULL;

  mock_expect (self->peer, "query-qmp-schema");
  mock_pause (self->peer);
  mock_expect (self->peer, "query-qmp-schema");
  mock_return_to (self->peer, 0, "[]");
  mock_return_to (self->peer, 1, self->json);
  self->connection = mock_open (self->peer);
  qmp_connection_load_schema_async (self->connection, NULL, cancellable, await_callback, &one);
  qmp_connection_load_schema_async (self->connection, NULL, cancellable, await_callback, &two);
  mock_await (self->peer);
  g_cancellable_cancel (cancellable);
  assert_cancelled (self, &one);
  assert_cancelled (self, &two);
  qmp_connection_load_schema_async (self->connection, NULL, cancellable, await_callback, &early);
  assert_cancelled (self, &early);
  g_assert_null (qmp_connection_load_schema (self->connection, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  mock_go_on (self->peer);
  qmp_connection_load_schema_async (self->connection, NULL, NULL, await_callback, &three);
  schema = qmp_connection_load_schema_finish (self->connection, await (&three), &error);
  assert_loaded (schema, error);
  assert_commands (self, 2);
}

static gpointer
cancel_once_asked (gpointer data)
{
  gpointer *both = data;

  mock_await (both[0]);
  g_cancellable_cancel (both[1]);
  return NULL;
}

static void
test_cancel_blocking (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer both[] = { self->peer, cancellable };
  g_autoptr (GError) error = NULL;
  GThread *thread;

  mock_expect (self->peer, "query-qmp-schema");
  mock_pause (self->peer);
  self->connection = mock_open (self->peer);
  thread = g_thread_new ("canceller", cancel_once_asked, both);
  g_assert_null (qmp_connection_load_schema (self->connection, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  mock_go_on (self->peer);
}

/* --- failing --------------------------------------------------------------------------- */

static void
test_failure_then_success (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpSchema) schema = NULL;
  g_auto (Await) one = { 0 }, two = { 0 };

  mock_expect (self->peer, "query-qmp-schema");
  mock_error (self->peer, "GenericError", "Not now");
  mock_expect (self->peer, "query-qmp-schema");
  mock_return (self->peer, "[{\"name\":\"c\",\"meta-type\":\"command\",\"arg-type\":\"a\",\"ret-type\":\"a\"}]");
  expect_load (self);
  self->connection = mock_open (self->peer);
  qmp_connection_load_schema_async (self->connection, self->folder, NULL, await_callback, &one);
  qmp_connection_load_schema_async (self->connection, self->folder, NULL, await_callback, &two);
  g_assert_null (qmp_connection_load_schema_finish (self->connection, await (&one), &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_assert_cmpstr (qmp_error_get_command (error), ==, "query-qmp-schema");
  g_clear_error (&error);
  g_assert_null (qmp_connection_load_schema_finish (self->connection, await (&two), &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_clear_error (&error);

  g_assert_null (qmp_connection_load_schema (self->connection, self->folder, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_cmpstr (error->message, ==, "This is no schema: entry 0 (c): there is no type a");
  g_assert_null (find_file (self));
  schema = load (self, NULL);
  assert_commands (self, 3);
}

static void
test_end (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  mock_expect (self->peer, "query-qmp-schema");
  mock_hang_up (self->peer);
  self->connection = mock_open (self->peer);
  qmp_connection_load_schema_async (self->connection, NULL, NULL, await_callback, &called);
  g_assert_null (qmp_connection_load_schema_finish (self->connection, await (&called), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* Dropping the connection in the callback is dropping the last reference. */
static void
test_lifetime (Fixture *self, gconstpointer data)
{
  gpointer watched;
  g_auto (Await) called = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpSchema) schema = NULL;

  expect_load (self);
  self->connection = mock_open (self->peer);
  qmp_connection_load_schema_async (self->connection, NULL, NULL, await_callback, &called);
  schema = qmp_connection_load_schema_finish (self->connection, await (&called), &error);
  assert_loaded (schema, error);
  await_clear (&called);
  watched = self->connection;
  g_object_add_weak_pointer (watched, &watched);
  g_clear_object (&self->connection);
  await_idle ();
  g_assert_null (watched);
  g_assert_true (qmp_schema_has_command (schema, "yank"));
}

/* --- files ------------------------------------------------------------------------------ */

/* A second connection to a second peer. */
static void
open_again (Fixture *self, gboolean asks)
{
  g_clear_object (&self->connection);
  mock_peer_free (self->peer);
  self->peer = mock_peer_new ();
  mock_greet (self->peer);
  if (asks)
    expect_load (self);
  self->connection = mock_open (self->peer);
}

static char *
fill_cache (Fixture *self)
{
  g_autoptr (QmpSchema) schema = NULL;

  expect_load (self);
  self->connection = mock_open (self->peer);
  schema = load (self, self->folder);
  assert_commands (self, 1);
  return find_file (self);
}

static void
assert_hit (Fixture *self)
{
  g_autoptr (QmpSchema) schema = NULL;

  open_again (self, FALSE);
  schema = load (self, self->folder);
  assert_commands (self, 0);
}

static void
assert_miss (Fixture *self)
{
  g_autoptr (QmpSchema) schema = NULL;

  open_again (self, TRUE);
  schema = load (self, self->folder);
  assert_commands (self, 1);
}

static void
test_cache (Fixture *self, gconstpointer data)
{
  g_autofree char *file = fill_cache (self), *name = g_path_get_basename (file);
  struct stat info;

  g_assert_cmpstr (name, ==, "qmp-schema-10.0.2-Debian_1_10.0.2+ds_2-081a5792cd3476c1.json");
  g_assert_cmpint (stat (file, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
  assert_hit (self);
}

/* What is not a whole, sound schema of this very version is replaced. */
static void
test_broken_cache (Fixture *self, gconstpointer data)
{
  g_autofree char *file = fill_cache (self), *text = NULL;
  g_autoptr (GPtrArray) broken = g_ptr_array_new_with_free_func (g_free);
  gsize length;

  g_assert_true (g_file_get_contents (file, &text, &length, NULL));
  g_ptr_array_add (broken, g_strdup (""));
  g_ptr_array_add (broken, g_strdup ("{}"));
  g_ptr_array_add (broken, g_strdup (self->json));
  g_ptr_array_add (broken, g_strndup (text, length - 1));
  g_ptr_array_add (broken, g_strconcat (text, "{}", NULL));
  g_ptr_array_add (broken, g_strdup_printf ("{\"qemu\":\"10.0.3\"%s", strstr (text, ",\"package\"")));
  g_ptr_array_add (broken, g_strdup_printf ("{\"qemu\":\"10.0.2\",\"package\":\"\"%s", strstr (text, ",\"schema\"")));
  g_ptr_array_add (broken, g_strdup ("{\"qemu\":\"10.0.2\",\"package\":\"Debian 1:10.0.2+ds-2\",\"schema\":[]}"));
  for (guint i = 0; i < broken->len; i++)
    {
      g_assert_true (g_file_set_contents (file, broken->pdata[i], -1, NULL));
      assert_miss (self);
      assert_hit (self);
    }
}

static void
test_foreign_cache (Fixture *self, gconstpointer data)
{
  g_autofree char *file = fill_cache (self), *elsewhere = g_strconcat (self->folder_path, "-elsewhere", NULL);

  g_assert_cmpint (g_chmod (file, 0666), ==, 0);
  assert_miss (self);
  assert_hit (self);

  g_assert_cmpint (g_rename (file, elsewhere), ==, 0);
  g_assert_cmpint (symlink (elsewhere, file), ==, 0);
  assert_miss (self);
  g_assert_false (g_file_test (file, G_FILE_TEST_IS_SYMLINK));
  assert_hit (self);
  g_assert_cmpint (g_remove (elsewhere), ==, 0);

  /* the limits of this connection, not of the one that wrote it */
  g_assert_cmpint (truncate (file, 11 * 1024 * 1024), ==, 0);
  assert_miss (self);
  assert_hit (self);
}

/* A folder that is made; one that is a file, and so cannot be written to even
 * by root; and one that is not local. */
static void
test_cache_folder (Fixture *self, gconstpointer data)
{
  g_autofree char *file = fill_cache (self), *made = g_build_filename (self->folder_path, "a", "b", NULL);
  g_autofree char *inner = g_path_get_dirname (made);
  g_autoptr (GFile) new_folder = g_file_new_for_path (made), in_file = g_file_new_for_path (file);
  g_autoptr (GFile) remote = g_file_new_for_uri ("nonsense://example.org/folder");
  GFile *useless[] = { in_file, remote };
  g_autofree char *written = NULL, *name = g_path_get_basename (file);
  g_autoptr (QmpSchema) schema = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (useless); i++)
    {
      open_again (self, TRUE);
      schema = load (self, useless[i]);
      assert_commands (self, 1);
      g_clear_object (&schema);
    }

  open_again (self, TRUE);
  schema = load (self, new_folder);
  written = g_build_filename (made, name, NULL);
  g_assert_cmpint (g_remove (written), ==, 0);
  g_assert_cmpint (g_rmdir (made), ==, 0);
  g_assert_cmpint (g_rmdir (inner), ==, 0);
}

/* What a greeting says goes into a file's name: it must not lead elsewhere. */
static void
test_hostile_name (Fixture *self, gconstpointer data)
{
  static const char greeting[] =
    "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 0, \"minor\": 0, \"major\": 9}, "
    "\"package\": \"../../../../\\n%s/etc/\\u00e9\\\"\\\\xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}, \"capabilities\": []}}\r\n";
  g_autofree char *file = NULL, *name = NULL;

  self->connection = mock_open (self->peer);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (QmpSchema) schema = NULL;

      g_clear_object (&self->connection);
      mock_peer_free (self->peer);
      self->peer = mock_peer_new ();
      mock_send (self->peer, greeting);
      mock_negotiate (self->peer);
      if (i == 0)
        expect_load (self);
      self->connection = mock_open (self->peer);
      schema = load (self, self->folder);
      assert_commands (self, i == 0 ? 1 : 0);
    }
  file = find_file (self);
  name = g_path_get_basename (file);
  g_assert_true (g_str_has_prefix (name, "qmp-schema-9.0.0-.._.._.._.._"));
  g_assert_cmpuint (strlen (name), <, 128);
}

#define TEST(path, body) g_test_add (path, Fixture, NULL, set_up, body, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/schema-load/once", test_once);
  TEST ("/schema-load/together", test_together);
  TEST ("/schema-load/other-context", test_other_context);
  TEST ("/schema-load/cancel-one", test_cancel_one);
  TEST ("/schema-load/cancel-all", test_cancel_all);
  TEST ("/schema-load/cancel-blocking", test_cancel_blocking);
  TEST ("/schema-load/failure-then-success", test_failure_then_success);
  TEST ("/schema-load/end", test_end);
  TEST ("/schema-load/lifetime", test_lifetime);
  TEST ("/schema-load/cache", test_cache);
  TEST ("/schema-load/broken-cache", test_broken_cache);
  TEST ("/schema-load/foreign-cache", test_foreign_cache);
  TEST ("/schema-load/cache-folder", test_cache_folder);
  TEST ("/schema-load/hostile-name", test_hostile_name);
  return g_test_run ();
}
