/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <string.h>

/* What a guest shows, and what it is told by keyboard and pointer. */

/* A boot sector that says ">" on the serial port, and then all that is typed. */
static const guint8 echo[] = {
  0xba, 0xf8, 0x03,  /* mov dx, 0x3f8 */
  0xb0, '>',         /* mov al, '>' */
  0xee,              /* again: out dx, al */
  0x31, 0xc0,        /* xor ax, ax */
  0xcd, 0x16,        /* int 0x16 */
  0xba, 0xf8, 0x03,  /* mov dx, 0x3f8 */
  0xeb, 0xf6,        /* jmp again */
};

static char *
make_disk (Live *live)
{
  g_autofree guint8 *sectors = g_malloc0 (64 * 1024);
  char *path = live_path (live, "disk");

  memcpy (sectors, echo, sizeof echo);
  sectors[510] = 0x55;
  sectors[511] = 0xaa;
  g_assert_true (g_file_set_contents (path, (const char *) sectors, 64 * 1024, NULL));
  return path;
}

static QmpMachine *
launch (const char *const *arguments)
{
  g_autoptr (QmpLauncher) launcher = qmp_launcher_new (live_program ("QEMU", "qemu-system-x86_64"));
  g_autoptr (GError) error = NULL;
  QmpMachine *machine;

  qmp_launcher_set_arguments (launcher, arguments);
  qmp_launcher_set_console (launcher, TRUE);
  machine = qmp_launcher_launch (launcher, NULL, &error);
  g_assert_no_error (error);
  return machine;
}

static void
shut_down (QmpMachine *machine)
{
  g_autoptr (QmpShutdownOptions) options = qmp_shutdown_options_new ();
  g_autoptr (GError) error = NULL;

  qmp_shutdown_options_set_power_down_timeout (options, 0);
  qmp_machine_shut_down (machine, options, NULL, &error);
  g_assert_no_error (error);
}

/* A return key is a carriage return to firmware. */
static void
assert_echo (GIOStream *console, const char *expected)
{
  g_autofree char *wanted = g_strdelimit (g_strdup (expected), "\n", '\r');
  g_autofree char *text = g_malloc0 (strlen (expected) + 1);
  g_autoptr (GError) error = NULL;
  gsize length;

  g_input_stream_read_all (g_io_stream_get_input_stream (console), text, strlen (expected), &length, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, wanted);
}

static void
type (QmpConnection *connection, const char *text, int interval)
{
  g_autoptr (GError) error = NULL;
  gboolean typed = qmp_connection_type_text (connection, text, interval, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (typed);
}

static void
test_typing (Live *live, gconstpointer data)
{
  g_autofree char *disk = make_disk (live);
  g_autofree char *drive = g_strdup_printf ("file=%s,format=raw", disk);
  const char *const arguments[] = { "-machine", "pc", "-accel", "tcg", "-m", "64", "-display", "none", "-nodefaults",
                                    "-drive", drive, NULL };
  g_autoptr (QmpMachine) machine = launch (arguments);
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) console = qmp_machine_open_console (machine, NULL, &error);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  GAsyncResult *result = NULL;

  g_assert_no_error (error);
  assert_echo (console, ">");
  for (char c = ' '; c <= '~'; c++)
    {
      const char text[] = { c, '\0' };

      type (connection, text, -1);
      assert_echo (console, text);
    }
  type (connection, "Tab\tand\b\n", 50);
  assert_echo (console, "Tab\tand\b\n");
  qmp_connection_type_text_async (connection, "Hello, World!", 50, NULL, live_keep_result, &result);
  g_assert_true (qmp_connection_type_text_finish (connection, live_wait (&result), &error));
  g_clear_object (&result);
  assert_echo (console, "Hello, World!");
  shut_down (machine);
}

static void
test_pointer (Live *live, gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  live_start_monitor (live, "-machine", "pc", "-m", "64", "-vga", "std", NULL);
  connection = live_open (live);
  /* a mouse points at no place */
  g_assert_false (qmp_connection_move_pointer (connection, 0.5, 0.5, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_clear_error (&error);
  g_free (live_run (connection, "device_add", "{\"driver\":\"virtio-tablet-pci\",\"id\":\"tablet\"}"));
  g_assert_true (qmp_connection_move_pointer (connection, 0.5, 1, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (qmp_connection_click (connection, QMP_INPUT_BUTTON_LEFT, NULL, &error));
  g_assert_no_error (error);
}

/* --- the screen ------------------------------------------------------------------------------- */

static void
assert_png (QmpScreenshot *screenshot)
{
  static const char end[] = "IEND\xae\x42\x60\x82";
  gsize length;
  const guint8 *data = g_bytes_get_data (qmp_screenshot_get_bytes (screenshot), &length);

  g_assert_cmpint (qmp_screenshot_get_format (screenshot), ==, QMP_IMAGE_FORMAT_PNG);
  g_assert_cmpuint (length, >, 100);
  g_assert_cmpmem (data + 1, 3, "PNG", 3);
  g_assert_cmpmem (data + length - 8, 8, end, 8);
  g_assert_cmpuint (qmp_screenshot_get_width (screenshot), ==, data[18] << 8 | data[19]);
  g_assert_cmpuint (qmp_screenshot_get_height (screenshot), ==, data[22] << 8 | data[23]);
}

/* As QEMU itself writes it where it is told to. */
static void
assert_size_of_file (Live *live, QmpConnection *connection, QmpScreenshot *screenshot)
{
  g_autofree char *path = live_path (live, "screen.ppm"), *contents = NULL;
  g_autofree char *start = g_strdup_printf ("P6\n%u %u\n255\n", qmp_screenshot_get_width (screenshot),
                                            qmp_screenshot_get_height (screenshot));
  g_autoptr (GError) error = NULL;

  qmp_connection_screendump (connection, path, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &contents, NULL, &error));
  g_assert_true (g_str_has_prefix (contents, start));
}

/* QEMU 7.2 may keep an empty set. */
static void
assert_nothing_left (QmpConnection *connection)
{
  g_autofree char *sets = live_run (connection, "query-fdsets", NULL);

  g_assert_null (strstr (sets, "\"fd\""));
}

static void
refuse (QmpConnection *connection, const char *device, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (qmp_connection_take_screenshot (connection, device, 0, NULL, &error));
  g_assert_error (error, QMP_ERROR, code);
  assert_nothing_left (connection);
}

static void
test_screenshot (Live *live, gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpScreenshot) one = NULL, two = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  live_start_monitor (live, "-machine", "pc", "-m", "64", "-device", "VGA,id=vga", NULL);
  connection = live_open (live);
  one = qmp_connection_take_screenshot (connection, NULL, 0, NULL, &error);
  g_assert_no_error (error);
  assert_png (one);
  assert_size_of_file (live, connection, one);
  qmp_connection_take_screenshot_async (connection, "vga", 0, NULL, live_keep_result, &result);
  two = qmp_connection_take_screenshot_finish (connection, live_wait (&result), &error);
  g_clear_object (&result);
  g_assert_no_error (error);
  assert_png (two);
  refuse (connection, "nothing", QMP_ERROR_DEVICE_NOT_FOUND);
}

static guint
count_sets (QmpConnection *connection)
{
  g_autofree char *sets = live_run (connection, "query-fdsets", NULL);
  g_autoptr (JsonNode) node = live_json (sets);

  return json_array_get_length (json_node_get_array (node));
}

/* QEMU does not run out of file descriptors, even where it closes none. */
static void
test_screenshots (Live *live, gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpScreenshot) first = NULL;

  live_start_monitor (live, "-machine", "pc", "-m", "64", "-vga", "std", "-S", NULL);
  connection = live_open (live);
  first = qmp_connection_take_screenshot (connection, NULL, 0, NULL, NULL);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QmpScreenshot) next = qmp_connection_take_screenshot (connection, NULL, 0, NULL, &error);

      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (qmp_screenshot_get_bytes (first), qmp_screenshot_get_bytes (next)));
    }
  g_assert_cmpuint (count_sets (connection), ==, 1);
}

static void
test_no_screen (Live *live, gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;

  live_start_monitor (live, "-machine", "none", NULL);
  connection = live_open (live);
  refuse (connection, NULL, QMP_ERROR_GENERIC);
}

/* A file descriptor goes nowhere over TCP. */
static void
test_over_tcp (Live *live, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpListener) listener = qmp_listener_new ("tcp:127.0.0.1:0", &error);
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *monitor = NULL;
  GAsyncResult *result = NULL;

  g_assert_no_error (error);
  monitor = g_strconcat (qmp_listener_get_address (listener), ",server=off", NULL);
  live_start_qemu (live, -1, "-machine", "pc", "-qmp", monitor, NULL);
  connection = qmp_listener_accept (listener, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (qmp_connection_take_screenshot (connection, NULL, 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "Unix socket"));
  g_clear_error (&error);
  qmp_connection_take_screenshot_async (connection, NULL, 0, NULL, live_keep_result, &result);
  g_assert_null (qmp_connection_take_screenshot_finish (connection, live_wait (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_object (&result);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/live/screen/typing", test_typing);
  LIVE_TEST ("/live/screen/pointer", test_pointer);
  LIVE_TEST ("/live/screen/screenshot", test_screenshot);
  LIVE_TEST ("/live/screen/screenshots", test_screenshots);
  LIVE_TEST ("/live/screen/no-screen", test_no_screen);
  LIVE_TEST ("/live/screen/over-tcp", test_over_tcp);
  return g_test_run ();
}
