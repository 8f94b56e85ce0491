/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "library-client.h"

#include "bench-fail.h"

#include <qmp-glib/qmp-glib.h>

struct _LibraryClient
{
  QmpConnection *connection;
  guint n_events;
};

typedef struct
{
  LibraryClient *client;
  const char *command;
  /* One request for all calls: an app that asks again and again keeps it. */
  QmpRequest *request;
  LibraryForm form;
  guint n_to_send;
  guint *n_to_receive;
} Run;

GIOStream *
library_stream_new (int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);

  if (socket == NULL)
    bench_fail ("%s", error->message);
  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

LibraryClient *
library_client_new_for_stream (GIOStream *stream)
{
  LibraryClient *client = g_new0 (LibraryClient, 1);
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  g_autoptr (GError) error = NULL;

  /* the 10 MB reply has more values than a connection takes by default */
  qmp_limits_set_message_size (limits, 16 * 1024 * 1024);
  qmp_limits_set_message_values (limits, 2 * 1000 * 1000);
  qmp_open_options_set_limits (options, limits);
  client->connection = qmp_connection_open_stream (stream, options, NULL, &error);
  if (client->connection == NULL)
    bench_fail ("open: %s", error->message);
  return client;
}

LibraryClient *
library_client_new (int fd)
{
  g_autoptr (GIOStream) stream = library_stream_new (fd);

  return library_client_new_for_stream (stream);
}

void
library_client_free (LibraryClient *client)
{
  g_object_unref (client->connection);
  g_free (client);
}

/* Reads @name of the element at @index, as an app would that wants nothing else. */
static void
read_member (QmpValue *array, guint index, const char *name)
{
  g_autoptr (QmpValue) element = qmp_value_get_element (array, index);
  g_autofree char *text = element != NULL ? qmp_value_dup_member_string (element, name) : NULL;

  if (text == NULL)
    bench_fail ("element %u has no string %s", index, name);
}

static void
read_value (QmpValue *value, LibraryForm form)
{
  if (form == LIBRARY_FORM_DEVICE)
    read_member (value, 0, "device");
  if (form != LIBRARY_FORM_LOOKUP)
    return;

  read_member (value, 0, "name");
  read_member (value, qmp_value_get_length (value) / 2, "meta-type");
  read_member (value, qmp_value_get_length (value) - 1, "name");
}

/* What read_value() does for LIBRARY_FORM_LOOKUP, by typed getters. */
static void
read_objects (GPtrArray *schema)
{
  QmpSchemaInfo *first = g_ptr_array_index (schema, 0);
  QmpSchemaInfo *middle = g_ptr_array_index (schema, schema->len / 2);
  QmpSchemaInfo *last = g_ptr_array_index (schema, schema->len - 1);

  if (qmp_schema_info_get_name (first) == NULL || qmp_schema_info_get_name (last) == NULL ||
      qmp_schema_info_get_meta_type (middle) == QMP_SCHEMA_META_TYPE_UNRECOGNIZED)
    bench_fail ("the schema has not what was asked for");
}

static void
finish_call (Run *run, GAsyncResult *result, GError **error)
{
  QmpConnection *connection = run->client->connection;

  if (run->form == LIBRARY_FORM_TEXT)
    g_free (qmp_connection_execute_json_finish (connection, result, error));
  else if (run->form == LIBRARY_FORM_TYPED)
    {
      g_autoptr (GPtrArray) schema = qmp_connection_query_qmp_schema_finish (connection, result, error);

      if (schema != NULL)
        read_objects (schema);
    }
  else if (run->form == LIBRARY_FORM_TREE)
    {
      g_autoptr (JsonNode) tree = qmp_connection_execute_finish (connection, result, error);
    }
  else
    {
      g_autoptr (QmpValue) value =
        qmp_connection_execute_request_finish (connection, result, error);

      if (value != NULL)
        read_value (value, run->form);
    }
}

static void send_next (Run *run);

static void
on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;
  GError *error = NULL;

  finish_call (run, result, &error);
  if (error != NULL)
    bench_fail ("%s: %s", run->command, error->message);

  --*run->n_to_receive;
  if (run->n_to_send > 0)
    send_next (run);
}

static void
send_next (Run *run)
{
  QmpConnection *connection = run->client->connection;

  run->n_to_send--;
  if (run->form == LIBRARY_FORM_TEXT)
    qmp_connection_execute_json_async (connection, run->command, NULL, NULL, on_reply, run);
  else if (run->form == LIBRARY_FORM_TREE)
    qmp_connection_execute_async (connection, run->command, NULL, NULL, on_reply, run);
  else if (run->form == LIBRARY_FORM_TYPED)
    qmp_connection_query_qmp_schema_async (connection, NULL, on_reply, run);
  else
    qmp_connection_execute_request_async (connection, run->request, NULL, on_reply, run);
}

void
library_client_run (LibraryClient *client, const char *command, LibraryForm form, guint window,
                    guint count)
{
  guint n_to_receive = count;
  Run run = { client, command, qmp_request_new (command), form, count, &n_to_receive };

  while (window-- > 0 && run.n_to_send > 0)
    send_next (&run);
  while (n_to_receive > 0)
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (run.request);
}

void
library_clients_busy (LibraryClient **clients, guint n_clients, const char *command, guint count)
{
  guint n_to_receive = n_clients * count;
  g_autofree Run *runs = g_new0 (Run, n_clients);

  for (guint i = 0; i < n_clients; i++)
    {
      runs[i] = (Run){ clients[i],  command, qmp_request_new (command), LIBRARY_FORM_VALUE,
                       count, &n_to_receive };
      send_next (&runs[i]);
    }
  while (n_to_receive > 0)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < n_clients; i++)
    g_object_unref (runs[i].request);
}

static void
on_event (QmpConnection *connection, QmpEvent *event, gpointer data)
{
  LibraryClient *client = data;

  if (qmp_event_get_name (event)[0] == 'B')
    client->n_events++;
}

static void
on_events_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *reply =
    qmp_connection_execute_json_finish (QMP_CONNECTION (source), result, &error);

  if (reply == NULL)
    bench_fail ("events: %s", error->message);
  *(gboolean *) data = TRUE;
}

/* Replies and events keep their order: with the reply, all events have come. */
void
library_client_events (LibraryClient *client, const char *command, guint count)
{
  g_autofree char *arguments = g_strdup_printf ("{\"count\":%u}", count);
  gulong handler = g_signal_connect (client->connection, "event", G_CALLBACK (on_event), client);
  gboolean done = FALSE;

  client->n_events = 0;
  qmp_connection_execute_json_async (client->connection, command, arguments, NULL,
                                     on_events_done, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  if (client->n_events != count)
    bench_fail ("of the events %u of %u came", client->n_events, count);
  g_signal_handler_disconnect (client->connection, handler);
}

void
library_client_blocking (LibraryClient *client, const char *command, guint count)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpRequest) request = qmp_request_new (command);

  while (count-- > 0)
    {
      g_autoptr (QmpValue) value =
        qmp_connection_execute_request (client->connection, request, NULL, &error);

      if (value == NULL)
        bench_fail ("%s: %s", command, error->message);
    }
}

guint64
library_client_get_received (LibraryClient *client)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *reply =
    qmp_connection_execute_json (client->connection, "received", NULL, NULL, &error);

  if (reply == NULL)
    bench_fail ("received: %s", error->message);
  return g_ascii_strtoull (reply, NULL, 10);
}
