/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-disks.h"

#include <string.h>

#define BLOCK 65536

/* --- the machine ---------------------------------------------------------------------------- */

void
live_make_image (Live *live, const char *name, gboolean full)
{
  g_autofree char *path = live_path (live, name);
  g_autofree char *bytes = full ? g_malloc (LIVE_DISK_SIZE) : NULL;
  g_autofree char *raw = g_strconcat (path, ".raw", NULL);
  g_autofree char *size = g_strdup_printf ("%d", LIVE_DISK_SIZE);
  g_autoptr (GSubprocess) process = NULL;

  if (full)
    {
      memset (bytes, 0x5a, LIVE_DISK_SIZE);
      g_assert_true (g_file_set_contents (raw, bytes, LIVE_DISK_SIZE, NULL));
    }
  process = full ? g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL, "qemu-img", "convert", "-O", "qcow2", raw, path, NULL)
                 : g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL, "qemu-img", "create", "-q", "-f", "qcow2", path, size, NULL);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
}

static void
add_node (Live *live, QmpLauncher *launcher, const char *name)
{
  g_autofree char *path = live_path (live, name);
  g_autofree char *node = g_strdup_printf ("driver=qcow2,node-name=%s,file.driver=file,file.filename=%s", name, path);

  qmp_launcher_append_option (launcher, "-blockdev", node);
}

QmpMachine *
live_launch_disks (Live *live, const char *const *more)
{
  g_autoptr (QmpLauncher) launcher = qmp_launcher_new (live_program ("QEMU", "qemu-system-x86_64"));
  g_autoptr (GError) error = NULL;
  QmpMachine *machine;

  live_make_image (live, "disk", TRUE);
  live_make_image (live, "spare", FALSE);
  qmp_launcher_append_option (launcher, "-machine", "pc,accel=tcg");
  qmp_launcher_append_option (launcher, "-display", "none");
  qmp_launcher_append_option (launcher, "-m", "32");
  add_node (live, launcher, "disk");
  add_node (live, launcher, "spare");
  qmp_launcher_append_option (launcher, "-device", "virtio-blk-pci,drive=disk,id=vd");
  qmp_launcher_set_monitor_mode (launcher, QMP_MONITOR_MODE_SERVED);
  qmp_launcher_append (launcher, "-S");
  for (; more != NULL && *more != NULL; more++)
    qmp_launcher_append (launcher, *more);
  machine = qmp_launcher_launch (launcher, NULL, &error);
  g_assert_no_error (error);
  return machine;
}

void
live_end_machine (QmpMachine *machine)
{
  qmp_machine_kill (machine);
  g_assert_true (qmp_machine_wait (machine, NULL, NULL));
}

/* --- jobs ----------------------------------------------------------------------------------- */

QmpRequest *
live_request (const char *command, const char *arguments)
{
  QmpRequest *request = qmp_request_new (command);

  g_assert_true (qmp_request_set_arguments_json (request, arguments, NULL));
  return request;
}

void
live_run_job (QmpConnection *connection, const char *command, const char *arguments, QmpJobRunFlags flags)
{
  g_autoptr (QmpRequest) request = live_request (command, arguments);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  qmp_job_run_async (connection, request, NULL, flags, NULL, live_keep_result, &result);
  qmp_job_run_finish (live_wait (&result), &error);
  g_assert_no_error (error);
  live_assert_no_jobs (connection);
}

static void
on_fraction (QmpJob *job, G_GNUC_UNUSED GParamSpec *pspec, LiveRise *rise)
{
  g_assert_cmpfloat (qmp_job_get_fraction (job), >, rise->fraction);
  g_assert_cmpfloat (qmp_job_get_fraction (job), <=, 1);
  rise->fraction = qmp_job_get_fraction (job);
  rise->n++;
}

static void
on_current (QmpJob *job, G_GNUC_UNUSED GParamSpec *pspec, LiveRise *rise)
{
  g_assert_cmpuint (qmp_job_get_current_progress (job), >, rise->current);
  g_assert_cmpuint (qmp_job_get_current_progress (job), <=, qmp_job_get_total_progress (job));
  rise->current = qmp_job_get_current_progress (job);
}

void
live_watch_rise (LiveRise *rise, QmpJob *job)
{
  *rise = (LiveRise) { .fraction = qmp_job_get_fraction (job), .current = qmp_job_get_current_progress (job) };
  g_signal_connect (job, "notify::fraction", G_CALLBACK (on_fraction), rise);
  g_signal_connect (job, "notify::current-progress", G_CALLBACK (on_current), rise);
}

/* --- what is on the disks ------------------------------------------------------------------- */

static void
tell_disk (QmpConnection *connection, const char *device, const char *command)
{
  g_autofree char *arguments = g_strdup_printf ("{\"command-line\": \"qemu-io -d /machine/peripheral/%s/virtio-backend \\\"%s\\\"\"}",
                                                device, command);
  g_autofree char *said = live_run (connection, "human-monitor-command", arguments);

  g_assert_cmpstr (said, ==, "\"\"");
}

void
live_write (QmpConnection *connection, const char *device, guint block, guint byte)
{
  g_autofree char *command = g_strdup_printf ("write -P %u %u %u", byte, block * BLOCK, BLOCK);

  tell_disk (connection, device, command);
}

/* By another program, which knows of the chain what is recorded in the files. */
gboolean
live_reads (QmpConnection *connection, const char *device, const char *node, guint block, guint byte)
{
  g_autoptr (GPtrArray) chain = qmp_connection_list_chain (connection, node, NULL, NULL);
  g_autofree char *command = g_strdup_printf ("read -P %u %u %u", byte, block * BLOCK, BLOCK);
  g_autoptr (GSubprocess) process = NULL;

  g_assert_nonnull (chain);
  tell_disk (connection, device, "flush");
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL, "qemu-io", "-U", "-r", "-f", "qcow2", "-c", command,
                              qmp_block_device_info_get_file (chain->pdata[0]), NULL);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (process));
  return g_subprocess_get_exit_status (process) == 0;
}

/* --- what there is -------------------------------------------------------------------------- */

void
live_assert_no_jobs (QmpConnection *connection)
{
  g_autoptr (GPtrArray) jobs = qmp_connection_query_jobs (connection, NULL, NULL);

  g_assert_nonnull (jobs);
  g_assert_cmpuint (jobs->len, ==, 0);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* Names and files, in one order. */
char *
live_list_nodes (QmpConnection *connection)
{
  g_autoptr (GPtrArray) infos = qmp_connection_query_named_block_nodes (connection, NULL, NULL, NULL);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  g_assert_nonnull (infos);
  for (guint i = 0; i < infos->len; i++)
    g_ptr_array_add (lines, g_strdup_printf ("%s=%s", qmp_block_device_info_get_node_name (infos->pdata[i]),
                                             qmp_block_device_info_get_file (infos->pdata[i])));
  g_ptr_array_sort (lines, compare);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

/* Of a process, or of “self”. */
guint
live_count_fds (const char *process)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/fd", process);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  guint n = 0;

  g_assert_nonnull (directory);
  while (g_dir_read_name (directory) != NULL)
    n++;
  return n;
}
