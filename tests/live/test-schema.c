/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <string.h>

#include "../schema-mutants.h"

/* The schemas of real programs, and whether their judgement is the programs'
 * own. */

static QmpSchema *
load (QmpConnection *connection)
{
  g_autoptr (GError) error = NULL;
  QmpSchema *schema = qmp_connection_load_schema (connection, NULL, NULL, &error);

  g_assert_no_error (error);
  return schema;
}

static QmpConnection *
start (Live *live)
{
  live_start_monitor (live, "-machine", "q35", "-S", "-device", "virtio-scsi-pci,id=scsi", NULL);
  return live_open (live);
}

static void
test_lookups (Live *live, gconstpointer data)
{
  g_autoptr (QmpConnection) connection = start (live);
  g_autoptr (QmpSchema) schema = load (connection);
  g_auto (GStrv) commands = qmp_schema_dup_command_names (schema), events = qmp_schema_dup_event_names (schema);

  g_assert_cmpuint (g_strv_length (commands), >, 200);
  g_assert_cmpuint (g_strv_length (events), >, 50);
  g_assert_true (g_strv_contains ((const char *const *) commands, "query-qmp-schema"));
  g_assert_true (g_strv_contains ((const char *const *) events, "SHUTDOWN"));
  g_assert_true (qmp_schema_has_command (schema, "blockdev-add"));
  g_assert_true (qmp_schema_has_command_feature (schema, "x-blockdev-change", "unstable"));
  g_assert_true (qmp_schema_allows_out_of_band (schema, "migrate-pause"));
  g_assert_false (qmp_schema_allows_out_of_band (schema, "blockdev-add"));
  g_assert_true (qmp_schema_has_argument (schema, "blockdev-add", "file.driver"));
  g_assert_true (qmp_schema_has_argument (schema, "blockdev-add", "encrypt.key-secret"));
  g_assert_true (qmp_schema_has_argument (schema, "transaction", "actions.data.node-name"));
  g_assert_false (qmp_schema_has_argument (schema, "blockdev-add", "file.nonsense"));
  g_assert_true (qmp_schema_has_argument_value (schema, "blockdev-add", "driver", "qcow2"));
  g_assert_true (qmp_schema_has_argument_value (schema, "blockdev-add", "file.aio", "threads"));
  g_assert_true (qmp_schema_has_argument_feature (schema, "drive-backup", "x-perf", "unstable"));
  g_assert_true (qmp_schema_has_event_member (schema, "BLOCK_IO_ERROR", "node-name"));
  g_assert_true (qmp_schema_has_result_member (schema, "query-block", "inserted.image.backing-image.filename"));
}

typedef struct
{
  const char *command;
  const char *arguments;
  const char *complaint;  /* of ours; NULL: it is good */
} Call;

static const Call calls[] = {
  { "blockdev-add", "{\"driver\":\"null-co\",\"node-name\":\"n0\",\"size\":1048576}", NULL },
  { "blockdev-add", "{\"driver\":\"raw\",\"node-name\":\"n1\",\"file\":\"n0\"}", NULL },
  { "blockdev-add", "{\"driver\":\"raw\",\"node-name\":\"n2\",\"file\":{\"driver\":\"null-co\",\"read-zeroes\":true}}", NULL },
  { "blockdev-add", "{\"driver\":\"raw\",\"file\":{\"drver\":\"null-co\"}}",
    "blockdev-add: file.drver: no such member; did you mean driver?" },
  { "blockdev-add", "{\"driver\":\"raw\",\"node-name\":\"n3\"}", "blockdev-add: file: is missing" },
  { "blockdev-add", "{\"driver\":\"rwa\",\"node-name\":\"n3\",\"file\":\"n0\"}",
    "blockdev-add: driver: no such value; did you mean raw?" },
  { "blockdev-add", "{\"driver\":\"null-co\",\"node-name\":\"n4\",\"size\":1048576.0}",
    "blockdev-add: size: expected an integer, got a number" },
  { "blockdev-add", "{\"driver\":\"raw\",\"node-name\":\"n5\",\"file\":7}",
    "blockdev-add: file: expected an object or a string, got an integer" },
  { "block_resize", "{\"node-name\":\"n0\",\"size\":\"1M\"}", "block_resize: size: expected an integer, got a string" },
  { "device_del", "{}", "device_del: id: is missing" },
  { "device_add", "{\"driver\":\"scsi-hd\",\"id\":\"disk\",\"bus\":\"scsi.0\",\"drive\":\"n1\",\"lun\":3}", NULL },
  { "device_add", "{\"id\":\"disk\"}", "device_add: driver: is missing" },
  { "object-add", "{\"qom-type\":\"iothread\",\"id\":\"t0\",\"poll-max-ns\":5}", NULL },
  { "object-add", "{\"qom-type\":\"iothread\",\"id\":\"t1\",\"poll-max\":5}", "object-add: poll-max: no such member" },
  { "object-add", "{\"qom-type\":\"iothread\",\"id\":\"t1\",\"poll_max_ns\":5}",
    "object-add: poll_max_ns: no such member; did you mean poll-max-ns?" },
  { "set_link", "{\"name\":\"net0\",\"up\":\"yes\"}", "set_link: up: expected a boolean, got a string" },
  { "migrate-set-parameters", "{\"max-bandwidth\":18446744073709551615,\"tls-creds\":null}", NULL },
  { "migrate-set-parameters", "{\"tls-creds\":7}", "migrate-set-parameters: tls-creds: expected " },
  { "qom-set", "{\"path\":\"/machine\",\"property\":\"graphics\",\"value\":false}", NULL },
  { "query-nonsense", "{}", "query-nonsense: no such command" },
  { "transaction", "{\"actions\":[{\"type\":\"abort\",\"data\":{}},{\"type\":\"abrt\",\"data\":{}}]}",
    "transaction: actions[1].type: no such value; did you mean abort?" },
};

/* What we accept, QEMU accepts; what we refuse, QEMU refuses. */
static void
test_same_judgement (Live *live, gconstpointer data)
{
  g_autoptr (QmpConnection) connection = start (live);
  g_autoptr (QmpSchema) schema = load (connection);

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      const Call *call = &calls[i];
      g_autoptr (GError) error = NULL, refusal = NULL;
      g_autofree char *reply = NULL;

      g_test_message ("%s %s", call->command, call->arguments);
      qmp_schema_check_arguments_json (schema, call->command, call->arguments, &error);
      if (call->complaint == NULL)
        g_assert_no_error (error);
      else
        g_assert_true (error != NULL && g_str_has_prefix (error->message, call->complaint));
      reply = qmp_connection_execute_json (connection, call->command, call->arguments, NULL, &refusal);
      if (call->complaint == NULL)
        g_assert_no_error (refusal);
      else
        g_assert_nonnull (refusal);
    }
}

/* QEMU's own replies are what it says they are. */
static void
test_results (Live *live, gconstpointer data)
{
  static const char *const queries[] = {
    "query-qmp-schema", "query-status", "query-version", "query-block", "query-blockstats", "query-named-block-nodes",
    "query-chardev", "query-cpus-fast", "query-machines", "query-commands", "query-hotpluggable-cpus", "query-pci",
    "query-command-line-options", "query-migrate-parameters", "query-migrate-capabilities", "query-iothreads", "query-kvm",
    "query-memory-devices", "query-stats-schemas", "query-tpm-types", "query-jobs",
  };
  g_autoptr (QmpConnection) connection = start (live);
  g_autoptr (QmpSchema) schema = load (connection);

  g_free (live_run (connection, calls[0].command, calls[0].arguments));
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *reply = live_run (connection, queries[i], NULL);

      g_assert_true (qmp_schema_check_result_json (schema, queries[i], reply, &error));
      g_assert_no_error (error);
    }
}

static void
test_event_data (Live *live, gconstpointer data)
{
  g_autoptr (QmpConnection) connection = start (live);
  g_autoptr (QmpSchema) schema = load (connection);
  g_autoptr (QmpEventStream) events = qmp_connection_watch_events (connection, NULL, 100);
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_assert_true (qmp_connection_quit (connection, NULL, NULL));
  for (;; n++)
    {
      g_autoptr (QmpEvent) event = qmp_event_stream_next (events, NULL, NULL);
      g_autofree char *text = NULL;

      if (event == NULL)
        break;
      text = qmp_event_get_data_json (event);
      g_assert_true (qmp_schema_check_event_json (schema, qmp_event_get_name (event), text, &error));
      g_assert_no_error (error);
    }
  g_assert_cmpuint (n, >, 0);
}

static void
test_storage_daemon (Live *live, gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpSchema) schema = NULL;
  g_autoptr (GError) error = NULL;

  live_start_storage_daemon (live);
  connection = live_open (live);
  schema = load (connection);
  g_assert_true (qmp_schema_has_command (schema, "blockdev-add"));
  g_assert_false (qmp_schema_has_command (schema, "query-status"));
  g_assert_false (qmp_schema_check_arguments_json (schema, "query-status", NULL, &error));
  g_assert_cmpstr (error->message, ==, "query-status: no such command");
}

/* The cache, with a version as programs really have it. */
static void
test_cache (Live *live, gconstpointer data)
{
  g_autoptr (GFile) folder = g_file_new_for_path (live->folder);
  g_autoptr (GFile) cache = g_file_get_child (folder, "schemas");
  g_autoptr (QmpSchema) asked = NULL, kept = NULL;
  g_autoptr (QmpConnection) connection = start (live), next = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) before = NULL, after = NULL;

  asked = qmp_connection_load_schema (connection, cache, NULL, &error);
  g_assert_no_error (error);
  qmp_connection_close (connection, NULL, NULL);
  next = live_open (live);
  kept = qmp_connection_load_schema (next, cache, NULL, &error);
  g_assert_no_error (error);
  before = qmp_schema_dup_command_names (asked);
  after = qmp_schema_dup_command_names (kept);
  g_assert_true (g_strv_equal ((const char *const *) before, (const char *const *) after));
}

static void
test_mutants (Live *live, gconstpointer data)
{
  g_autoptr (QmpConnection) connection = start (live);
  g_autofree char *json = live_run (connection, "query-qmp-schema", NULL);
  guint n_refused = 0, n = schema_mutants_run (json, 41, &n_refused);

  g_assert_cmpuint (n, >, 100);
  g_assert_cmpuint (n_refused, >, n / 3);
  g_assert_cmpuint (n_refused, <, n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/live/schema/lookups", test_lookups);
  LIVE_TEST ("/live/schema/same-judgement", test_same_judgement);
  LIVE_TEST ("/live/schema/results", test_results);
  LIVE_TEST ("/live/schema/event-data", test_event_data);
  LIVE_TEST ("/live/schema/storage-daemon", test_storage_daemon);
  LIVE_TEST ("/live/schema/cache", test_cache);
  LIVE_TEST ("/live/schema/mutants", test_mutants);
  return g_test_run ();
}
