/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-monitor-private.h"

#include <string.h>

static const char *const events[] = { "VSERPORT_CHANGE", "SHUTDOWN", "RESET", "SUSPEND", "SUSPEND_DISK", "WAKEUP", "RESUME" };

struct _QgaMonitor
{
  QgaSession *session;
  GWeakRef object;
  char *port;  /* the id of the agent's port; NULL: there is only one */
  gulong handlers[G_N_ELEMENTS (events)];
};

/* Of one handler. */
typedef struct
{
  QgaSession *session;
  char *port;
  const char *event;
} Ear;

static gboolean
find_signal (GObject *object, GSignalQuery *query)
{
  guint id = g_signal_lookup ("event", G_OBJECT_TYPE (object));

  if (id == 0)
    return FALSE;
  g_signal_query (id, query);
  return (query->signal_flags & G_SIGNAL_DETAILED) && query->n_params == 1;
}

static GType
get_argument_type (const GSignalQuery *query)
{
  return query->param_types[0] & ~G_SIGNAL_TYPE_STATIC_SCOPE;
}

gboolean
qga_monitor_is_one (GObject *object)
{
  GSignalQuery query;

  return find_signal (object, &query) && g_value_type_transformable (get_argument_type (&query), G_TYPE_STRING);
}

/* Whether the event is about our port, and what it says. */
static gboolean
read_port (const char *text, const char *port, gboolean *open)
{
  g_autoptr (WireDocument) document = text != NULL ? wire_document_new_for_text (text, strlen (text)) : NULL;
  guint data = document != NULL ? wire_view_member (&document->view, 0, "data") : 0;
  guint id, is_open;

  if (data == 0 || document->view.values[data].type != WIRE_OBJECT)
    return FALSE;
  id = wire_view_member (&document->view, data, "id");
  is_open = wire_view_member (&document->view, data, "open");
  if (port != NULL && (id == 0 || !wire_view_is_string (&document->view, id, port)))
    return FALSE;
  return is_open != 0 && wire_view_get_boolean (&document->view, is_open, open);
}

/* The handler of each of the signals: it may run in any thread. */
static void
on_event (GClosure *closure, G_GNUC_UNUSED GValue *result, guint n_values, const GValue *values,
          G_GNUC_UNUSED gpointer hint, G_GNUC_UNUSED gpointer data)
{
  const Ear *ear = closure->data;
  g_auto (GValue) text = G_VALUE_INIT;
  gboolean open = FALSE;

  g_return_if_fail (n_values == 2);
  g_value_init (&text, G_TYPE_STRING);
  if (g_str_equal (ear->event, "VSERPORT_CHANGE") &&
      (!g_value_transform (&values[1], &text) || !read_port (g_value_get_string (&text), ear->port, &open)))
    return;
  wire_link_lock (&ear->session->link);
  qga_session_hear_event (ear->session, ear->event, open);
  wire_link_unlock (&ear->session->link);
}

static void
free_ear (gpointer data, G_GNUC_UNUSED GClosure *closure)
{
  Ear *ear = data;

  qga_session_unref (ear->session);
  g_free (ear->port);
  g_free (ear);
}

static gulong
listen (QgaMonitor *self, GObject *object, const char *event)
{
  Ear *ear = g_new (Ear, 1);
  GClosure *closure;

  *ear = (Ear) { (QgaSession *) wire_link_ref (&self->session->link), g_strdup (self->port), event };
  closure = g_closure_new_simple (sizeof (GClosure), ear);
  g_closure_add_finalize_notifier (closure, ear, free_ear);
  g_closure_set_marshal (closure, on_event);
  return g_signal_connect_closure_by_id (object, g_signal_lookup ("event", G_OBJECT_TYPE (object)),
                                         g_quark_from_static_string (event), closure, FALSE);
}

QgaMonitor *
qga_monitor_new (QgaSession *session, GObject *object, const char *port)
{
  QgaMonitor *self = g_new0 (QgaMonitor, 1);

  self->session = session;
  self->port = g_strdup (port);
  g_weak_ref_init (&self->object, object);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    self->handlers[i] = listen (self, object, events[i]);
  return self;
}

void
qga_monitor_free (QgaMonitor *self)
{
  g_autoptr (GObject) object = g_weak_ref_get (&self->object);

  for (guint i = 0; object != NULL && i < G_N_ELEMENTS (events); i++)
    g_signal_handler_disconnect (object, self->handlers[i]);
  g_weak_ref_clear (&self->object);
  g_free (self->port);
  g_free (self);
}
