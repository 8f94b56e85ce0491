/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "proxy.h"

#include <glib/gstdio.h>
#include <string.h>

/* How many commands of one client are on their way at a time; QEMU takes them
 * one after the other all the same. */
#define OVERLAP 8

struct _Proxy
{
  QmpConnection *connection;
  TalkWriter *writer;
  GPtrArray *doors;   /* of Door */
  gulong event;
};

/* A server with what its clients may do. */
typedef struct
{
  Proxy *proxy;
  QmpServer *server;
  GPtrArray *patterns;   /* of GPatternSpec; NULL allows everything */
} Door;

/* A command on its way. */
typedef struct
{
  QmpServerCall *call;
  TalkWriter *writer;
  guint64 id;
} Errand;

static void
errand_free (Errand *errand)
{
  g_object_unref (errand->call);
  g_free (errand);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Errand, errand_free)

static void
on_reply (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpValue) value = NULL;

  value = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);
  if (errand->writer != NULL && value != NULL)
    talk_writer_add_return (errand->writer, errand->id, value);
  else if (errand->writer != NULL)
    talk_writer_add_error (errand->writer, errand->id, error);

  if (value != NULL)
    qmp_server_call_return_value (errand->call, value);
  else
    qmp_server_call_return_gerror (errand->call, error);
}

/* A descriptor that a client sent stays with it until a command takes one. */
static gboolean
pass_fd (QmpServerCall *call, QmpRequest *request, GError **error)
{
  const char *const takers[] = { "add-fd", "getfd", NULL };
  int fd = g_strv_contains (takers, qmp_server_call_get_command (call)) ? qmp_server_call_steal_fd (call) : -1;
  gboolean good = fd < 0 || qmp_request_set_fd (request, fd, error);

  if (fd >= 0)
    g_close (fd, NULL);
  return good;
}

static QmpRequest *
make_request (QmpServerCall *call, GError **error)
{
  g_autoptr (QmpRequest) request = qmp_server_call_make_request (call);

  /* how long to wait is the client's affair, which may go */
  qmp_request_set_timeout (request, G_MAXINT);
  return pass_fd (call, request, error) ? g_steal_pointer (&request) : NULL;
}

static gboolean
is_allowed (Door *door, const char *command)
{
  for (guint i = 0; door->patterns != NULL && i < door->patterns->len; i++)
    if (g_pattern_spec_match_string (g_ptr_array_index (door->patterns, i), command))
      return TRUE;
  return door->patterns == NULL;
}

static gboolean
on_command (QmpServer *server, QmpServerCall *call, gpointer user_data)
{
  Door *door = user_data;
  const char *command = qmp_server_call_get_command (call);
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpRequest) request = NULL;
  Errand *errand;

  /* each client negotiates by itself */
  if (strcmp (command, "qmp_capabilities") == 0)
    return FALSE;
  if (!is_allowed (door, command))
    {
      qmp_server_call_return_error (call, "CommandNotFound", "The command is not allowed here");
      return TRUE;
    }
  request = make_request (call, &error);
  if (request == NULL)
    {
      qmp_server_call_return_gerror (call, error);
      return TRUE;
    }

  errand = g_new0 (Errand, 1);
  errand->call = g_object_ref (call);
  errand->writer = door->proxy->writer;
  if (errand->writer != NULL)
    {
      g_autoptr (QmpValue) arguments = qmp_server_call_get_arguments_value (call);

      errand->id = talk_writer_add_command (errand->writer, command, arguments, qmp_server_call_get_out_of_band (call));
    }
  qmp_connection_execute_request_async (door->proxy->connection, request, qmp_server_call_get_cancellable (call), on_reply,
                                        errand);
  return TRUE;
}

static void
on_event (QmpConnection *connection, QmpEvent *event, gpointer user_data)
{
  Proxy *proxy = user_data;

  if (proxy->writer != NULL)
    talk_writer_add_event (proxy->writer, event);
  for (guint i = 0; i < proxy->doors->len; i++)
    qmp_server_relay_event (((Door *) g_ptr_array_index (proxy->doors, i))->server, event);
}

static void
door_free (Door *door)
{
  g_signal_handlers_disconnect_by_data (door->server, door);
  qmp_server_close (door->server);
  g_object_unref (door->server);
  g_clear_pointer (&door->patterns, g_ptr_array_unref);
  g_free (door);
}

static GPtrArray *
make_patterns (const char *const *texts)
{
  GPtrArray *patterns = g_ptr_array_new_with_free_func ((GDestroyNotify) g_pattern_spec_free);

  for (guint i = 0; texts[i] != NULL; i++)
    g_ptr_array_add (patterns, g_pattern_spec_new (texts[i]));
  return patterns;
}

char *
proxy_listen (Proxy *proxy, const char *address, const char *const *patterns, GError **error)
{
  Door *door = g_new0 (Door, 1);

  door->proxy = proxy;
  door->patterns = patterns != NULL ? make_patterns (patterns) : NULL;
  door->server = qmp_server_new ();
  qmp_server_set_version (door->server, qmp_connection_get_version (proxy->connection));
  qmp_server_set_out_of_band (door->server, qmp_connection_get_out_of_band (proxy->connection));
  qmp_server_set_overlap (door->server, OVERLAP);
  g_signal_connect (door->server, "command", G_CALLBACK (on_command), door);
  g_ptr_array_add (proxy->doors, door);
  return qmp_server_listen (door->server, address, error);
}

Proxy *
proxy_new (QmpConnection *connection, TalkWriter *writer)
{
  Proxy *proxy = g_new0 (Proxy, 1);

  proxy->connection = g_object_ref (connection);
  proxy->writer = writer;
  proxy->doors = g_ptr_array_new_with_free_func ((GDestroyNotify) door_free);
  proxy->event = g_signal_connect (connection, "event", G_CALLBACK (on_event), proxy);
  return proxy;
}

void
proxy_free (Proxy *proxy)
{
  g_signal_handler_disconnect (proxy->connection, proxy->event);
  g_ptr_array_unref (proxy->doors);
  g_object_unref (proxy->connection);
  g_free (proxy);
}
