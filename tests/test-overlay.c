/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* Overlays with a QEMU that fails, or is given up on, at any step. Each test
 * runs twice: in a main context, and blocking. */

#define NODE(name, driver, file, children) \
  "{\"node-name\": \"" name "\", \"drv\": \"" driver "\", \"file\": \"" file "\", \"ro\": false, \"encrypted\": false, " children \
  "\"backing_file_depth\": 0, \"detect_zeroes\": \"off\", \"write_threshold\": 0, \"iops\": 0, \"iops_rd\": 0, \"iops_wr\": 0," \
  " \"bps\": 0, \"bps_rd\": 0, \"bps_wr\": 0, \"cache\": {\"writeback\": true, \"direct\": true, \"no-flush\": false}," \
  " \"image\": {\"filename\": \"" file "\", \"format\": \"" driver "\", \"virtual-size\": 4096}}"
#define BELOW(role, name) "\"children\": [{\"child\": \"" role "\", \"node-name\": \"" name "\"}], "
#define NONE_BELOW "\"children\": [], "

/* slow (a filter) → two → one → disk; and spare */
#define NODES \
  "[" NODE ("slow", "throttle", "/two", "") "," NODE ("two", "qcow2", "/two", "") "," NODE ("one", "qcow2", "/one", "") "," \
  NODE ("disk", "qcow2", "/disk", "") "," NODE ("spare", "raw", "/spare", "") "," NODE ("#file", "file", "/disk", "") "]"
#define GRAPH_NODE(name, id) "{\"name\": \"" name "\", \"type\": \"block-driver\", \"id\": " id "}"
#define GRAPH_EDGE(name, parent, child) \
  "{\"name\": \"" name "\", \"parent\": " parent ", \"child\": " child ", \"perm\": [], \"shared-perm\": []}"
#define GRAPH \
  "{\"nodes\": [{\"name\": \"disk\", \"type\": \"block-backend\", \"id\": 9}," GRAPH_NODE ("slow", "1") "," GRAPH_NODE ("two", "2") "," \
  GRAPH_NODE ("one", "18446744073709551615") "," GRAPH_NODE ("disk", "4") "," GRAPH_NODE ("spare", "5") "," \
  GRAPH_NODE ("#file", "6") "], \"edges\": [" GRAPH_EDGE ("root", "9", "1") "," GRAPH_EDGE ("file", "1", "2") "," \
  GRAPH_EDGE ("file", "2", "6") "," GRAPH_EDGE ("backing", "2", "18446744073709551615") "," \
  GRAPH_EDGE ("backing", "18446744073709551615", "4") "," GRAPH_EDGE ("file", "4", "6") "]}"
#define NODES_LATER \
  "[" NODE ("slow", "throttle", "/two", BELOW ("file", "two")) "," NODE ("two", "qcow2", "/two", BELOW ("backing", "one")) "," \
  NODE ("one", "qcow2", "/one", BELOW ("backing", "disk")) "," NODE ("disk", "qcow2", "/disk", BELOW ("file", "#file")) "," \
  NODE ("#file", "file", "/disk", NONE_BELOW) "]"

/* What goes wrong, and with which command, from 0. */
typedef enum
{
  NOTHING,
  REFUSAL,
  FAILURE,      /* of a job; of another command, it is refused */
  CANCEL,
  SILENCE,
} Fault;

typedef struct
{
  MockPeer *peer;
  QmpConnection *connection;
  gboolean blocking;
  GCancellable *cancellable;
  Fault fault;
  guint at;
  const char *nodes;
  const char *graph;
  GPtrArray *log;        /* commands, with what is told of them */
  gboolean job_failed;
  gboolean over;         /* it has ended */
  char *job;
  GError *error;
} Fixture;

/* --- a QEMU with block nodes ------------------------------------------------------------------ */

static char *
join (const char *events, char *reply)
{
  char *all = g_strconcat (events, reply, NULL);

  g_free (reply);
  return all;
}

static void
append_status (GString *text, const char *id, const char *statuses)
{
  g_auto (GStrv) words = g_strsplit (statuses, " ", -1);

  for (char **word = words; *word != NULL; word++)
    g_string_append_printf (text, "{\"event\": \"JOB_STATUS_CHANGE\", \"data\": {\"status\": \"%s\", \"id\": \"%s\"}}\r\n", *word, id);
}

static char *
refuse (const MockCommand *command)
{
  return g_strdup_printf ("{\"error\": {\"class\": \"GenericError\", \"desc\": \"%s: no\"}, \"id\": %s}\r\n", command->name, command->id);
}

static char *
begin_job (Fixture *fixture, const MockCommand *command, gboolean fails)
{
  g_autoptr (QmpValue) arguments = qmp_value_new_from_json (command->arguments, NULL);
  g_autoptr (GString) events = g_string_new (NULL);
  gboolean commits = g_str_equal (command->name, "block-commit"), create = g_str_equal (command->name, "blockdev-create");

  g_free (fixture->job);
  fixture->job = qmp_value_dup_member_string (arguments, "job-id");
  fixture->job_failed = fails;
  fixture->over = fails || !commits;
  append_status (events, fixture->job, "created running");
  append_status (events, fixture->job, fails ? "aborting" : commits ? "ready" : "waiting pending");
  if (!create && fails)
    g_string_append_printf (events, "{\"event\": \"BLOCK_JOB_COMPLETED\", \"data\": {\"device\": \"%s\", \"len\": 5, \"offset\": 2,"
                            " \"speed\": 0, \"type\": \"commit\", \"error\": \"No room\"}}\r\n", fixture->job);
  if (create)
    append_status (events, fixture->job, "concluded");
  else if (fails || !commits)
    append_status (events, fixture->job, "concluded null");
  return join (events->str, mock_make_return (command, "{}"));
}

/* A commit that is ready; the others have ended by themselves. */
static char *
go_on (Fixture *fixture, const MockCommand *command)
{
  g_autoptr (GString) events = g_string_new (NULL);

  if (fixture->over)
    return refuse (command);
  fixture->over = TRUE;
  if (g_str_equal (command->name, "job-cancel"))
    g_string_append_printf (events, "{\"event\": \"BLOCK_JOB_CANCELLED\", \"data\": {\"device\": \"%s\", \"len\": 5, \"offset\": 2,"
                            " \"speed\": 0, \"type\": \"commit\"}}\r\n", fixture->job);
  append_status (events, fixture->job, g_str_equal (command->name, "job-cancel") ? "aborting concluded null" : "waiting pending concluded null");
  return join (events->str, mock_make_return (command, "{}"));
}

static char *
tell_jobs (Fixture *fixture, const MockCommand *command)
{
  g_autofree char *json = g_strdup_printf ("[{\"id\": \"%s\", \"type\": \"create\", \"status\": \"concluded\", \"current-progress\": 1,"
                                           " \"total-progress\": 1%s}]", fixture->job, fixture->job_failed ? ", \"error\": \"No room\"" : "");

  return mock_make_return (command, json);
}

static gboolean
is_job (const MockCommand *command)
{
  return g_str_equal (command->name, "blockdev-create") || g_str_equal (command->name, "block-commit") ||
         g_str_equal (command->name, "block-stream");
}

static char *
answer (G_GNUC_UNUSED MockPeer *peer, const MockCommand *command, gpointer data)
{
  Fixture *fixture = data;
  gboolean now = fixture->log->len == fixture->at;

  g_ptr_array_add (fixture->log, g_strconcat (command->name, " ", command->arguments, NULL));
  if (now && fixture->fault == CANCEL)
    g_cancellable_cancel (fixture->cancellable);
  if (now && (fixture->fault == REFUSAL || (fixture->fault == FAILURE && !is_job (command))))
    return refuse (command);
  if (now && fixture->fault == SILENCE)
    return NULL;
  if (is_job (command))
    return begin_job (fixture, command, now && fixture->fault == FAILURE);
  if (g_str_equal (command->name, "query-named-block-nodes"))
    return mock_make_return (command, fixture->nodes);
  if (g_str_equal (command->name, "x-debug-query-block-graph"))
    return mock_make_return (command, fixture->graph);
  if (g_str_equal (command->name, "query-jobs"))
    return tell_jobs (fixture, command);
  if (g_str_equal (command->name, "job-complete") || g_str_equal (command->name, "job-cancel"))
    return go_on (fixture, command);
  return mock_make_return (command, "{}");
}

static void
set_up (Fixture *fixture, gconstpointer blocking)
{
  fixture->blocking = blocking != NULL;
  fixture->nodes = NODES;
  fixture->graph = GRAPH;
  fixture->log = g_ptr_array_new_with_free_func (g_free);
}

static void
disconnect (Fixture *fixture)
{
  g_clear_object (&fixture->connection);
  g_clear_pointer (&fixture->peer, mock_peer_free);
  g_clear_object (&fixture->cancellable);
  g_clear_pointer (&fixture->job, g_free);
  g_clear_error (&fixture->error);
}

static void
tear_down (Fixture *fixture, gconstpointer blocking)
{
  disconnect (fixture);
  g_ptr_array_unref (fixture->log);
}

/* A new one, with its fault before it. */
static void
connect_to (Fixture *fixture, Fault fault, guint at)
{
  disconnect (fixture);
  g_ptr_array_set_size (fixture->log, 0);
  fixture->fault = fault;
  fixture->at = at;
  fixture->cancellable = g_cancellable_new ();
  fixture->peer = mock_peer_new ();
  mock_greet (fixture->peer);
  fixture->connection = mock_open (fixture->peer);
  mock_answer_all (fixture->peer, answer, fixture);
}

static guint
count (Fixture *fixture, const char *command)
{
  guint n = 0;

  for (guint i = 0; i < fixture->log->len; i++)
    n += g_str_has_prefix (fixture->log->pdata[i], command) ? 1 : 0;
  return n;
}

static const char *
find (Fixture *fixture, const char *command)
{
  for (guint i = 0; i < fixture->log->len; i++)
    if (g_str_has_prefix (fixture->log->pdata[i], command))
      return fixture->log->pdata[i];
  return NULL;
}

/* --- the calls -------------------------------------------------------------------------------- */

static QmpExternalSnapshot *
new_snapshot (void)
{
  QmpExternalSnapshot *snapshot = qmp_external_snapshot_new ();
  g_autoptr (QmpBlockdevOptions) options = qmp_blockdev_options_new_from_json (
    "{\"driver\": \"qcow2\", \"node-name\": \"there\", \"file\": \"#there\"}", NULL);

  qmp_external_snapshot_add_disk (snapshot, "two", "/three", "three");
  qmp_external_snapshot_add_disk (snapshot, "spare", "/more", NULL);
  qmp_external_snapshot_add_overlay (snapshot, "disk", options);
  return snapshot;
}

static char **
take (Fixture *fixture, QmpExternalSnapshot *snapshot)
{
  g_auto (Await) call = { NULL };

  if (fixture->blocking)
    return qmp_external_snapshot_take (snapshot, fixture->connection, fixture->cancellable, &fixture->error);
  qmp_external_snapshot_take_async (snapshot, fixture->connection, fixture->cancellable, await_callback, &call);
  return qmp_external_snapshot_take_finish (snapshot, await (&call), &fixture->error);
}

static char *
commit (Fixture *fixture, const char *node, const char *top, const char *base)
{
  g_autoptr (QmpBlockCommitArguments) arguments = qmp_block_commit_arguments_new ();
  g_auto (Await) call = { NULL };

  if (top != NULL)
    qmp_block_commit_arguments_set_top_node (arguments, top);
  if (base != NULL)
    qmp_block_commit_arguments_set_base_node (arguments, base);
  if (fixture->blocking)
    return qmp_connection_commit_overlay (fixture->connection, node, arguments, fixture->cancellable, &fixture->error);
  qmp_connection_commit_overlay_async (fixture->connection, node, arguments, fixture->cancellable, await_callback, &call);
  return qmp_connection_commit_overlay_finish (fixture->connection, await (&call), &fixture->error);
}

static gboolean
stream (Fixture *fixture, const char *node, QmpBlockStreamArguments *arguments)
{
  g_auto (Await) call = { NULL };

  if (fixture->blocking)
    return qmp_connection_stream_overlay (fixture->connection, node, arguments, fixture->cancellable, &fixture->error);
  qmp_connection_stream_overlay_async (fixture->connection, node, arguments, fixture->cancellable, await_callback, &call);
  return qmp_connection_stream_overlay_finish (fixture->connection, await (&call), &fixture->error);
}

static char *
chain_of (Fixture *fixture, const char *node)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GPtrArray) chain = NULL;
  g_auto (Await) call = { NULL };

  if (fixture->blocking)
    chain = qmp_connection_list_chain (fixture->connection, node, fixture->cancellable, &fixture->error);
  else
    {
      qmp_connection_list_chain_async (fixture->connection, node, fixture->cancellable, await_callback, &call);
      chain = qmp_connection_list_chain_finish (fixture->connection, await (&call), &fixture->error);
    }
  for (guint i = 0; chain != NULL && i < chain->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? " " : "", qmp_block_device_info_get_node_name (chain->pdata[i]));
  return chain != NULL ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

/* --- taking ----------------------------------------------------------------------------------- */

static void
test_take (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpExternalSnapshot) snapshot = new_snapshot ();
  g_auto (GStrv) names = NULL;
  g_autofree char *switched = NULL;

  connect_to (fixture, NOTHING, 0);
  names = take (fixture, snapshot);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (g_strv_length (names), ==, 3);
  g_assert_cmpstr (names[0], ==, "three");
  g_assert_true (g_regex_match_simple ("^overlay-[0-9a-f]{8}$", names[1], 0, 0));
  g_assert_cmpstr (names[2], ==, "there");
  g_assert_nonnull (strstr (find (fixture, "blockdev-create"), "{\"driver\":\"file\",\"filename\":\"/three\",\"size\":0}"));
  g_assert_cmpstr (find (fixture, "blockdev-add"), ==,
                   "blockdev-add {\"driver\":\"qcow2\",\"node-name\":\"three\",\"backing\":null,\"cache\":{\"direct\":true,\"no-flush\":false},"
                   "\"file\":{\"driver\":\"file\",\"filename\":\"/three\"}}");
  switched = g_strdup_printf ("transaction {\"actions\":["
                              "{\"type\":\"blockdev-snapshot\",\"data\":{\"node\":\"two\",\"overlay\":\"three\"}},"
                              "{\"type\":\"blockdev-snapshot\",\"data\":{\"node\":\"spare\",\"overlay\":\"%s\"}},"
                              "{\"type\":\"blockdev-snapshot\",\"data\":{\"node\":\"disk\",\"overlay\":\"there\"}}]}", names[1]);
  g_assert_cmpstr (find (fixture, "transaction"), ==, switched);
  g_assert_cmpuint (count (fixture, "blockdev-del"), ==, 0);
}

/* As many are removed as were added, the last first, and once. */
static void
assert_taken_back (Fixture *fixture)
{
  guint n_added = count (fixture, "blockdev-add");

  if (g_str_has_prefix (fixture->log->pdata[fixture->at], "blockdev-add") && fixture->fault != CANCEL)
    n_added--;
  g_assert_cmpuint (count (fixture, "blockdev-del"), ==, n_added);
  if (n_added > 0)
    g_assert_cmpstr (fixture->log->pdata[fixture->log->len - 1], ==, "blockdev-del {\"node-name\":\"three\"}");
}

/* What QEMU says of a job that has ended is not needed to go on. */
static gboolean
is_dispensable (const char *command)
{
  return g_str_has_prefix (command, "job-dismiss") || g_str_has_prefix (command, "query-jobs");
}

static void
fail_each_step (Fixture *fixture, Fault fault)
{
  g_autoptr (QmpExternalSnapshot) snapshot = new_snapshot ();
  guint n_steps;

  connect_to (fixture, NOTHING, 0);
  g_strfreev (take (fixture, snapshot));
  n_steps = fixture->log->len;
  g_assert_cmpuint (n_steps, >, 12);
  for (guint i = 0; i < n_steps; i++)
    {
      g_auto (GStrv) names = NULL;

      connect_to (fixture, fault, i);
      names = take (fixture, snapshot);
      g_assert_cmpint (names != NULL, ==, is_dispensable (fixture->log->pdata[i]));
      if (names != NULL)
        continue;
      g_assert_true (fixture->error->domain == QMP_ERROR);
      g_assert_nonnull (strstr (fixture->error->message, fixture->error->code == QMP_ERROR_JOB_FAILED ? "No room" : ": no"));
      assert_taken_back (fixture);
    }
}

static void
test_take_refused (Fixture *fixture, gconstpointer data)
{
  fail_each_step (fixture, REFUSAL);
}

static void
test_take_failed (Fixture *fixture, gconstpointer data)
{
  fail_each_step (fixture, FAILURE);
}

/* At any command; once they are told to go over, they do. */
static void
test_take_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpExternalSnapshot) snapshot = new_snapshot ();
  gboolean over = FALSE;

  for (guint i = 0; !over; i++)
    {
      g_auto (GStrv) names = NULL;

      connect_to (fixture, CANCEL, i);
      names = take (fixture, snapshot);
      over = count (fixture, "transaction") > 0;
      if (over)
        g_assert_no_error (fixture->error);
      else
        {
          g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          assert_taken_back (fixture);
        }
    }
  g_assert_true (g_str_has_prefix (fixture->log->pdata[fixture->log->len - 1], "transaction"));
}

static guint
find_nth (Fixture *fixture, const char *command, guint n)
{
  for (guint i = 0; i < fixture->log->len; i++)
    if (g_str_has_prefix (fixture->log->pdata[i], command) && n-- == 0)
      return i;
  g_assert_not_reached ();
}

/* Without an answer, nobody knows whether it was done: a node is removed if
 * its name can be nobody else's, and where QEMU does not let it go, it has gone
 * over. */
static void
stay_silent (Fixture *fixture, const char *command, guint n, guint n_removed)
{
  g_autoptr (QmpExternalSnapshot) snapshot = new_snapshot ();
  guint at;

  connect_to (fixture, NOTHING, 0);
  g_strfreev (take (fixture, snapshot));
  at = find_nth (fixture, command, n);
  connect_to (fixture, SILENCE, at);
  qmp_connection_set_default_timeout (fixture->connection, 1000);
  g_assert_null (take (fixture, snapshot));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (count (fixture, "blockdev-del"), ==, n_removed);
}

static void
test_take_timed_out (Fixture *fixture, gconstpointer data)
{
  stay_silent (fixture, "blockdev-add", 0, 0);
  stay_silent (fixture, "blockdev-add", 1, 2);
  stay_silent (fixture, "transaction", 0, 3);
}

static void
assert_invalid (Fixture *fixture, QmpExternalSnapshot *snapshot, int code)
{
  connect_to (fixture, NOTHING, 0);
  g_assert_null (take (fixture, snapshot));
  g_assert_error (fixture->error, G_IO_ERROR, code);
  g_assert_cmpuint (count (fixture, "blockdev"), ==, 0);
}

static void
test_take_invalid (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpExternalSnapshot) none = qmp_external_snapshot_new (), latin = qmp_external_snapshot_new ();
  g_autoptr (QmpExternalSnapshot) latin_name = qmp_external_snapshot_new ();
  g_autoptr (QmpExternalSnapshot) nameless = qmp_external_snapshot_new (), backed = qmp_external_snapshot_new ();
  g_autoptr (QmpExternalSnapshot) filter = qmp_external_snapshot_new (), unknown = qmp_external_snapshot_new ();
  g_autoptr (QmpBlockdevOptions) without = qmp_blockdev_options_new_from_json ("{\"driver\": \"qcow2\", \"file\": \"f\"}", NULL);
  g_autoptr (QmpBlockdevOptions) with = qmp_blockdev_options_new_from_json (
    "{\"driver\": \"qcow2\", \"node-name\": \"n\", \"file\": \"f\", \"backing\": \"disk\"}", NULL);

  qmp_external_snapshot_add_disk (latin, "disk", "/\xe4", NULL);
  qmp_external_snapshot_add_disk (latin_name, "disk", "/f", "\xe4");
  qmp_external_snapshot_add_overlay (nameless, "disk", without);
  qmp_external_snapshot_add_overlay (backed, "disk", with);
  qmp_external_snapshot_add_disk (filter, "slow", "/f", NULL);
  qmp_external_snapshot_add_disk (unknown, "none", "/f", NULL);
  assert_invalid (fixture, none, G_IO_ERROR_INVALID_ARGUMENT);
  assert_invalid (fixture, latin, G_IO_ERROR_INVALID_ARGUMENT);
  assert_invalid (fixture, latin_name, G_IO_ERROR_INVALID_ARGUMENT);
  assert_invalid (fixture, nameless, G_IO_ERROR_INVALID_ARGUMENT);
  assert_invalid (fixture, backed, G_IO_ERROR_INVALID_ARGUMENT);
  assert_invalid (fixture, filter, G_IO_ERROR_INVALID_ARGUMENT);
  assert_invalid (fixture, unknown, G_IO_ERROR_NOT_FOUND);
}

static void
test_take_disconnected (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpExternalSnapshot) snapshot = qmp_external_snapshot_new ();

  fixture->cancellable = g_cancellable_new ();
  fixture->peer = mock_peer_new ();
  mock_greet (fixture->peer);
  fixture->connection = mock_open (fixture->peer);
  mock_expect (fixture->peer, "query-named-block-nodes");
  mock_return (fixture->peer, NODES);
  mock_expect (fixture->peer, "blockdev-create");
  mock_hang_up (fixture->peer);
  qmp_external_snapshot_add_disk (snapshot, "disk", "/over", NULL);
  g_assert_null (take (fixture, snapshot));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* --- merging and streaming ---------------------------------------------------------------------- */

static void
assert_removed (Fixture *fixture, const char *names)
{
  g_autoptr (GString) removed = g_string_new (NULL);

  for (guint i = 0; i < fixture->log->len; i++)
    if (g_str_has_prefix (fixture->log->pdata[i], "blockdev-del"))
      g_string_append (removed, strchr (fixture->log->pdata[i], '{'));
  g_assert_cmpstr (removed->str, ==, names);
}

#define assert_commit(fixture, top, base, left, names) \
  G_STMT_START { \
    g_autofree char *name = NULL; \
    connect_to (fixture, NOTHING, 0); \
    name = commit (fixture, "two", top, base); \
    g_assert_no_error ((fixture)->error); \
    g_assert_cmpstr (name, ==, left); \
    assert_removed (fixture, names); \
  } G_STMT_END

static void
test_commit (Fixture *fixture, gconstpointer data)
{
  assert_commit (fixture, NULL, NULL, "disk", "{\"node-name\":\"two\"}{\"node-name\":\"one\"}");
  assert_commit (fixture, NULL, "one", "one", "{\"node-name\":\"two\"}");
  assert_commit (fixture, "one", NULL, "two", "{\"node-name\":\"one\"}");
  assert_commit (fixture, "one", "disk", "two", "{\"node-name\":\"one\"}");
  /* what QEMU lets pass though it is not in there */
  assert_commit (fixture, "spare", "disk", "two", "");
  assert_commit (fixture, NULL, "spare", "two", "");
}

static void
test_stream (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpBlockStreamArguments) arguments = qmp_block_stream_arguments_new ();

  connect_to (fixture, NOTHING, 0);
  g_assert_true (stream (fixture, "two", NULL));
  assert_removed (fixture, "{\"node-name\":\"one\"}{\"node-name\":\"disk\"}");
  qmp_block_stream_arguments_set_base (arguments, "/disk");
  connect_to (fixture, NOTHING, 0);
  g_assert_true (stream (fixture, "two", arguments));
  assert_removed (fixture, "{\"node-name\":\"one\"}");
  qmp_block_stream_arguments_unset_base (arguments);
  qmp_block_stream_arguments_set_bottom (arguments, "one");
  connect_to (fixture, NOTHING, 0);
  g_assert_true (stream (fixture, "two", arguments));
  assert_removed (fixture, "{\"node-name\":\"one\"}");
  qmp_block_stream_arguments_set_bottom (arguments, "spare");
  connect_to (fixture, NOTHING, 0);
  g_assert_true (stream (fixture, "two", arguments));
  assert_removed (fixture, "");
}

/* Nodes that do not go are no failure; any other step is, and removes none. */
static void
test_commit_failed (Fixture *fixture, gconstpointer data)
{
  for (Fault fault = REFUSAL; fault <= FAILURE; fault++)
    for (guint i = 0; i < 6; i++)
      {
        g_autofree char *name = NULL;

        connect_to (fixture, fault, i);
        name = commit (fixture, "two", NULL, NULL);
        if (name == NULL)
          g_assert_true (fixture->error->domain == QMP_ERROR);
        g_assert_cmpint (name != NULL, ==, i > 3);
        g_assert_cmpuint (count (fixture, "blockdev-del"), ==, i > 3 ? 2 : 0);
      }
}

static void
test_commit_cancelled (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *name = NULL;

      connect_to (fixture, CANCEL, i);
      name = commit (fixture, "two", NULL, NULL);
      if (name == NULL)
        g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpuint (count (fixture, "blockdev-del"), ==, name == NULL ? 0 : 2);
      g_assert_true (i < 4 || name != NULL);
    }
}

/* --- the chain ---------------------------------------------------------------------------------- */

#define assert_chain(fixture, node, expected) \
  G_STMT_START { \
    g_autofree char *names = NULL; \
    connect_to (fixture, NOTHING, 0); \
    names = chain_of (fixture, node); \
    g_assert_no_error ((fixture)->error); \
    g_assert_cmpstr (names, ==, expected); \
  } G_STMT_END

static void
test_chain (Fixture *fixture, gconstpointer data)
{
  assert_chain (fixture, "slow", "slow two one disk");
  assert_chain (fixture, "one", "one disk");
  assert_chain (fixture, "spare", "spare");
  fixture->nodes = NODES_LATER;
  assert_chain (fixture, "slow", "slow two one disk");
  g_assert_cmpuint (fixture->log->len, ==, 1);
  assert_chain (fixture, "disk", "disk");
}

#define assert_chain_fails(fixture, nodes_json, graph_json, domain, error_code) \
  G_STMT_START { \
    (fixture)->nodes = nodes_json; \
    (fixture)->graph = graph_json; \
    connect_to (fixture, NOTHING, 0); \
    g_assert_null (chain_of (fixture, "two")); \
    g_assert_error ((fixture)->error, domain, error_code); \
  } G_STMT_END

/* Whatever it says, there is an answer. */
static void
test_chain_hostile (Fixture *fixture, gconstpointer data)
{
  assert_chain_fails (fixture, "[]", GRAPH, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_chain_fails (fixture, "{}", "[]", G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_chain_fails (fixture, "7", "7", G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_chain_fails (fixture, "[{\"node-name\": 3}, 4, {\"node-name\": \"one\"}]", GRAPH, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_chain_fails (fixture, "[{\"node-name\": \"two\", \"drv\": 3}]", GRAPH, QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE);
  assert_chain_fails (fixture, "[" NODE ("two", "qcow2", "/two", BELOW ("backing", "gone")) "," NODE ("disk", "raw", "/d", NONE_BELOW) "]", GRAPH,
                      G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  fixture->nodes = NODES;
  fixture->graph = "{\"nodes\": 3, \"edges\": [1, {\"name\": \"backing\", \"parent\": \"x\"}]}";
  assert_chain (fixture, "two", "two");
  fixture->graph = "{\"nodes\": [" GRAPH_NODE ("two", "1") "], \"edges\": [3, {\"name\": \"backing\", \"parent\": 1, \"child\": 8}]}";
  assert_chain (fixture, "two", "two");
  /* in a circle */
  fixture->nodes = "[" NODE ("two", "qcow2", "/two", BELOW ("backing", "one")) "," NODE ("one", "qcow2", "/one", BELOW ("backing", "two")) "]";
  assert_chain (fixture, "two", "two one");
}

static void
add (const char *path, void (*body) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *looped = g_strconcat (path, "/loop", NULL), *blocking = g_strconcat (path, "/blocking", NULL);

  g_test_add (looped, Fixture, NULL, set_up, body, tear_down);
  g_test_add (blocking, Fixture, "blocking", set_up, body, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/overlay/take/done", test_take);
  add ("/overlay/take/refused", test_take_refused);
  add ("/overlay/take/failed", test_take_failed);
  add ("/overlay/take/cancelled", test_take_cancelled);
  add ("/overlay/take/timed-out", test_take_timed_out);
  add ("/overlay/take/invalid", test_take_invalid);
  add ("/overlay/take/disconnected", test_take_disconnected);
  add ("/overlay/commit/done", test_commit);
  add ("/overlay/commit/failed", test_commit_failed);
  add ("/overlay/commit/cancelled", test_commit_cancelled);
  add ("/overlay/stream/done", test_stream);
  add ("/overlay/chain/done", test_chain);
  add ("/overlay/chain/hostile", test_chain_hostile);
  return g_test_run ();
}
