/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>
#include <unistd.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* Text, pointer and screen. */

static void
expect_halves (MockPeer *peer, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      mock_expect (peer, "input-send-event");
      mock_return (peer, "{}");
    }
}

static char *
describe_event (JsonObject *event)
{
  JsonObject *data = json_object_get_object_member (event, "data");
  const char *sign = json_object_get_boolean_member_with_default (data, "down", FALSE) ? "+" : "-";

  if (json_object_has_member (data, "key"))
    return g_strconcat (sign, json_object_get_string_member (json_object_get_object_member (data, "key"), "data"), NULL);
  if (json_object_has_member (data, "button"))
    return g_strconcat (sign, json_object_get_string_member (data, "button"), NULL);
  return g_strdup_printf ("%s=%d", json_object_get_string_member (data, "axis"),
                          (int) json_object_get_int_member (data, "value"));
}

/* What went down and came up, the halves apart. */
static char *
describe (MockPeer *peer)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < mock_count_commands (peer); i++)
    {
      g_autoptr (JsonNode) node = json_from_string (mock_get_command (peer, i)->arguments, NULL);
      JsonArray *events = json_object_get_array_member (json_node_get_object (node), "events");

      g_string_append (text, i > 0 ? " |" : "");
      for (guint j = 0; j < json_array_get_length (events); j++)
        {
          g_autofree char *event = describe_event (json_array_get_object_element (events, j));

          g_string_append_printf (text, "%s%s", i + j > 0 ? " " : "", event);
        }
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_sent (MockPeer *peer, const char *expected)
{
  g_autofree char *found = NULL;

  mock_await (peer);
  found = describe (peer);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_text (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  mock_greet (peer);
  expect_halves (peer, 6);
  connection = mock_open (peer);
  g_assert_true (qmp_connection_type_text (connection, "aB\n", 0, NULL, &error));
  g_assert_no_error (error);
  assert_sent (peer, "+a | -a | +shift +b | -b -shift | +ret | -ret");
}

static void
test_text_async (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Await) typed = { 0 }, empty = { 0 };

  mock_greet (peer);
  expect_halves (peer, 6);
  connection = mock_open (peer);
  qmp_connection_type_text_async (connection, "7&|", 1, cancellable, await_callback, &typed);
  g_assert_true (qmp_connection_type_text_finish (connection, await (&typed), NULL));
  qmp_connection_type_text_async (connection, "", -1, NULL, await_callback, &empty);
  g_assert_cmpuint (empty.n_calls, ==, 0);
  g_assert_true (qmp_connection_type_text_finish (connection, await (&empty), NULL));
  assert_sent (peer, "+7 | -7 | +shift +7 | -7 -shift | +shift +backslash | -backslash -shift");
}

/* Each key of the text that QEMU knows by a name is one that it knows. */
static void
test_all_characters (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GEnumClass) keys = g_type_class_ref (QMP_TYPE_Q_KEY_CODE);
  g_autoptr (GString) text = g_string_new ("\b\t\n");
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (char c = ' '; c <= '~'; c++)
    g_string_append_c (text, c);
  mock_greet (peer);
  expect_halves (peer, text->len * 2);
  connection = mock_open (peer);
  g_assert_true (qmp_connection_type_text (connection, text->str, 0, NULL, NULL));
  mock_await (peer);
  g_assert_cmpuint (mock_count_commands (peer), ==, text->len * 2);
  for (guint i = 0; i < text->len * 2; i++)
    {
      g_autoptr (JsonNode) node = json_from_string (mock_get_command (peer, i)->arguments, NULL);
      JsonArray *events = json_object_get_array_member (json_node_get_object (node), "events");

      for (guint j = 0; j < json_array_get_length (events); j++)
        {
          g_autofree char *event = describe_event (json_array_get_object_element (events, j));

          g_assert_nonnull (g_enum_get_value_by_nick (keys, event + 1));
        }
      /* no two characters are the same */
      g_assert_true (g_hash_table_add (seen, g_strdup (mock_get_command (peer, i)->arguments)));
    }
}

static void
refuse_text (QmpConnection *connection, const char *text, const char *named)
{
  g_autoptr (GError) error = NULL, again = NULL;
  g_auto (Await) typed = { 0 };

  g_assert_false (qmp_connection_type_text (connection, text, 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, named));
  qmp_connection_type_text_async (connection, text, 0, NULL, await_callback, &typed);
  g_assert_false (qmp_connection_type_text_finish (connection, await (&typed), &again));
  g_assert_cmpstr (again->message, ==, error->message);
}

static void
test_no_key (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  refuse_text (connection, "Grüße", "character 3, U+00FC ü,");
  refuse_text (connection, "a\rb", "character 2, U+000D,");
  refuse_text (connection, "\x7f", "character 1, U+007F,");
  refuse_text (connection, "a\xff", "not UTF-8");
  mock_await (peer);
  g_assert_cmpuint (mock_count_commands (peer), ==, 0);
}

static void
test_no_keyboard (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  mock_greet (peer);
  mock_expect (peer, "input-send-event");
  mock_error (peer, "GenericError", "Input handler not found for event type key");
  connection = mock_open (peer);
  g_assert_false (qmp_connection_type_text (connection, "ab", 0, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  assert_sent (peer, "+a");
}

/* A key that is down when it is cancelled comes up. */
static void
test_cancel (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) typed = { 0 };

  mock_greet (peer);
  mock_expect (peer, "input-send-event");
  mock_expect (peer, "input-send-event");
  connection = mock_open (peer);
  qmp_connection_type_text_async (connection, "AB", 0, cancellable, await_callback, &typed);
  g_cancellable_cancel (cancellable);
  g_assert_false (qmp_connection_type_text_finish (connection, await (&typed), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_sent (peer, "+shift +a | -a -shift");
}

static void
cancel (QmpConnection *connection, const char *name, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* A wait between two characters is over at once. */
static void
test_cancel_between (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) typed = { 0 };

  mock_greet (peer);
  expect_halves (peer, 2);
  mock_event (peer, "NOW", "{}");
  connection = mock_open (peer);
  g_signal_connect (connection, "event::NOW", G_CALLBACK (cancel), cancellable);
  qmp_connection_type_text_async (connection, "ab", G_MAXINT, cancellable, await_callback, &typed);
  g_assert_false (qmp_connection_type_text_finish (connection, await (&typed), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_sent (peer, "+a | -a");
}

static void
test_pointer (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_auto (Await) moved = { 0 }, clicked = { 0 };

  mock_greet (peer);
  expect_halves (peer, 6);
  connection = mock_open (peer);
  g_assert_true (qmp_connection_move_pointer (connection, 0, 1, NULL, NULL));
  qmp_connection_move_pointer_async (connection, 0.5, 0.25, NULL, await_callback, &moved);
  g_assert_true (qmp_connection_move_pointer_finish (connection, await (&moved), NULL));
  g_assert_true (qmp_connection_click (connection, QMP_INPUT_BUTTON_LEFT, NULL, NULL));
  qmp_connection_click_async (connection, QMP_INPUT_BUTTON_WHEEL_DOWN, NULL, await_callback, &clicked);
  g_assert_true (qmp_connection_click_finish (connection, await (&clicked), NULL));
  assert_sent (peer, "x=0 y=32767 | x=16384 y=8192 | +left | -left | +wheel-down | -wheel-down");
}

/* --- the screen ---------------------------------------------------------------------------- */

#define PNG "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\x80\0\0\1\xe0"
#define PPM "P6\n640 480\n255\n"

typedef struct
{
  int fd;
  gboolean knows_png;
  const char *picture;
  gsize length;
  GString *told;
} Screen;

/* Writes where it was told to. */
static char *
answer (MockPeer *peer, const MockCommand *command, gpointer data)
{
  Screen *screen = data;

  g_string_append_printf (screen->told, "%s ", command->name);
  if (strcmp (command->name, "add-fd") == 0)
    {
      screen->fd = dup (command->fd);
      return mock_make_return (command, "{\"fdset-id\":1,\"fd\":7}");
    }
  if (strcmp (command->name, "screendump") != 0)
    return mock_make_return (command, "{}");
  if (strstr (command->arguments, "png") != NULL && !screen->knows_png)
    {
      g_assert_cmpint (write (screen->fd, "half a picture", 14), ==, 14);
      return g_strdup_printf ("{\"error\":{\"class\":\"GenericError\",\"desc\":\"Enable PNG support\"},\"id\":%s}\r\n",
                              command->id);
    }
  g_assert_cmpint (write (screen->fd, screen->picture, screen->length), ==, screen->length);
  return mock_make_return (command, "{}");
}

static QmpScreenshot *
take (Screen *screen, gboolean blocking, const char *expected, GError **error)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_auto (Await) taken = { 0 };
  QmpScreenshot *screenshot;

  screen->told = g_string_new (NULL);
  mock_greet (peer);
  mock_answer_all (peer, answer, screen);
  connection = mock_open (peer);
  if (blocking)
    screenshot = qmp_connection_take_screenshot (connection, NULL, 0, NULL, error);
  else
    {
      qmp_connection_take_screenshot_async (connection, "vga", 1, NULL, await_callback, &taken);
      screenshot = qmp_connection_take_screenshot_finish (connection, await (&taken), error);
    }
  g_assert_cmpstr (screen->told->str, ==, expected);
  g_string_free (screen->told, TRUE);
  close (screen->fd);
  return screenshot;
}

static void
test_screenshot (gconstpointer blocking)
{
  Screen screen = { -1, TRUE, PNG, sizeof PNG - 1, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpScreenshot) screenshot = take (&screen, blocking != NULL, "add-fd screendump ", &error);

  g_assert_no_error (error);
  g_assert_cmpint (qmp_screenshot_get_format (screenshot), ==, QMP_IMAGE_FORMAT_PNG);
  g_assert_cmpstr (qmp_screenshot_get_content_type (screenshot), ==, "image/png");
  g_assert_cmpuint (qmp_screenshot_get_width (screenshot), ==, 640);
  g_assert_cmpuint (qmp_screenshot_get_height (screenshot), ==, 480);
  g_assert_cmpuint (g_bytes_get_size (qmp_screenshot_get_bytes (screenshot)), ==, sizeof PNG - 1);
}

static void
test_plain_screenshot (gconstpointer blocking)
{
  Screen screen = { -1, FALSE, PPM, strlen (PPM), NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpScreenshot) screenshot = take (&screen, blocking != NULL, "add-fd screendump screendump ", &error);

  g_assert_no_error (error);
  g_assert_cmpint (qmp_screenshot_get_format (screenshot), ==, QMP_IMAGE_FORMAT_PPM);
  g_assert_cmpstr (qmp_screenshot_get_content_type (screenshot), ==, "image/x-portable-pixmap");
  g_assert_cmpuint (qmp_screenshot_get_width (screenshot), ==, 640);
  g_assert_cmpuint (qmp_screenshot_get_height (screenshot), ==, 480);
  g_assert_cmpuint (g_bytes_get_size (qmp_screenshot_get_bytes (screenshot)), ==, strlen (PPM));
}

/* The file is kept for the next one. */
static void
test_screenshots (void)
{
  Screen screen = { -1, FALSE, PPM, strlen (PPM), g_string_new (NULL) };
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;

  mock_greet (peer);
  mock_answer_all (peer, answer, &screen);
  connection = mock_open (peer);
  for (guint i = 0; i < 3; i++)
    {
      g_auto (Await) taken = { 0 };
      g_autoptr (QmpScreenshot) screenshot = NULL;

      qmp_connection_take_screenshot_async (connection, NULL, 0, NULL, await_callback, &taken);
      screenshot = qmp_connection_take_screenshot_finish (connection, await (&taken), NULL);
      g_assert_cmpuint (g_bytes_get_size (qmp_screenshot_get_bytes (screenshot)), ==, strlen (PPM));
    }
  g_assert_cmpstr (screen.told->str, ==, "add-fd screendump screendump screendump screendump ");
  g_string_free (screen.told, TRUE);
  close (screen.fd);
}

/* Each has a file of its own; one of them stays. */
static void
test_screenshots_at_once (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) one = { 0 }, two = { 0 };

  mock_greet (peer);
  for (guint i = 0; i < 2; i++)
    {
      mock_expect (peer, "add-fd");
      mock_return (peer, "{\"fdset-id\":1,\"fd\":7}");
    }
  for (guint i = 0; i < 2; i++)
    {
      mock_expect (peer, "screendump");
      mock_return (peer, "{}");
    }
  mock_expect (peer, "remove-fd");
  connection = mock_open (peer);
  qmp_connection_take_screenshot_async (connection, NULL, 0, NULL, await_callback, &one);
  qmp_connection_take_screenshot_async (connection, NULL, 0, NULL, await_callback, &two);
  g_assert_null (qmp_connection_take_screenshot_finish (connection, await (&one), &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE);
  g_assert_null (qmp_connection_take_screenshot_finish (connection, await (&two), NULL));
  mock_await (peer);
}

static void
test_no_picture (void)
{
  static const char *const pictures[] = {
    "", "GIF89a", "P6", "P6\n99999999999999999999 1\n255\n", "P6\n640\n", "P6x1 1\n255\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      Screen screen = { -1, TRUE, pictures[i], strlen (pictures[i]), NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (QmpScreenshot) screenshot = take (&screen, i % 2 == 0, "add-fd screendump ", &error);

      g_assert_null (screenshot);
      g_assert_error (error, QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE);
    }
}

static void
test_cancel_screenshot (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) taken = { 0 };

  mock_greet (peer);
  mock_expect (peer, "add-fd");
  mock_expect (peer, "remove-fd");
  connection = mock_open (peer);
  qmp_connection_take_screenshot_async (connection, NULL, 0, cancellable, await_callback, &taken);
  g_cancellable_cancel (cancellable);
  g_assert_null (qmp_connection_take_screenshot_finish (connection, await (&taken), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  mock_await (peer);
  g_assert_cmpstr (mock_get_command (peer, 0)->arguments, ==, mock_get_command (peer, 1)->arguments);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/input/text", test_text);
  g_test_add_func ("/input/text-async", test_text_async);
  g_test_add_func ("/input/all-characters", test_all_characters);
  g_test_add_func ("/input/no-key", test_no_key);
  g_test_add_func ("/input/no-keyboard", test_no_keyboard);
  g_test_add_func ("/input/cancel", test_cancel);
  g_test_add_func ("/input/cancel-between", test_cancel_between);
  g_test_add_func ("/input/pointer", test_pointer);
  g_test_add_data_func ("/screenshot/blocking", GINT_TO_POINTER (TRUE), test_screenshot);
  g_test_add_data_func ("/screenshot/async", NULL, test_screenshot);
  g_test_add_data_func ("/screenshot/plain-blocking", GINT_TO_POINTER (TRUE), test_plain_screenshot);
  g_test_add_data_func ("/screenshot/plain-async", NULL, test_plain_screenshot);
  g_test_add_func ("/screenshot/several", test_screenshots);
  g_test_add_func ("/screenshot/at-once", test_screenshots_at_once);
  g_test_add_func ("/screenshot/no-picture", test_no_picture);
  g_test_add_func ("/screenshot/cancel", test_cancel_screenshot);
  return g_test_run ();
}
