/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Many clients at one monitor, through qmpctl proxy: each question has a number
 * of its own, and each answer has to be the one to it. Some clients are killed
 * while they ask. With arguments it is one of these clients. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <qmp-glib/qmp-glib.h>
#include <string.h>

#define N_CLIENTS 50
#define N_CALLS 10000
#define N_VICTIMS 20
#define WINDOW 16

/* --- a client ------------------------------------------------------------------- */

typedef struct
{
  QmpConnection *connection;
  const char *name;
  guint sent;
  guint answered;
  guint count;
} Client;

typedef struct
{
  Client *client;
  char *arguments;
} Question;

static void ask (Client *client);

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = qmp_connection_execute_json_finish (QMP_CONNECTION (source), result, &error);

  if (g_strcmp0 (answer, question->arguments) != 0)
    g_error ("%s got %s (%s)", question->arguments, answer, error != NULL ? error->message : "");
  question->client->answered++;
  ask (question->client);
  g_free (question->arguments);
  g_free (question);
}

static void
ask (Client *client)
{
  Question *question;

  if (client->sent == client->count)
    return;
  question = g_new (Question, 1);
  question->client = client;
  question->arguments = g_strdup_printf ("{\"who\":\"%s\",\"what\":%u}", client->name, client->sent++);
  qmp_connection_execute_json_async (client->connection, "x-echo", question->arguments, NULL, on_answer, question);
}

static int
be_client (const char *address, const char *name, guint count)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpConnection) connection = qmp_connection_open (address, NULL, NULL, &error);
  Client client = { connection, name, 0, 0, count };

  if (connection == NULL)
    g_error ("%s: %s", name, error->message);
  for (guint i = 0; i < WINDOW; i++)
    ask (&client);
  while (client.answered < count)
    g_main_context_iteration (NULL, TRUE);
  return 0;
}

/* --- the test --------------------------------------------------------------------- */

static const char *program;

typedef struct
{
  char *folder;
  char *monitor;
  char *shared;
  QmpServer *server;
  GSubprocess *proxy;
} Fixture;

static gboolean
on_command (QmpServer *server, QmpServerCall *call, gpointer user_data)
{
  g_autoptr (QmpValue) arguments = NULL;

  if (strcmp (qmp_server_call_get_command (call), "x-echo") != 0)
    return FALSE;
  arguments = qmp_server_call_get_arguments_value (call);
  qmp_server_call_return_value (call, arguments);
  return TRUE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  g_autofree char *listens = NULL;

  fixture->folder = g_dir_make_tmp ("proxy-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->monitor = g_build_filename (fixture->folder, "monitor", NULL);
  fixture->shared = g_build_filename (fixture->folder, "shared", NULL);
  /* a thread of its own: this one starts and waits for processes */
  fixture->server = qmp_server_new_threaded ();
  qmp_server_set_overlap (fixture->server, WINDOW);
  g_signal_connect (fixture->server, "command", G_CALLBACK (on_command), NULL);
  listens = qmp_server_listen (fixture->server, fixture->monitor, &error);
  g_assert_no_error (error);

  fixture->proxy = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, g_getenv ("QMPCTL"), fixture->monitor, "proxy",
                                     fixture->shared, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (fixture->proxy));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (line, ==, fixture->shared);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_subprocess_send_signal (fixture->proxy, 15);
  g_assert_true (g_subprocess_wait_check (fixture->proxy, NULL, NULL));
  qmp_server_close (fixture->server);
  g_object_unref (fixture->server);
  g_object_unref (fixture->proxy);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->monitor);
  g_free (fixture->shared);
}

static GSubprocess *
start_client (Fixture *fixture, const char *kind, guint number, guint count)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("%s-%u", kind, number);
  g_autofree char *text = g_strdup_printf ("%u", count);
  GSubprocess *client;

  client = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, fixture->shared, name, text, NULL);
  g_assert_no_error (error);
  return client;
}

static void
test_load (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_CLIENTS; i++)
    g_ptr_array_add (clients, start_client (fixture, "client", i, N_CALLS));
  /* one after the other, each after a time of its own */
  for (guint i = 0; i < N_VICTIMS; i++)
    {
      g_autoptr (GSubprocess) victim = start_client (fixture, "victim", i, G_MAXUINT);

      g_usleep ((gulong) g_test_rand_int_range (1, 200000));
      g_subprocess_force_exit (victim);
      g_subprocess_wait (victim, NULL, NULL);
      g_assert_cmpint (g_subprocess_get_term_sig (victim), ==, 9);
    }
  for (guint i = 0; i < clients->len; i++)
    {
      g_subprocess_wait_check (g_ptr_array_index (clients, i), NULL, &error);
      g_assert_no_error (error);
    }
}

int
main (int argc, char **argv)
{
  program = argv[0];
  if (argc == 4)
    return be_client (argv[1], argv[2], (guint) g_ascii_strtoull (argv[3], NULL, 10));

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/qmpctl/proxy/load", Fixture, NULL, set_up, test_load, tear_down);
  return g_test_run ();
}
