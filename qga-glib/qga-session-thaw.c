/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-call-private.h"
#include "qga-error-private.h"
#include "qga-log-private.h"

/* Seeing to it that a guest does not stay frozen, when nobody is left to do
 * it: after a freeze that was given up, or a guard that was dropped. The
 * agent is asked whether it is frozen, and told to thaw, until it says that it
 * is not. */

/* An agent that freezes may take its time before it answers anything. */
#define PATIENCE_US (120 * G_USEC_PER_SEC)
#define MOST_TRIES 5u

typedef struct
{
  GObject *connection;  /* kept alive until the end */
  guint n_tries;
} Thaw;

static void tell_to_thaw (QgaSession *session, Thaw *thaw);
static void ask_whether_frozen (QgaSession *session, Thaw *thaw);

static gboolean
drop_connection (gpointer connection)
{
  g_object_unref (connection);
  return G_SOURCE_REMOVE;
}

/* Not here, under the lock, but in the owner's context. */
static void
finish (QgaSession *session, Thaw *thaw, const char *note)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  if (session->logs)
    qga_log_note (note);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, drop_connection, thaw->connection, NULL);
  g_source_attach (source, session->link.context);
  g_free (thaw);
}

static void
order (QgaSession *session, const char *command, QgaCallHook hook, Thaw *thaw)
{
  QgaCall *call = qga_call_new_own (session, command, NULL, g_get_monotonic_time () + PATIENCE_US, hook, thaw);

  thaw->n_tries++;
  qga_session_push (session, call, TRUE);
}

static void
take_thaw (QgaSession *session, QgaCall *call, const WireView *view, G_GNUC_UNUSED guint result,
           G_GNUC_UNUSED const GError *error)
{
  Thaw *thaw = call->hook_data;

  if (view != NULL)
    finish (session, thaw, "thawed the guest, since nobody else would");
  else if (session->link.ended || thaw->n_tries >= MOST_TRIES)
    finish (session, thaw, "could not thaw the guest");
  else
    ask_whether_frozen (session, thaw);
}

/* Who will not say may still obey; who talks nonsense is asked again. */
static void
take_status (QgaSession *session, QgaCall *call, const WireView *view, guint result, const GError *error)
{
  Thaw *thaw = call->hook_data;

  if (session->link.ended || thaw->n_tries >= MOST_TRIES)
    finish (session, thaw, "could not find out whether the guest is frozen");
  else if (view != NULL && wire_view_is_string (view, result, "thawed"))
    finish (session, thaw, "the guest is not frozen");
  else if (view != NULL ? wire_view_is_string (view, result, "frozen") : error != NULL && qga_error_is_refusal (error))
    tell_to_thaw (session, thaw);
  else
    ask_whether_frozen (session, thaw);
}

static void
tell_to_thaw (QgaSession *session, Thaw *thaw)
{
  order (session, "guest-fsfreeze-thaw", take_thaw, thaw);
}

static void
ask_whether_frozen (QgaSession *session, Thaw *thaw)
{
  order (session, "guest-fsfreeze-status", take_status, thaw);
}

/**
 * qga_session_thaw:
 * @certain: whether the guest is known to be frozen
 *
 * Begins it, and keeps the connection until it is done; the lock is held.
 * Whoever calls it sends the next.
 */
void
qga_session_thaw (QgaSession *session, gboolean certain)
{
  Thaw *thaw;

  if (session->link.ended || session->link.object == NULL)
    return;
  thaw = g_new0 (Thaw, 1);
  thaw->connection = g_object_ref (session->link.object);
  if (certain)
    tell_to_thaw (session, thaw);
  else
    ask_whether_frozen (session, thaw);
}
