/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: migration QEMU SOCKET
 *
 * Starts a machine, and moves it from one QEMU to another. */
#include <qmp-glib/qmp-glib.h>

static QmpMachine *
launch (const char *program, gboolean incoming, GError **error)
{
  static const char *const arguments[] = { "-machine", "pc", "-nodefaults", "-display", "none", NULL };
  g_autoptr (QmpLauncher) launcher = qmp_launcher_new (program);

  qmp_launcher_set_arguments (launcher, arguments);
  if (incoming)
    qmp_launcher_append_option (launcher, "incoming", "defer");
  return qmp_launcher_launch (launcher, NULL, error);
}

static gboolean
move (QmpConnection *source, QmpConnection *destination, const char *uri, GError **error)
{
  g_autoptr (QmpMigration) incoming = qmp_migration_receive (destination, uri, NULL, NULL, error);
  g_autoptr (QmpMigration) migration = NULL;

  if (incoming == NULL)
    return FALSE;
  migration = qmp_migration_start (source, uri, NULL, NULL, error);
  if (migration == NULL || !qmp_migration_wait (migration, NULL, error))
    return FALSE;
  g_print ("It has left.\n");
  if (!qmp_migration_wait (incoming, NULL, error))
    return FALSE;
  g_print ("It has arrived.\n");
  return TRUE;
}

/* As another program would, or this one after a crash. */
static gboolean
look (QmpConnection *qemu, GError **error)
{
  g_autoptr (QmpMigration) migration = qmp_migration_attach (qemu, NULL, error);

  if (migration == NULL)
    return FALSE;
  g_print ("%.0f %% of it is done.\n", 100 * qmp_migration_get_fraction (migration));
  return TRUE;
}

static gboolean
run (const char *program, const char *socket, GError **error)
{
  g_autoptr (QmpMachine) source = launch (program, FALSE, error);
  g_autoptr (QmpMachine) destination = source != NULL ? launch (program, TRUE, error) : NULL;
  g_autofree char *uri = g_strconcat ("unix:", socket, NULL);

  return destination != NULL &&
         move (qmp_machine_get_connection (source), qmp_machine_get_connection (destination), uri, error) &&
         look (qmp_machine_get_connection (source), error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc == 3 && run (argv[1], argv[2], &error))
    return 0;
  g_printerr ("%s\n", error != NULL ? error->message : "usage: migration QEMU SOCKET");
  return 1;
}
