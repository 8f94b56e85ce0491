/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* The list of jobs: events and replies in any order, jobs of others, and the
 * connection's end. */

#define ONE "{\"id\": \"%s\", \"type\": \"%s\", \"status\": \"%s\", \"current-progress\": %d, \"total-progress\": 100}"

static MockPeer *
new_peer (void)
{
  MockPeer *peer = mock_peer_new ();

  mock_greet (peer);
  return peer;
}

static void
say_status (MockPeer *peer, const char *id, const char *status)
{
  g_autofree char *data = g_strdup_printf ("{\"status\": \"%s\", \"id\": \"%s\"}", status, id);

  mock_event (peer, "JOB_STATUS_CHANGE", data);
}

static void
answer_one (MockPeer *peer, const char *id, const char *status, int progress)
{
  g_autofree char *json = g_strdup_printf ("[" ONE "]", id, "backup", status, progress);

  mock_return (peer, json);
}

static QmpJobList *
load (MockPeer *peer, QmpConnection *connection, const char *json)
{
  QmpJobList *list;

  mock_expect (peer, "query-jobs");
  mock_return (peer, json);
  list = qmp_job_list_new (connection);
  qmp_job_list_set_interval (list, 0);
  while (!qmp_job_list_get_loaded (list))
    g_main_context_iteration (NULL, TRUE);
  return list;
}

static void
await_status (QmpJob *job, QmpJobStatus status)
{
  while (qmp_job_get_status (job) != status)
    g_main_context_iteration (NULL, TRUE);
}

static void
note_status (QmpJob *job, GParamSpec *pspec, gboolean *ready)
{
  *ready = *ready || qmp_job_get_status (job) == QMP_JOB_STATUS_READY;
}

/* By the property, which is for what is bound to it. */
static void
await_count (QmpJobList *list, guint n)
{
  g_autoptr (GObject) bound = g_object_new (G_TYPE_SIMPLE_ACTION, "name", "bound", NULL);
  guint found = G_MAXUINT;

  g_object_bind_property (list, "n-items", bound, "enabled", G_BINDING_SYNC_CREATE);
  while (found != n)
    {
      g_object_get (list, "n-items", &found, NULL);
      if (found != n)
        g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, n);
  g_assert_cmpint (g_action_get_enabled (G_ACTION (bound)), ==, n > 0);
}

/* Keeps a copy by the signal alone. */
static void
mirror (GListModel *model, guint position, guint removed, guint added, GPtrArray *copy)
{
  if (removed > 0)
    g_ptr_array_remove_range (copy, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (copy, (int) (position + i), g_list_model_get_item (model, position + i));
  g_assert_cmpuint (copy->len, ==, g_list_model_get_n_items (model));
}

/* What was there before, and what others start later. */
static void
test_follows (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (GPtrArray) copy = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (QmpJobList) list = load (peer, connection, "[" "{\"id\": \"old\", \"type\": \"newer-type\", \"status\": \"paused\","
                                      " \"current-progress\": 9223372036854775807, \"total-progress\": 1}" "]");
  g_autoptr (QmpJob) old = g_list_model_get_item (G_LIST_MODEL (list), 0);

  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (list)) == QMP_TYPE_JOB);
  g_assert_cmpstr (qmp_job_get_job_type_text (old), ==, "newer-type");
  g_assert_cmpint (qmp_job_get_job_type (old), ==, QMP_JOB_TYPE_UNRECOGNIZED);
  g_assert_cmpint (qmp_job_get_status (old), ==, QMP_JOB_STATUS_PAUSED);
  g_ptr_array_add (copy, g_object_ref (old));
  g_signal_connect (list, "items-changed", G_CALLBACK (mirror), copy);
  say_status (peer, "new", "created");
  say_status (peer, "new", "running");
  await_count (list, 2);
  g_assert_true (qmp_job_list_find (list, "new") == copy->pdata[1]);
  await_status (copy->pdata[1], QMP_JOB_STATUS_RUNNING);
  say_status (peer, "old", "null");
  await_count (list, 1);
  g_assert_cmpstr (qmp_job_get_id (copy->pdata[0]), ==, "new");
  g_assert_cmpint (qmp_job_get_status (old), ==, QMP_JOB_STATUS_NULL);
  g_assert_null (qmp_job_list_find (list, "old"));
}

/* An event that came after the query was sent is newer than its answer. */
static void
test_late_reply (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpJobList) list = NULL;
  QmpJob *job;

  mock_expect (peer, "query-jobs");
  say_status (peer, "a", "ready");
  say_status (peer, "gone", "null");
  mock_return (peer, "[{\"id\": \"a\", \"type\": \"mirror\", \"status\": \"running\", \"current-progress\": 50, \"total-progress\": 100},"
                     " {\"id\": \"gone\", \"type\": \"mirror\", \"status\": \"concluded\", \"current-progress\": 1, \"total-progress\": 1}]");
  list = qmp_job_list_new (connection);
  qmp_job_list_set_interval (list, 0);
  while (!qmp_job_list_get_loaded (list))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  job = qmp_job_list_find (list, "a");
  g_assert_cmpint (qmp_job_get_status (job), ==, QMP_JOB_STATUS_READY);
  g_assert_cmpfloat_with_epsilon (qmp_job_get_fraction (job), 0.5, 1e-9);
}

/* A job that vanishes between its event and the answer; and one without any
 * event, since events may be lost. */
static void
test_vanishes (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpJobList) list = load (peer, connection, "[{\"id\": \"silent\", \"type\": \"backup\", \"status\": \"running\","
                                      " \"current-progress\": 1, \"total-progress\": 9}]");
  g_autoptr (QmpJob) silent = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_autoptr (GError) error = NULL;
  g_auto (Await) call = { NULL };

  qmp_job_wait_async (silent, NULL, await_callback, &call);
  say_status (peer, "quick", "created");
  say_status (peer, "quick", "concluded");
  mock_expect (peer, "query-jobs");
  say_status (peer, "quick", "null");
  mock_return (peer, "[]");
  g_assert_false (qmp_job_wait_finish (silent, await (&call), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
}

/* Who waits for a job of the list need not hold it, though the list lets go. */
static void
test_waited_for (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpJobList) list = load (peer, connection, "[{\"id\": \"b\", \"type\": \"backup\", \"status\": \"running\","
                                      " \"current-progress\": 1, \"total-progress\": 2}]");

  say_status (peer, "b", "waiting");
  say_status (peer, "b", "concluded");
  mock_expect (peer, "query-jobs");
  say_status (peer, "b", "null");
  mock_return (peer, "[]");
  g_assert_true (qmp_job_wait (qmp_job_list_find (list, "b"), NULL, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
}

/* A new job with the name of one that just went is another one. */
static void
test_same_name (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpJobList) list = load (peer, connection, "[{\"id\": \"a\", \"type\": \"backup\", \"status\": \"running\","
                                      " \"current-progress\": 90, \"total-progress\": 100}]");
  g_autoptr (QmpJob) first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  QmpJob *second;

  say_status (peer, "a", "concluded");
  say_status (peer, "a", "null");
  say_status (peer, "a", "created");
  say_status (peer, "a", "paused");
  await_status (first, QMP_JOB_STATUS_NULL);
  await_count (list, 1);
  second = qmp_job_list_find (list, "a");
  g_assert_true (second != first);
  await_status (second, QMP_JOB_STATUS_PAUSED);
  g_assert_cmpfloat_with_epsilon (qmp_job_get_fraction (second), -1, 1e-9);
}

typedef struct
{
  guint64 current;
  double fraction;
  guint n;
} Rise;

static void
check_rise (QmpJob *job, GParamSpec *pspec, Rise *rise)
{
  g_assert_cmpuint (qmp_job_get_current_progress (job), >=, rise->current);
  g_assert_cmpfloat (qmp_job_get_fraction (job), >=, rise->fraction);
  g_assert_cmpfloat (qmp_job_get_fraction (job), <=, 1);
  rise->current = qmp_job_get_current_progress (job);
  rise->fraction = qmp_job_get_fraction (job);
  rise->n++;
}

/* Asked again and again while the job moves; what goes back is not shown. */
static void
test_progress (void)
{
  g_autoptr (JsonNode) reply = NULL;
  static const int steps[] = { 20, 40, 30, 60, 80 };
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpJobList) list = load (peer, connection, "[{\"id\": \"a\", \"type\": \"backup\", \"status\": \"running\","
                                      " \"current-progress\": 10, \"total-progress\": 100}]");
  QmpJob *job = qmp_job_list_find (list, "a");
  Rise rise = { 0, 0, 0 };

  g_signal_connect (job, "notify::current-progress", G_CALLBACK (check_rise), &rise);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      mock_expect (peer, "query-jobs");
      answer_one (peer, "a", "running", steps[i]);
    }
  mock_expect (peer, "query-jobs");
  answer_one (peer, "a", "paused", 80);
  qmp_job_list_set_interval (list, 60);
  while (qmp_job_get_status (job) != QMP_JOB_STATUS_PAUSED)
    {
      if (qmp_job_get_fraction (job) >= 0.6 && qmp_job_get_status (job) == QMP_JOB_STATUS_RUNNING)
        {
          g_assert_cmpfloat (qmp_job_get_speed (job), >, 0);
          g_assert_cmpfloat (qmp_job_get_time_left (job), >, 0);
        }
      g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpuint (rise.n, ==, 4);
  g_assert_cmpfloat_with_epsilon (qmp_job_get_speed (job), -1, 1e-9);
  /* one that stands still is not asked about: a peer with another
   * expectation would fail */
  mock_expect (peer, "query-status");
  mock_return (peer, "{}");
  reply = qmp_connection_execute (connection, "query-status", NULL, NULL, NULL);
  g_assert_nonnull (reply);
}

/* Two lists on one connection say the same, and so does a client beside. */
static void
test_two_lists (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpJobList) one = load (peer, connection, "[]"), two = load (peer, connection, "[]");
  g_autoptr (QmpJob) kept = NULL;

  say_status (peer, "a", "created");
  say_status (peer, "a", "running");
  await_count (one, 1);
  await_count (two, 1);
  kept = g_object_ref (qmp_job_list_find (two, "a"));
  await_status (qmp_job_list_find (one, "a"), QMP_JOB_STATUS_RUNNING);
  await_status (kept, QMP_JOB_STATUS_RUNNING);
  g_clear_object (&two);
  /* a job outlives its list */
  say_status (peer, "a", "paused");
  await_status (kept, QMP_JOB_STATUS_PAUSED);
  say_status (peer, "a", "null");
  await_count (one, 0);
  await_status (kept, QMP_JOB_STATUS_NULL);
}

static void
test_connection_dies (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpJobList) list = load (peer, connection, "[{\"id\": \"a\", \"type\": \"backup\", \"status\": \"running\","
                                      " \"current-progress\": 90, \"total-progress\": 100}]");
  g_autoptr (QmpJob) job = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_autoptr (GError) error = NULL;
  g_auto (Await) call = { NULL };

  qmp_job_wait_async (job, NULL, await_callback, &call);
  mock_hang_up (peer);
  g_assert_false (qmp_job_wait_finish (job, await (&call), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  await_count (list, 0);
  g_assert_false (qmp_job_list_get_loaded (list));
}

/* A list goes while its answer is still to come, and with it the connection. */
static void
test_dropped (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  QmpJobList *list;

  mock_expect (peer, "query-jobs");
  mock_expect_end (peer);
  list = qmp_job_list_new (connection);
  g_object_add_weak_pointer (G_OBJECT (list), (gpointer *) &list);
  g_object_add_weak_pointer (G_OBJECT (connection), (gpointer *) &connection);
  g_object_unref (list);
  g_assert_null (list);
  g_object_unref (connection);
  while (connection != NULL)
    g_main_context_iteration (NULL, TRUE);
  mock_await (peer);
}

/* After reconnecting, a new list has the truth. */
static void
test_reconnected (void)
{
  g_autoptr (MockPeer) first_peer = new_peer (), second_peer = new_peer ();
  g_autoptr (QmpConnection) first = mock_open (first_peer), second = NULL;
  g_autoptr (QmpJobList) before = load (first_peer, first, "[{\"id\": \"a\", \"type\": \"mirror\", \"status\": \"running\","
                                        " \"current-progress\": 90, \"total-progress\": 100}]");
  g_autoptr (QmpJobList) after = NULL;

  mock_hang_up (first_peer);
  await_count (before, 0);
  second = mock_open (second_peer);
  after = load (second_peer, second, "[{\"id\": \"a\", \"type\": \"mirror\", \"status\": \"ready\","
                " \"current-progress\": 100, \"total-progress\": 100}]");
  g_assert_cmpint (qmp_job_get_status (qmp_job_list_find (after, "a")), ==, QMP_JOB_STATUS_READY);
}

/* Jobs without a name, too many of them, words that are none. */
static void
test_hostile (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpJobList) list = load (peer, connection, "[{}, {\"id\": \"x\"}, {\"id\": \"x\"}, {\"status\": \"running\"}]");
  gboolean ready = FALSE;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  mock_event (peer, "JOB_STATUS_CHANGE", NULL);
  mock_event (peer, "JOB_STATUS_CHANGE", "{\"id\": 5, \"status\": []}");
  mock_event (peer, "BLOCK_JOB_COMPLETED", "{\"device\": \"nobody\"}");
  mock_event (peer, "BLOCK_JOB_COMPLETED", "{\"device\": \"x\", \"len\": -5, \"offset\": -9, \"error\": 1}");
  for (guint i = 0; i < 1500; i++)
    {
      g_autofree char *id = g_strdup_printf ("j%u", i);

      say_status (peer, id, "paused");
    }
  say_status (peer, "x", "ready");
  say_status (peer, "x", "made-up");
  g_signal_connect (qmp_job_list_find (list, "x"), "notify::status", G_CALLBACK (note_status), &ready);
  while (!ready || qmp_job_get_status (qmp_job_list_find (list, "x")) != QMP_JOB_STATUS_UNRECOGNIZED)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1024);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/job-list/follows", test_follows);
  g_test_add_func ("/job-list/late-reply", test_late_reply);
  g_test_add_func ("/job-list/vanishes", test_vanishes);
  g_test_add_func ("/job-list/waited-for", test_waited_for);
  g_test_add_func ("/job-list/same-name", test_same_name);
  g_test_add_func ("/job-list/progress", test_progress);
  g_test_add_func ("/job-list/two-lists", test_two_lists);
  g_test_add_func ("/job-list/connection-dies", test_connection_dies);
  g_test_add_func ("/job-list/dropped", test_dropped);
  g_test_add_func ("/job-list/reconnected", test_reconnected);
  g_test_add_func ("/job-list/hostile", test_hostile);
  return g_test_run ();
}
