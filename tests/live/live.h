/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <qmp-glib/qmp-glib.h>

/* What tests against real programs share: a folder of its own for each test,
 * and processes that never outlive it. */

typedef struct
{
  char *folder;        /* its name is short: a socket's path has 107 bytes at most */
  char *monitor;       /* the path of the monitor's socket in it */
  GPtrArray *running;  /* of GSubprocess */
} Live;

void live_set_up (Live *live, gconstpointer data);
void live_tear_down (Live *live, gconstpointer data);
char *live_path (Live *live, const char *name);

/* Arguments end with NULL. An fd that is not -1 is taken, and is the program's 3. */
#define LIVE_FD "3"
GSubprocess *live_start (Live *live, int fd, const char *const *arguments);
GSubprocess *live_start_qemu (Live *live, int fd, ...) G_GNUC_NULL_TERMINATED;
GSubprocess *live_start_monitor (Live *live, ...) G_GNUC_NULL_TERMINATED;
GSubprocess *live_start_storage_daemon (Live *live);
const char *live_program (const char *variable, const char *otherwise);

void live_freeze (GSubprocess *process);
void live_thaw (GSubprocess *process);
void live_kill (GSubprocess *process);
void live_assert_good_exit (GSubprocess *process);

QmpConnection *live_open (Live *live);
QmpOpenOptions *live_options (int timeout, gboolean retry);
JsonNode *live_json (const char *text);
char *live_run (QmpConnection *connection, const char *command, const char *arguments);

/* A callback whose data is a GAsyncResult *, and the wait for it. */
void live_keep_result (GObject *source, GAsyncResult *result, gpointer data);
GAsyncResult *live_wait (GAsyncResult **result);

/* How a connection ended. */
typedef struct
{
  guint count;
  GError *error;
} LiveEnd;

void live_end_watch (LiveEnd *end, QmpConnection *connection);
void live_end_wait (LiveEnd *end);
void live_end_assert_orderly (LiveEnd *end, QmpConnection *connection);
void live_end_clear (LiveEnd *end);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LiveEnd, live_end_clear)

#define LIVE_TEST(path, body) g_test_add (path, Live, NULL, live_set_up, body, live_tear_down)
