/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/vm_sockets.h>
#endif

/* Monitors on the network: TCP, TLS, and vsock where the system has it. */

static void
assert_talks (QmpConnection *connection)
{
  g_autofree char *answer = live_run (connection, "query-status", NULL);

  g_assert_nonnull (strstr (answer, "\"status\""));
}

/* QEMU lets the system choose a port; a monitor on a unix socket tells which. */
static char *
get_port (Live *live)
{
  g_autoptr (QmpConnection) side = live_open (live);
  g_autofree char *chardevs = live_run (side, "query-chardev", NULL);
  const char *at = strstr (chardevs, "disconnected:");
  char *rest;

  g_assert_nonnull (at);
  at = strstr (at, "127.0.0.1:");
  g_assert_nonnull (at);
  rest = g_strdup (at + strlen ("127.0.0.1:"));
  rest[strspn (rest, "0123456789")] = '\0';
  return rest;
}

/* --- TCP -------------------------------------------------------------------------------- */

static void
test_tcp (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpRequest) request = qmp_request_new ("getfd");
  g_autoptr (GError) error = NULL;
  g_autofree char *port = NULL, *address = NULL;

  live_start_monitor (live, "-chardev", "socket,id=net,host=127.0.0.1,port=0,server=on,wait=off",
                      "-mon", "chardev=net,mode=control", NULL);
  port = get_port (live);
  address = g_strdup_printf ("tcp:127.0.0.1:%s", port);
  connection = qmp_connection_open (address, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_talks (connection);

  /* no file descriptor travels here */
  g_assert_true (qmp_request_set_arguments_json (request, "{\"fdname\":\"f\"}", NULL));
  g_assert_true (qmp_request_set_fd (request, STDERR_FILENO, NULL));
  g_assert_null (qmp_connection_execute_request (connection, request, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  assert_talks (connection);
}

/* --- TLS -------------------------------------------------------------------------------- */

static const char certificate_settings[] =
  "[req]\ndistinguished_name=name\nprompt=no\n"
  "[name]\nCN=live test\n"
  "[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"
  "[server]\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\n"
  "extendedKeyUsage=serverAuth\nsubjectAltName=IP:127.0.0.1,DNS:monitor.example\n"
  "[client]\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\n"
  "extendedKeyUsage=clientAuth\n";

static void
run_openssl (Live *live, const char *line)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                                                        G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_auto (GStrv) arguments = g_strsplit (line, " ", -1);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  g_subprocess_launcher_set_cwd (launcher, live->folder);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &words, &error));
  if (!g_subprocess_get_successful (process))
    g_error ("%s: %s", line, words);
}

/* An authority, and what it signed, under the names that QEMU looks for. */
static void
make_certificates (Live *live)
{
  static const char *const lines[] = {
    "openssl req -x509 -config settings -extensions ca -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
    "-days 2 -keyout ca-key.pem -out ca-cert.pem",
    "openssl req -config settings -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
    "-keyout server-key.pem -out server.csr",
    "openssl x509 -req -in server.csr -CA ca-cert.pem -CAkey ca-key.pem -set_serial 2 -days 2 -extfile settings "
    "-extensions server -out server-cert.pem",
    "openssl req -config settings -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
    "-keyout client-key.pem -out client.csr",
    "openssl x509 -req -in client.csr -CA ca-cert.pem -CAkey ca-key.pem -set_serial 3 -days 2 -extfile settings "
    "-extensions client -out client-cert.pem",
  };
  g_autofree char *settings = live_path (live, "settings");
  guint i;

  g_assert_true (g_file_set_contents (settings, certificate_settings, -1, NULL));
  for (i = 0; i < G_N_ELEMENTS (lines); i++)
    run_openssl (live, lines[i]);
}

static char *
start_tls (Live *live, gboolean verify_peer)
{
  g_autofree char *credentials = NULL, *port = NULL;

  make_certificates (live);
  credentials = g_strdup_printf ("tls-creds-x509,id=tls,endpoint=server,dir=%s,verify-peer=%s", live->folder,
                                 verify_peer ? "on" : "off");
  live_start_monitor (live, "-object", credentials,
                      "-chardev", "socket,id=net,host=127.0.0.1,port=0,server=on,wait=off,tls-creds=tls",
                      "-mon", "chardev=net,mode=control", NULL);
  port = get_port (live);
  return g_strdup_printf ("tls:127.0.0.1:%s", port);
}

static QmpOpenOptions *
trust_our_authority (Live *live)
{
  g_autofree char *path = live_path (live, "ca-cert.pem");
  QmpOpenOptions *options = live_options (-1, TRUE);
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) error = NULL;

  database = g_tls_file_database_new (path, &error);
  g_assert_no_error (error);
  qmp_open_options_set_tls_database (options, database);
  return options;
}

static QmpConnection *
open_async (const char *address, QmpOpenOptions *options, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  qmp_connection_open_async (address, options, NULL, live_keep_result, &result);
  return qmp_connection_open_finish (live_wait (&result), error);
}

static void
test_tls (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *address = start_tls (live, FALSE);
  g_autoptr (QmpOpenOptions) options = trust_our_authority (live);
  g_autoptr (QmpConnection) connection = NULL, next = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  g_autoptr (QmpEvent) event = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *stopped = NULL, *schema = NULL;
  g_auto (LiveEnd) end = { 0 };

  connection = open_async (address, options, &error);
  g_assert_no_error (error);
  assert_talks (connection);
  schema = live_run (connection, "query-qmp-schema", NULL);
  g_assert_cmpuint (strlen (schema), >, 100000);
  stream = qmp_connection_watch_events (connection, NULL, 4);
  stopped = live_run (connection, "stop", NULL);
  event = qmp_event_stream_next (stream, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (qmp_event_get_name (event), ==, "STOP");
  g_assert_true (qmp_connection_close (connection, NULL, &error));

  next = qmp_connection_open (address, options, NULL, &error);
  g_assert_no_error (error);
  live_end_watch (&end, next);
  g_assert_true (qmp_connection_quit (next, NULL, &error));
  g_assert_no_error (error);
  live_end_assert_orderly (&end, next);
}

static void
test_tls_unknown_authority (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *address = start_tls (live, FALSE);
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL, again = NULL;

  connection = open_async (address, NULL, &error);
  g_assert_null (connection);
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  g_assert_nonnull (strstr (error->message, address));
  g_assert_null (qmp_connection_open (address, NULL, NULL, &again));
  g_assert_error (again, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
}

static void
test_tls_identity (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *address = start_tls (live, FALSE);
  g_autoptr (QmpOpenOptions) options = trust_our_authority (live);
  g_autoptr (GSocketConnectable) wrong = g_network_address_new ("another.example", 0);
  g_autoptr (GSocketConnectable) right = g_network_address_new ("monitor.example", 0);
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  qmp_open_options_set_server_identity (options, wrong);
  g_assert_null (open_async (address, options, &error));
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  g_clear_error (&error);

  qmp_open_options_set_server_identity (options, right);
  connection = open_async (address, options, &error);
  g_assert_no_error (error);
  assert_talks (connection);
}

/* QEMU wants to know who we are. */
static void
test_tls_client_certificate (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *address = start_tls (live, TRUE);
  g_autofree char *certificate_path = live_path (live, "client-cert.pem");
  g_autofree char *key_path = live_path (live, "client-key.pem");
  g_autoptr (QmpOpenOptions) options = trust_our_authority (live);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  /* without one, QEMU hangs up */
  g_assert_null (open_async (address, options, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);

  certificate = g_tls_certificate_new_from_files (certificate_path, key_path, &error);
  g_assert_no_error (error);
  qmp_open_options_set_tls_certificate (options, certificate);
  connection = open_async (address, options, &error);
  g_assert_no_error (error);
  assert_talks (connection);
}

static void
test_tls_killed (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *address = start_tls (live, FALSE);
  g_autoptr (QmpOpenOptions) options = trust_our_authority (live);
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (LiveEnd) end = { 0 };

  connection = open_async (address, options, &error);
  g_assert_no_error (error);
  live_end_watch (&end, connection);
  live_kill (live->running->pdata[0]);
  live_end_wait (&end);
  g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* Either side waits for the other's first word. */
static void
test_tls_mismatch (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *address = start_tls (live, FALSE);
  g_autofree char *plain = g_strdup_printf ("tcp:%s", address + strlen ("tls:"));
  g_autoptr (QmpOpenOptions) options = live_options (500, TRUE);
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  connection = qmp_connection_open (plain, options, NULL, &error);
  g_assert_null (connection);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (error->message, "greeting"));
}

/* --- vsock ------------------------------------------------------------------------------ */

#ifdef __linux__

/* A listening socket on all of this machine's addresses; or -1. */
static int
listen_on_vsock (guint *port)
{
  struct sockaddr_vm where = { .svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY, .svm_port = VMADDR_PORT_ANY };
  socklen_t length = sizeof where;
  int fd = socket (AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return -1;
  if (bind (fd, (struct sockaddr *) &where, sizeof where) == 0 && listen (fd, 1) == 0 &&
      getsockname (fd, (struct sockaddr *) &where, &length) == 0)
    {
      *port = where.svm_port;
      return fd;
    }
  close (fd);
  return -1;
}

/* Whether the kernel takes us to ourselves: it needs the module vsock_loopback. */
static gboolean
has_loopback (guint port)
{
  struct sockaddr_vm where = { .svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_LOCAL, .svm_port = port };
  int fd = socket (AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gboolean connected = fd >= 0 && connect (fd, (struct sockaddr *) &where, sizeof where) == 0;

  close (fd);
  return connected;
}

static void
test_vsock (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpOpenOptions) options = NULL;
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  guint port = 9999;
  int fd = listen_on_vsock (&port);
  gboolean works = fd >= 0 && has_loopback (port);

  address = g_strdup_printf ("vsock:%u:%u", VMADDR_CID_LOCAL, port);
  options = live_options (works ? -1 : 500, works);
  if (works)
    live_start_qemu (live, fd, "-chardev", "socket,id=qmp,fd=" LIVE_FD ",server=on,wait=off",
                     "-mon", "chardev=qmp,mode=control", NULL);
  else if (fd >= 0)
    close (fd);

  connection = qmp_connection_open (address, options, NULL, &error);
  if (works)
    {
      g_assert_no_error (error);
      assert_talks (connection);
      return;
    }
  g_assert_null (connection);
  g_test_message ("%s", error->message);
  g_assert_cmpint (error->domain, ==, G_IO_ERROR);
  g_assert_cmpint (error->code, !=, G_IO_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, address));
}

#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/live/network/tcp", test_tcp);
  LIVE_TEST ("/live/network/tls", test_tls);
  LIVE_TEST ("/live/network/tls-unknown-authority", test_tls_unknown_authority);
  LIVE_TEST ("/live/network/tls-identity", test_tls_identity);
  LIVE_TEST ("/live/network/tls-client-certificate", test_tls_client_certificate);
  LIVE_TEST ("/live/network/tls-killed", test_tls_killed);
  LIVE_TEST ("/live/network/tls-mismatch", test_tls_mismatch);
#ifdef __linux__
  LIVE_TEST ("/live/network/vsock", test_vsock);
#endif
  return g_test_run ();
}
