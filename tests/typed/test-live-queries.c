/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "typed/typed.h"

#include <string.h>

#include "live/live.h"

/* A machine with something of everything, and all that it can be asked: each
 * answer goes through its class, and comes out as it went in. */

typedef struct
{
  Live *live;
  QmpConnection *connection;
  guint n_answers;
  guint n_refused;  /* with an error of QEMU's own */
  guint n_unknown;  /* members that no class knows */
  guint n_strange;  /* commands that no description has */
  guint n_need;     /* commands that want arguments */
} Survey;

/* --- asking -------------------------------------------------------------------------- */

/* Through the table of its typed call. Whatever can differ between two calls,
 * an error cannot. */
static void
ask_typed (Survey *survey, const WireCommand *command)
{
  g_autoptr (GError) error = NULL, raw_error = NULL;
  g_auto (TypedValue) value = { &command->result, { WIRE_SLOT_SET } };
  g_autofree char *text = NULL, *raw = qmp_connection_execute_json (survey->connection, command->name, NULL, NULL, &raw_error);

  if (!wire_member_is_pointer (&command->result))
    {
      value.member = NULL;
      return;
    }
  value.slot.pointer = qmp_command_run_pointer (command, survey->connection, NULL, NULL, &error);
  if (raw_error != NULL)
    {
      g_assert_nonnull (error);
      g_assert_cmpint (error->code, ==, raw_error->code);
      g_assert_cmpstr (error->message, ==, raw_error->message);
      g_test_message ("%s", error->message);
      survey->n_refused++;
      value.member = NULL;
      return;
    }
  g_assert_no_error (error);
  text = typed_to_json (&value);
  survey->n_unknown += typed_round_trip (&value, text, command->name);
  survey->n_answers++;
}

/* With arguments: the text that came, through the same table. */
static char *
ask (Survey *survey, const char *name, const char *arguments)
{
  const WireCommand *command = typed_find_command (TYPED_QMP, name);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = qmp_connection_execute_json (survey->connection, name, arguments, NULL, &error), *message = NULL;
  g_autoptr (WireDocument) document = NULL;
  g_auto (TypedValue) value = { 0 };

  g_assert_nonnull (command);
  if (text == NULL)
    {
      g_assert_true (error->domain == QMP_ERROR);
      g_test_message ("%s %s: %s", name, arguments, error->message);
      survey->n_refused++;
      return NULL;
    }
  message = g_strdup_printf ("{\"return\":%s}", text);
  document = typed_read (message, strlen (message));
  typed_read_result (TYPED_QMP, command, document, 2, &value, &error);
  g_assert_no_error (error);
  survey->n_unknown += typed_round_trip (&value, text, name);
  survey->n_answers++;
  return g_steal_pointer (&text);
}

static gboolean
is_query (const char *name)
{
  return g_str_has_prefix (name, "query-") || g_str_has_prefix (name, "x-query-");
}

/* Everything that the program itself says that it can be asked. */
static void
ask_all (Survey *survey)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) commands = qmp_command_run_pointer (&qmp_command_query_commands, survey->connection, NULL, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < commands->len; i++)
    {
      const char *name = qmp_command_info_get_name (g_ptr_array_index (commands, i));
      const WireCommand *command = typed_find_command (TYPED_QMP, name);

      if (command == NULL)
        {
          g_test_message ("%s: not described", name);
          survey->n_strange++;
        }
      else if (is_query (name) && command->n_positional == 0 && command->has_result)
        ask_typed (survey, command);
      else if (is_query (name))
        survey->n_need++;
    }
}

/* The names in a list of objects. */
static GPtrArray *
get_names (const char *json, const char *member)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  JsonArray *array = json_node_get_array (node);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (names, g_strdup (json_object_get_string_member (json_array_get_object_element (array, i), member)));
  return names;
}

static void
ask_each (Survey *survey, const char *list, const char *list_arguments, const char *member, const char *command,
          const char *argument, const char *prefix)
{
  g_autofree char *json = ask (survey, list, list_arguments);
  g_autoptr (GPtrArray) names = NULL;

  g_assert_nonnull (json);
  names = get_names (json, member);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *arguments = g_strdup_printf ("{\"%s\":\"%s%s\"}", argument, prefix,
                                                    (const char *) g_ptr_array_index (names, i));

      g_free (ask (survey, command, arguments));
    }
}

/* --- the programs ----------------------------------------------------------------------- */

static char *
make_image (Live *live, const char *name)
{
  char *path = live_path (live, name);
  g_autofree char *zeros = g_malloc0 (1024 * 1024);

  g_assert_true (g_file_set_contents (path, zeros, 1024 * 1024, NULL));
  return path;
}

static void
add (GPtrArray *arguments, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (arguments, g_strdup (words[i]));
}

static void
start_machine (Live *live)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *monitor = g_strdup_printf ("socket,id=qmp,path=%s,server=on,wait=on", live->monitor);

  g_ptr_array_add (arguments, g_strdup (live_program ("QEMU", "qemu-system-x86_64")));
  add (arguments, "-nodefaults -accel tcg -display none -S -name survey -uuid 4d5c8ac7-6dd3-4d4b-a0c9-6a7a1ba1d9a1");
  add (arguments, "-M q35,memory-backend=ram -cpu max -smp 2,maxcpus=4 -m 128M,slots=4,maxmem=1G");
  add (arguments, "-object memory-backend-ram,id=ram,size=128M -object memory-backend-ram,id=more,size=128M");
  add (arguments, "-device pc-dimm,id=dimm,memdev=more -object iothread,id=io -object rng-random,id=rng,filename=/dev/urandom");
  add (arguments, "-object throttle-group,id=limits,x-iops-total=1000 -object secret,id=secret,data=letmein");
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("disk%u", i), *path = make_image (live, name);
      g_autofree char *disk = g_strdup_printf ("-blockdev driver=file,node-name=file%u,filename=%s -blockdev "
                                               "driver=raw,node-name=raw%u,file=file%u",
                                               i, path, i, i);

      add (arguments, disk);
    }
  add (arguments, "-blockdev driver=throttle,node-name=slow,throttle-group=limits,file=raw2");
  add (arguments, "-blockdev driver=null-co,node-name=null,size=1048576,read-zeroes=on");
  add (arguments, "-device virtio-blk-pci,drive=raw0,id=vd,iothread=io -device virtio-scsi-pci,id=scsi");
  add (arguments, "-device scsi-hd,drive=slow,id=sd,bus=scsi.0 -device ide-hd,drive=raw1,id=hd,bus=ide.0");
  add (arguments, "-device ide-cd,id=cd,bus=ide.1 -device nvme,drive=null,serial=1,id=nvme");
  add (arguments, "-netdev user,id=net0 -device virtio-net-pci,netdev=net0,id=nic0 -netdev hubport,id=net1,hubid=0 "
                  "-device e1000e,netdev=net1,id=nic1");
  add (arguments, "-device qemu-xhci,id=usb -device usb-tablet,bus=usb.0 -device usb-kbd,bus=usb.0 -device usb-mouse,bus=usb.0");
  add (arguments, "-device pcie-root-port,id=root,chassis=1 -device virtio-balloon-pci,id=balloon,bus=root");
  add (arguments, "-device virtio-rng-pci,rng=rng -device virtio-serial-pci,id=serial");
  add (arguments, "-chardev ringbuf,id=ring,size=4096 -device virtserialport,chardev=ring,name=port.0 -chardev null,id=nothing "
                  "-serial chardev:nothing");
  add (arguments, "-device VGA -vnc none -watchdog-action none -device i6300esb -audiodev none,id=sound -device intel-hda "
                  "-device hda-duplex,audiodev=sound");
  add (arguments, "-chardev");
  g_ptr_array_add (arguments, g_steal_pointer (&monitor));
  add (arguments, "-mon chardev=qmp,mode=control");
  g_ptr_array_add (arguments, NULL);
  live_start (live, -1, (const char *const *) arguments->pdata);
}

static void
tell (const Survey *survey)
{
  g_test_message ("%u answers, %u refused by QEMU, %u want arguments; %u commands not described, %u members not known",
                  survey->n_answers, survey->n_refused, survey->n_need, survey->n_strange, survey->n_unknown);
}

/* What a machine has is asked for one by one, too. */
static void
ask_machine (Survey *survey)
{
  /* asked for some others, QEMU aborts */
  static const char *const devices[] = { "virtio-blk-pci", "virtio-scsi-pci", "scsi-hd", "ide-cd",   "nvme",         "virtio-net-pci",
                                         "e1000e",         "qemu-xhci",       "usb-kbd", "intel-hda", "pcie-root-port" };

  ask_each (survey, "qom-list", "{\"path\":\"/machine/peripheral\"}", "name", "qom-list", "path", "/machine/peripheral/");
  g_free (ask (survey, "qom-list-types", "{\"implements\":\"user-creatable\"}"));
  ask_each (survey, "x-query-virtio", NULL, "path", "x-query-virtio-status", "path", "");
  ask_each (survey, "query-command-line-options", NULL, "option", "query-command-line-options", "option", "");
  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    {
      g_autofree char *arguments = g_strdup_printf ("{\"typename\":\"%s\"}", devices[i]);

      g_free (ask (survey, "device-list-properties", arguments));
      g_free (ask (survey, "qom-list-properties", arguments));
    }
  g_free (ask (survey, "query-stats", "{\"target\":\"vm\"}"));
  g_free (ask (survey, "query-stats", "{\"target\":\"vcpu\"}"));
  g_free (ask (survey, "query-blockstats", "{\"query-nodes\":true}"));
  g_free (ask (survey, "query-named-block-nodes", "{\"flat\":true}"));
  g_free (ask (survey, "query-rx-filter", "{\"name\":\"nic0\"}"));
  g_free (ask (survey, "query-cpu-model-expansion", "{\"type\":\"full\",\"model\":{\"name\":\"max\"}}"));
  g_free (ask (survey, "query-cpu-model-expansion", "{\"type\":\"static\",\"model\":{\"name\":\"qemu64\",\"props\":{\"sse4.2\":true}}}"));
  g_free (ask (survey, "qom-get", "{\"path\":\"/machine\",\"property\":\"rtc-time\"}"));
  g_free (ask (survey, "trace-event-get-state", "{\"name\":\"qio_*\"}"));
  g_free (ask (survey, "human-monitor-command", "{\"command-line\":\"info qtree\"}"));
}

static void
test_machine (Live *live, gconstpointer data)
{
  Survey survey = { .live = live };

  start_machine (live);
  survey.connection = live_open (live);
  ask_all (&survey);
  g_assert_cmpuint (survey.n_answers, >, 60);
  ask_machine (&survey);
  tell (&survey);
  g_assert_cmpuint (survey.n_answers, >, 140);
  g_assert_cmpuint (survey.n_unknown, ==, 0);
  g_assert_cmpuint (survey.n_strange, ==, 0);
  g_object_unref (survey.connection);
}

static void
test_storage_daemon (Live *live, gconstpointer data)
{
  Survey survey = { .live = live };
  g_autofree char *path = make_image (live, "disk"), *arguments = NULL, *done = NULL;

  live_start_storage_daemon (live);
  survey.connection = live_open (live);
  arguments = g_strdup_printf ("{\"driver\":\"raw\",\"node-name\":\"disk\",\"file\":{\"driver\":\"file\",\"filename\":\"%s\"}}", path);
  done = live_run (survey.connection, "blockdev-add", arguments);
  ask_all (&survey);
  g_free (ask (&survey, "query-named-block-nodes", "{\"flat\":true}"));
  tell (&survey);
  g_assert_cmpuint (survey.n_answers, >, 8);
  g_assert_cmpuint (survey.n_unknown, ==, 0);
  g_assert_cmpuint (survey.n_strange, ==, 0);
  g_object_unref (survey.connection);
}

int
main (int argc, char **argv)
{
  typed_init (&argc, &argv);
  LIVE_TEST ("/live/queries/machine", test_machine);
  LIVE_TEST ("/live/queries/storage-daemon", test_storage_daemon);
  return g_test_run ();
}
