/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-boot.h"

#include <string.h>

/* Media in drives, where nobody is in there, where the guest has locked the
 * tray and opens it when it is asked, and where it does not. */

/* A guest that locks the tray of the drive at 0x170, and asks the drive whether
 * somebody wants the medium. If so it unlocks and opens the tray, and begins
 * again; or, with a branch that is always taken, it does not care. Whatever the
 * drive has to complain of, that a medium is new, is heard out before. */
#define GUEST(branch) \
  LIVE_CODE ( \
    0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xc0, 0xfc,             /*         ds, es = 0; cld */ \
    0xe8, 0x26, 0x00,                                     /* again:  call settle */ \
    0xbe, 0x98, 0x7c, 0xe8, 0x42, 0x00,                   /*         send "lock" */ \
    0xbe, 0xb0, 0x7c, 0xe8, 0x2d, 0x00,                   /* ask:    send "what happened?", and read */ \
    0xa0, 0x04, 0x80, 0x24, 0x0f, 0x3c, 0x01,             /*         mov al, [0x8004]; and al, 15; cmp al, 1 */ \
    branch, 0xf1,                                         /*         branch ask */ \
    0xe8, 0x0e, 0x00,                                     /*         call settle */ \
    0xbe, 0xa4, 0x7c, 0xe8, 0x2a, 0x00,                   /*         send "unlock" */ \
    0xbe, 0xbc, 0x7c, 0xe8, 0x24, 0x00, 0xeb, 0xd7,       /*         send "open"; jmp again */ \
    0xbb, 0x03, 0x00,                                     /* settle: three times: */ \
    0xbe, 0x80, 0x7c, 0xe8, 0x19, 0x00,                   /*         send "ready?" */ \
    0xbe, 0x8c, 0x7c, 0xe8, 0x04, 0x00,                   /*         send "what is wrong?", and read */ \
    0x4b, 0x75, 0xf1, 0xc3,                               /*         dec bx; jnz; ret */ \
    0xe8, 0x0c, 0x00, 0xba, 0x70, 0x01, 0xbf, 0x00, 0x80, /* read:   send; mov dx, 0x170; mov di, 0x8000 */ \
    0xb9, 0x04, 0x00, 0xf3, 0x6d, 0xc3,                   /*         mov cx, 4; rep insw; ret */ \
    0xba, 0x76, 0x01, 0xb0, 0xa0, 0xee,                   /* send:   the drive, */ \
    0xba, 0x74, 0x01, 0xb0, 0x08, 0xee, 0x42, 0x30, 0xc0, 0xee, /*   the reply's size, */ \
    0xba, 0x77, 0x01, 0xb0, 0xa0, 0xee,                   /*         and the command for packets */ \
    0xec, 0x24, 0x88, 0x3c, 0x08, 0x75, 0xf9,             /*         until it wants data: */ \
    0xba, 0x70, 0x01, 0xb9, 0x06, 0x00, 0xf3, 0x6f,       /*         mov dx, 0x170; mov cx, 6; rep outsw */ \
    0xba, 0x77, 0x01, 0xec, 0xa8, 0x80, 0x75, 0xfb, 0xc3, /*         until it is not busy; ret */ \
    0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,                /* "ready?" */ \
    0x03, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0,                /* "what is wrong?" */ \
    0x1e, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,                /* "lock" */ \
    0x1e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,                /* "unlock" */ \
    0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8, 0, 0, 0,             /* "what happened?" */ \
    0x1b, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0)                /* "open" */

static const LiveCode heeding = GUEST (0x75);
static const LiveCode stubborn = GUEST (0xeb);
static const LiveCode nobody = LIVE_CODE (0x90);

/* --- machines ----------------------------------------------------------------------------------- */

static char *
make_image (Live *live, const char *name)
{
  char *path = live_path (live, name);
  g_autofree char *bytes = g_malloc0 (1474560);

  g_assert_true (g_file_set_contents (path, bytes, 1474560, NULL));
  return path;
}

static QmpMachine *
launch (Live *live, const LiveCode *code)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, code);

  qmp_launcher_append_option (launcher, "device", "ide-cd,id=cd0,bus=ide.1");
  qmp_launcher_append_option (launcher, "device", "floppy,id=floppy0");
  return live_launch (launcher);
}

static QmpBlockdevOptions *
new_medium (Live *live, const char *name)
{
  g_autofree char *path = make_image (live, name);
  QmpBlockdevOptionsFileBranch *file = qmp_blockdev_options_file_branch_new ();

  qmp_blockdev_options_file_branch_set_filename (file, path);
  qmp_blockdev_options_set_node_name (QMP_BLOCKDEV_OPTIONS (file), name);
  qmp_blockdev_options_set_read_only (QMP_BLOCKDEV_OPTIONS (file), TRUE);
  return QMP_BLOCKDEV_OPTIONS (file);
}

/* --- what is there -------------------------------------------------------------------------------- */

static QmpBlockInfo *
find_drive (GPtrArray *drives, const char *device)
{
  for (guint i = 0; i < drives->len; i++)
    if (g_strcmp0 (qmp_block_info_get_qdev (drives->pdata[i]), device) == 0)
      return drives->pdata[i];
  g_assert_not_reached ();
}

static void
assert_medium (QmpConnection *connection, const char *device, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) drives = qmp_connection_query_block (connection, NULL, &error);
  QmpBlockDeviceInfo *inserted;

  g_assert_no_error (error);
  inserted = qmp_block_info_get_inserted (find_drive (drives, device));
  g_assert_cmpstr (inserted != NULL ? qmp_block_device_info_get_node_name (inserted) : NULL, ==, name);
}

static gboolean
has_node (QmpConnection *connection, const char *name)
{
  g_autofree char *nodes = live_run (connection, "query-named-block-nodes", "{\"flat\":true}");
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", name);

  return strstr (nodes, quoted) != NULL;
}

/* QEMU does not tell when a guest locks a tray: it is asked until it says so. */
static void
start_and_await_lock (QmpMachine *machine)
{
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (GError) error = NULL;
  gboolean locked = FALSE;

  g_assert_true (qmp_machine_start (machine, NULL, &error));
  while (!locked)
    {
      g_autoptr (GPtrArray) drives = qmp_connection_query_block (connection, NULL, &error);

      g_assert_no_error (error);
      locked = qmp_block_info_get_locked (find_drive (drives, "cd0"));
    }
}

/* --- the two calls ----------------------------------------------------------------------------------- */

static gboolean
change (Live *live, QmpConnection *connection, const char *device, const char *name, QmpMediumOptions *options, gboolean blocking,
        GError **error)
{
  g_autoptr (QmpBlockdevOptions) medium = new_medium (live, name);
  GAsyncResult *result = NULL;
  gboolean done;

  if (blocking)
    return qmp_connection_change_medium (connection, device, medium, options, NULL, error);
  qmp_connection_change_medium_async (connection, device, medium, options, NULL, live_keep_result, &result);
  live_wait (&result);
  done = qmp_connection_change_medium_finish (connection, result, error);
  g_object_unref (result);
  return done;
}

static void
assert_changes (Live *live, QmpConnection *connection, const char *device, const char *name, gboolean blocking)
{
  g_autoptr (GError) error = NULL;

  change (live, connection, device, name, NULL, blocking, &error);
  g_assert_no_error (error);
  assert_medium (connection, device, name);
}

static void
assert_ejects (QmpConnection *connection, const char *device, gboolean blocking)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  if (blocking)
    qmp_connection_eject_medium (connection, device, NULL, NULL, &error);
  else
    {
      qmp_connection_eject_medium_async (connection, device, NULL, NULL, live_keep_result, &result);
      live_wait (&result);
      qmp_connection_eject_medium_finish (connection, result, &error);
      g_object_unref (result);
    }
  g_assert_no_error (error);
}

/* --- nobody is in there -------------------------------------------------------------------------------- */

static void
try_drive (Live *live, const char *device, gboolean blocking)
{
  g_autoptr (QmpMachine) machine = launch (live, &nobody);
  QmpConnection *connection = qmp_machine_get_connection (machine);

  assert_ejects (connection, device, blocking);
  assert_changes (live, connection, device, "first", blocking);
  assert_changes (live, connection, device, "second", blocking);
  g_assert_false (has_node (connection, "first"));
  assert_ejects (connection, device, blocking);
  assert_medium (connection, device, NULL);
  g_assert_false (has_node (connection, "second"));
  live_quit (machine);
}

static void
test_cd (Live *live, gconstpointer blocking)
{
  try_drive (live, "cd0", blocking != NULL);
}

static void
test_floppy (Live *live, gconstpointer blocking)
{
  try_drive (live, "floppy0", blocking != NULL);
}

/* What is kept can be put in again, by QEMU's own command. */
static void
test_keeps_node (Live *live, gconstpointer blocking)
{
  g_autoptr (QmpMachine) machine = launch (live, &nobody);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpMediumOptions) options = qmp_medium_options_new ();
  g_autoptr (GError) error = NULL;

  qmp_medium_options_set_keep_node (options, TRUE);
  assert_changes (live, connection, "cd0", "first", TRUE);
  change (live, connection, "/machine/peripheral/cd0", "second", options, blocking != NULL, &error);
  g_assert_no_error (error);
  assert_medium (connection, "cd0", "second");
  g_assert_true (has_node (connection, "first"));
  live_quit (machine);
}

static void
test_mistakes (Live *live, gconstpointer blocking)
{
  g_autoptr (QmpMachine) machine = launch (live, &nobody);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpBlockdevOptions) missing = qmp_blockdev_options_new_from_json (
    "{\"driver\":\"file\",\"node-name\":\"missing\",\"filename\":\"/nowhere/at.iso\",\"read-only\":true}", NULL);
  g_autoptr (GError) no_drive = NULL, no_image = NULL;

  assert_changes (live, connection, "cd0", "first", TRUE);
  g_assert_false (change (live, connection, "nobody", "second", NULL, blocking != NULL, &no_drive));
  g_assert_error (no_drive, QMP_ERROR, QMP_ERROR_DEVICE_NOT_FOUND);
  g_assert_false (has_node (connection, "second"));
  g_assert_false (qmp_connection_change_medium (connection, "cd0", missing, NULL, NULL, &no_image));
  g_assert_error (no_image, QMP_ERROR, QMP_ERROR_GENERIC);
  g_assert_nonnull (strstr (no_image->message, "/nowhere/at.iso"));
  assert_medium (connection, "cd0", "first");
  live_quit (machine);
}

/* --- somebody is -------------------------------------------------------------------------------------------- */

static void
test_heeded (Live *live, gconstpointer blocking)
{
  g_autoptr (QmpMachine) machine = launch (live, &heeding);
  QmpConnection *connection = qmp_machine_get_connection (machine);

  assert_changes (live, connection, "cd0", "first", blocking != NULL);
  start_and_await_lock (machine);
  assert_changes (live, connection, "cd0", "second", blocking != NULL);
  g_assert_false (has_node (connection, "first"));
  assert_ejects (connection, "cd0", blocking != NULL);
  assert_medium (connection, "cd0", NULL);
  live_quit (machine);
}

/* All stays as it was; unless it is to be done by force. */
static void
test_refused (Live *live, gconstpointer blocking)
{
  g_autoptr (QmpMachine) machine = launch (live, &stubborn);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpMediumOptions) options = qmp_medium_options_new ();
  g_autoptr (GError) error = NULL;

  assert_changes (live, connection, "cd0", "first", blocking != NULL);
  start_and_await_lock (machine);
  qmp_medium_options_set_timeout (options, 100);
  g_assert_false (change (live, connection, "cd0", "second", options, blocking != NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_MEDIUM_LOCKED);
  g_assert_nonnull (strstr (error->message, "“cd0”"));
  assert_medium (connection, "cd0", "first");
  g_assert_false (has_node (connection, "second"));

  g_clear_error (&error);
  qmp_medium_options_set_force (options, TRUE);
  change (live, connection, "cd0", "second", options, blocking != NULL, &error);
  g_assert_no_error (error);
  assert_medium (connection, "cd0", "second");
  live_quit (machine);
}

static void
add (const char *name, void (*test) (Live *, gconstpointer))
{
  g_autofree char *plain = g_strdup_printf ("/medium/%s", name);
  g_autofree char *blocking = g_strdup_printf ("/medium/%s/blocking", name);

  LIVE_TEST (plain, test);
  g_test_add (blocking, Live, "blocking", live_set_up, test, live_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("cd", test_cd);
  add ("floppy", test_floppy);
  add ("keeps-node", test_keeps_node);
  add ("mistakes", test_mistakes);
  add ("heeded", test_heeded);
  add ("refused", test_refused);
  return g_test_run ();
}
