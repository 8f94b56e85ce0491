/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* What ends later than its command: balloons, and measuring. Each test runs
 * twice: in a main context, and blocking. */

typedef struct
{
  MockPeer *peer;
  QmpConnection *connection;
  GCancellable *cancellable;
  gboolean blocking;
  guint n_asked;
  char *arguments;  /* of the command that began it */
  GError *error;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer blocking)
{
  fixture->peer = mock_peer_new ();
  mock_greet (fixture->peer);
  fixture->connection = mock_open (fixture->peer);
  fixture->cancellable = g_cancellable_new ();
  fixture->blocking = blocking != NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer blocking)
{
  g_clear_error (&fixture->error);
  g_free (fixture->arguments);
  g_clear_object (&fixture->cancellable);
  g_clear_object (&fixture->connection);
  mock_peer_free (fixture->peer);
}

static gint64
set_balloon (Fixture *fixture, gint64 size, int timeout)
{
  g_auto (Await) call = { 0 };

  if (fixture->blocking)
    return qmp_connection_set_balloon (fixture->connection, size, timeout, fixture->cancellable, &fixture->error);
  qmp_connection_set_balloon_async (fixture->connection, size, timeout, fixture->cancellable, await_callback, &call);
  return qmp_connection_set_balloon_finish (fixture->connection, await (&call), &fixture->error);
}

static QmpDirtyRateInfo *
measure (Fixture *fixture, gint64 time, QmpCalcDirtyRateArguments *arguments)
{
  g_auto (Await) call = { 0 };

  if (fixture->blocking)
    return qmp_connection_measure_dirty_rate (fixture->connection, time, arguments, fixture->cancellable, &fixture->error);
  qmp_connection_measure_dirty_rate_async (fixture->connection, time, arguments, fixture->cancellable, await_callback, &call);
  return qmp_connection_measure_dirty_rate_finish (fixture->connection, await (&call), &fixture->error);
}

/* A guest that has one size after another, and stays at the last. */
typedef struct
{
  Fixture *fixture;
  const gint64 *sizes;
  guint n_sizes;
} Guest;

static char *
answer_balloon (MockPeer *peer, const MockCommand *command, gpointer data)
{
  Guest *guest = data;
  g_autofree char *json = NULL;

  if (g_str_equal (command->name, "balloon"))
    {
      guest->fixture->arguments = g_strdup (command->arguments);
      return mock_make_return (command, "{}");
    }
  g_assert_cmpstr (command->name, ==, "query-balloon");
  json = g_strdup_printf ("{\"actual\": %" G_GINT64_FORMAT "}", guest->sizes[MIN (guest->fixture->n_asked, guest->n_sizes - 1)]);
  guest->fixture->n_asked++;
  return mock_make_return (command, json);
}

/* --- the balloon ------------------------------------------------------------------------------- */

static void
test_reached (Fixture *fixture, gconstpointer data)
{
  static const gint64 sizes[] = { 400000, 300000, 204800 };
  Guest guest = { fixture, sizes, G_N_ELEMENTS (sizes) };

  mock_answer_all (fixture->peer, answer_balloon, &guest);
  /* in whole pages */
  g_assert_cmpint (set_balloon (fixture, 200706, G_MAXINT), ==, 204800);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->arguments, ==, "{\"value\":200706}");
  g_assert_cmpuint (fixture->n_asked, ==, 3);
}

/* It moves, and then no further. */
static void
test_rests (Fixture *fixture, gconstpointer data)
{
  static const gint64 sizes[] = { 400000, 300000 };
  Guest guest = { fixture, sizes, G_N_ELEMENTS (sizes) };

  mock_answer_all (fixture->peer, answer_balloon, &guest);
  g_assert_cmpint (set_balloon (fixture, 200000, G_MAXINT), ==, 300000);
  g_assert_no_error (fixture->error);
}

static void
test_not_heeded (Fixture *fixture, gconstpointer data)
{
  static const gint64 sizes[] = { 400000 };
  Guest guest = { fixture, sizes, G_N_ELEMENTS (sizes) };

  mock_answer_all (fixture->peer, answer_balloon, &guest);
  g_assert_cmpint (set_balloon (fixture, 200000, 20), ==, 400000);
  g_assert_no_error (fixture->error);
}

static void
test_no_balloon (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "balloon");
  mock_error (fixture->peer, "DeviceNotActive", "No balloon device has been activated");
  g_assert_cmpint (set_balloon (fixture, 200000, -1), ==, -1);
  g_assert_error (fixture->error, QMP_ERROR, QMP_ERROR_DEVICE_NOT_ACTIVE);
}

static void
test_strange_answer (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "balloon");
  mock_return (fixture->peer, "{}");
  mock_expect (fixture->peer, "query-balloon");
  mock_return (fixture->peer, "{\"actual\": \"large\"}");
  g_assert_cmpint (set_balloon (fixture, 200000, -1), ==, -1);
  g_assert_error (fixture->error, QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE);
}

static void
test_gone (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "balloon");
  mock_return (fixture->peer, "{}");
  mock_hang_up (fixture->peer);
  g_assert_cmpint (set_balloon (fixture, 200000, G_MAXINT), ==, -1);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* --- measuring ----------------------------------------------------------------------------------- */

#define INFO(status, rate) \
  "{\"status\": \"" status "\", \"start-time\": 7, \"calc-time\": 1, \"sample-pages\": 512, \"mode\": \"page-sampling\"" rate "}"

static char *
answer_rate (MockPeer *peer, const MockCommand *command, gpointer data)
{
  static const char *const replies[] = { INFO ("unstarted", ""), INFO ("measuring", ""), INFO ("measured", ", \"dirty-rate\": 42") };
  Fixture *fixture = data;

  if (g_str_equal (command->name, "calc-dirty-rate"))
    {
      fixture->arguments = g_strdup (command->arguments);
      return mock_make_return (command, "{}");
    }
  g_assert_cmpstr (command->name, ==, "query-dirty-rate");
  return mock_make_return (command, replies[MIN (fixture->n_asked++, 2)]);
}

static QmpCalcDirtyRateArguments *
new_arguments (void)
{
  QmpCalcDirtyRateArguments *arguments = qmp_calc_dirty_rate_arguments_new ();

  qmp_calc_dirty_rate_arguments_set_calc_time_unit (arguments, QMP_TIME_UNIT_MILLISECOND);
  qmp_calc_dirty_rate_arguments_set_sample_pages (arguments, 128);
  return arguments;
}

static void
test_measured (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpCalcDirtyRateArguments) arguments = new_arguments ();
  g_autoptr (QmpDirtyRateInfo) info = NULL;
  g_autofree char *given = NULL;

  mock_answer_all (fixture->peer, answer_rate, fixture);
  info = measure (fixture, 5, arguments);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (qmp_dirty_rate_info_get_status (info), ==, QMP_DIRTY_RATE_STATUS_MEASURED);
  g_assert_cmpint (qmp_dirty_rate_info_get_dirty_rate (info), ==, 42);
  g_assert_cmpuint (fixture->n_asked, ==, 3);
  g_assert_nonnull (strstr (fixture->arguments, "\"calc-time\":5"));
  g_assert_nonnull (strstr (fixture->arguments, "\"sample-pages\":128"));
  /* what the caller gave is not changed */
  given = qmp_struct_to_json (QMP_STRUCT (arguments));
  g_assert_null (strstr (given, "\"calc-time\""));
}

static void
test_measures_already (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "calc-dirty-rate");
  mock_error (fixture->peer, "GenericError", "the dirty rate is already being measured");
  g_assert_null (measure (fixture, 1, NULL));
  g_assert_error (fixture->error, QMP_ERROR, QMP_ERROR_GENERIC);
}

static char *
cancel (MockPeer *peer, const MockCommand *command, gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *reply = mock_make_return (command, "{}");

  mock_say (peer, reply);
  g_cancellable_cancel (fixture->cancellable);
  return NULL;
}

/* Not only after the hour. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  mock_answer_all (fixture->peer, cancel, fixture);
  g_assert_null (measure (fixture, 3600, NULL));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *plain = g_strdup_printf ("/memory/%s", name);
  g_autofree char *blocking = g_strdup_printf ("/memory/%s/blocking", name);

  g_test_add (plain, Fixture, NULL, set_up, test, tear_down);
  g_test_add (blocking, Fixture, "blocking", set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("balloon/reached", test_reached);
  add ("balloon/rests", test_rests);
  add ("balloon/not-heeded", test_not_heeded);
  add ("balloon/none", test_no_balloon);
  add ("balloon/strange-answer", test_strange_answer);
  add ("balloon/gone", test_gone);
  add ("dirty-rate/measured", test_measured);
  add ("dirty-rate/measures-already", test_measures_already);
  add ("dirty-rate/cancelled", test_cancelled);
  return g_test_run ();
}
