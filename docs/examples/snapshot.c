/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: snapshot ADDRESS
 *
 * Saves a whole machine in its image, the qcow2 node “disk”, with a progress
 * bar, and brings the machine back to that. */
#include <qmp-glib/qmp-glib.h>

static const char *const disks[] = { "disk", NULL };

static void
draw (QmpJob *job, G_GNUC_UNUSED GParamSpec *property, G_GNUC_UNUSED gpointer user_data)
{
  int length = MAX (0, 10 * qmp_job_get_fraction (job));

  g_print ("[%-10.*s]\n", length, "##########");
}

static gboolean
save (QmpConnection *qemu, GError **error)
{
  g_autoptr (QmpRequest) request = qmp_request_new ("snapshot-save");
  g_autoptr (QmpJob) job = NULL;

  qmp_request_set_arguments_json (
    request, "{\"job-id\": \"save\", \"tag\": \"before\", \"vmstate\": \"disk\", \"devices\": [\"disk\"]}", NULL);
  job = qmp_job_start (qemu, request, NULL, NULL, error);
  if (job == NULL)
    return FALSE;

  g_signal_connect (job, "notify::fraction", G_CALLBACK (draw), NULL);
  draw (job, NULL, NULL);
  while (qmp_job_get_active (job))
    g_main_context_iteration (NULL, TRUE);
  if (!qmp_job_wait (job, NULL, error) || !qmp_job_dismiss (job, NULL, error))
    return FALSE;
  g_print ("The snapshot is taken.\n");
  return TRUE;
}

static gboolean
load (QmpConnection *qemu, GError **error)
{
  g_autoptr (GPtrArray) snapshots = qmp_connection_list_snapshots (qemu, "disk", NULL, error);

  if (snapshots == NULL)
    return FALSE;
  for (guint i = 0; i < snapshots->len; i++)
    g_print ("The image has: %s\n", qmp_snapshot_info_get_name (snapshots->pdata[i]));
  if (!qmp_connection_load_snapshot (qemu, "before", "disk", disks, NULL, error))
    return FALSE;
  g_print ("The machine is back.\n");
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpConnection) qemu = qmp_connection_open (argc > 1 ? argv[1] : "unix:qmp.sock", NULL, NULL, &error);

  if (qemu != NULL && save (qemu, &error) && load (qemu, &error))
    return 0;
  g_printerr ("%s\n", error->message);
  return 1;
}
