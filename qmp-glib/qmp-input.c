/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-input-private.h"

#include "qmp-connection-private.h"
#include "qmp-glib.h"
#include "wire/wire-task.h"

/* A PS/2 keyboard holds two or three keys that the guest has not read yet, and
 * drops others without a word: so there is a time between them. */
#define DEFAULT_INTERVAL 20

/* The right and lower edge of what QEMU calls absolute. */
#define FAR_EDGE 0x7fff

typedef struct
{
  GArray *strokes;
  guint at;
  gboolean down;  /* what is sent is the way down */
  int interval;
} Input;

static Input *
input_new (GArray *strokes, int interval)
{
  Input *self = g_new0 (Input, 1);

  self->strokes = strokes;
  self->interval = interval >= 0 ? interval : DEFAULT_INTERVAL;
  self->down = TRUE;
  return self;
}

static void
input_free (Input *self)
{
  g_array_unref (self->strokes);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Input, input_free)

static gboolean
is_at_end (Input *self)
{
  return self->at == self->strokes->len;
}

/* --- what is sent ------------------------------------------------------------------------- */

static void
add_key (GString *events, const char *key, gboolean down)
{
  g_string_append_printf (events, "%s{\"type\":\"key\",\"data\":{\"down\":%s,\"key\":{\"type\":\"qcode\",\"data\":\"%s\"}}}",
                          events->str[events->len - 1] == '[' ? "" : ",", down ? "true" : "false", key);
}

/* The shift key is the first to go down, and the last to come up. */
static void
add_stroke (GString *events, const QmpStroke *stroke, gboolean down)
{
  if (stroke->shift && down)
    add_key (events, "shift", TRUE);
  if (stroke->key != NULL)
    add_key (events, stroke->key, down);
  else
    g_string_append_printf (events, "{\"type\":\"btn\",\"data\":{\"down\":%s,\"button\":\"%s\"}}", down ? "true" : "false",
                            stroke->button);
  if (stroke->shift && !down)
    add_key (events, "shift", FALSE);
}

/* What is typed may be a password: no log has it. */
static QmpRequest *
new_request (const char *arguments)
{
  QmpRequest *request = qmp_request_new ("input-send-event");

  qmp_request_set_arguments_json (request, arguments, NULL);
  qmp_request_set_sensitive (request, TRUE);
  return request;
}

static QmpRequest *
new_half (Input *self)
{
  g_autoptr (GString) arguments = g_string_new ("{\"events\":[");

  add_stroke (arguments, &g_array_index (self->strokes, QmpStroke, self->at), self->down);
  g_string_append (arguments, "]}");
  return new_request (arguments->str);
}

static void
go_on (Input *self)
{
  if (!self->down)
    self->at++;
  self->down = !self->down;
}

/* What went down, or may have, is not left so. */
static void
let_go (QmpConnection *connection, Input *self, const GError *error)
{
  g_autoptr (QmpRequest) request = NULL;

  if (error->domain == QMP_ERROR && self->down)
    return;
  self->down = FALSE;
  request = new_half (self);
  qmp_connection_execute_request_async (connection, request, NULL, NULL, NULL);
}

/* --- one after the other, asynchronously -------------------------------------------------------- */

static void send_half (GTask *task);

static gboolean
on_waited (gpointer data)
{
  send_half (g_object_ref (data));
  return G_SOURCE_REMOVE;
}

static void
wait_interval (GTask *task, int interval)
{
  g_autoptr (GSource) source = g_timeout_source_new (interval);
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_source_set_static_name (source, "QmpConnection typing");
  if (cancellable != NULL)
    {
      g_autoptr (GSource) cancelled = g_cancellable_source_new (cancellable);

      g_source_set_dummy_callback (cancelled);
      g_source_add_child_source (source, cancelled);
    }
  g_task_attach_source (task, source, on_waited);
  g_object_unref (task);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Input *input = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (QmpValue) value = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);

  if (value == NULL)
    {
      let_go (QMP_CONNECTION (source), input, error);
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  go_on (input);
  if (input->down && !is_at_end (input) && input->interval > 0)
    wait_interval (task, input->interval);
  else
    send_half (task);
}

/* Takes the task. */
static void
send_half (GTask *task)
{
  QmpConnection *connection = g_task_get_source_object (task);
  Input *input = g_task_get_task_data (task);
  g_autoptr (QmpRequest) request = NULL;

  if (!is_at_end (input) && !(input->down && g_task_return_error_if_cancelled (task)))
    {
      request = new_half (input);
      qmp_connection_execute_request_async (connection, request, g_task_get_cancellable (task), on_sent, task);
      return;
    }
  if (is_at_end (input))
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/* --- and blocking -------------------------------------------------------------------------------- */

static void
wait_interval_blocking (GCancellable *cancellable, int interval)
{
  GPollFD fd;

  if (!g_cancellable_make_pollfd (cancellable, &fd))
    {
      g_usleep (interval * G_GUINT64_CONSTANT (1000));
      return;
    }
  g_poll (&fd, 1, interval);
  g_cancellable_release_fd (cancellable);
}

static gboolean
run_input (QmpConnection *connection, Input *input, GCancellable *cancellable, GError **error)
{
  while (!is_at_end (input))
    {
      g_autoptr (QmpRequest) request = NULL;
      g_autoptr (QmpValue) value = NULL;
      GError *failure = NULL;

      if (input->down && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      request = new_half (input);
      value = qmp_connection_execute_request (connection, request, cancellable, &failure);
      if (value == NULL)
        {
          let_go (connection, input, failure);
          g_propagate_error (error, failure);
          return FALSE;
        }
      go_on (input);
      if (input->down && !is_at_end (input) && input->interval > 0)
        wait_interval_blocking (cancellable, input->interval);
    }
  return TRUE;
}

/* --- typing ----------------------------------------------------------------------------------------- */

/**
 * qmp_connection_type_text_async:
 * @self: a connection
 * @text: what to type
 * @interval: how long to wait between two characters, in milliseconds; -1 for
 *   the default of 20
 * @cancellable: (nullable): stops the typing; what was typed stays typed
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Types a text on the guest's keyboard, by `input-send-event`: each key goes
 * down and comes up again, one character after the other. It is for firmware,
 * boot loaders, installers and login prompts; a guest agent has better ways.
 *
 * The guest has to have the layout of a US keyboard. That has all of ASCII that
 * can be printed; a line feed is the return key, and a tab and a backspace are
 * those keys. A text with anything else is refused before anything is typed.
 *
 * QEMU does not tell whether the guest reads its keyboard. Keys that it does
 * not read in time are lost: a guest that is slow needs a longer interval, and
 * one that has not started yet gets nothing.
 *
 * When it fails or is cancelled half-way, keys that are down are let go.
 * Nothing of the text gets into the log.
 *
 * Since: 0.1
 */
void
qmp_connection_type_text_async (QmpConnection *self, const char *text, int interval, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  GArray *strokes;
  GTask *task;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (text != NULL);
  g_return_if_fail (interval >= -1);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_connection_type_text_async, cancellable, callback, user_data);
  strokes = qmp_strokes_new_for_text (text, &error);
  if (strokes == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  g_task_set_task_data (task, input_new (strokes, interval), (GDestroyNotify) input_free);
  send_half (task);
}

/**
 * qmp_connection_type_text_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.type_text_async] began.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when a character cannot be typed;
 * the message has the first of them and where it is, counted from 1. Otherwise
 * fails as [method@Qmp.Connection.input_send_event_finish] does: with
 * %QMP_ERROR_GENERIC when the machine has no keyboard, or is not running.
 *
 * Returns: whether all was typed
 *
 * Since: 0.1
 */
gboolean
qmp_connection_type_text_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_type_text_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_connection_type_text:
 * @self: a connection
 * @text: what to type
 * @interval: how long to wait between two characters, in milliseconds; -1 for
 *   the default of 20
 * @cancellable: (nullable): stops the typing; what was typed stays typed
 * @error: return location
 *
 * Types a text on the guest's keyboard, as
 * [method@Qmp.Connection.type_text_async] does, and blocks until all is typed.
 *
 * Fails as [method@Qmp.Connection.type_text_finish] does.
 *
 * Returns: whether all was typed
 *
 * Since: 0.1
 */
gboolean
qmp_connection_type_text (QmpConnection *self, const char *text, int interval, GCancellable *cancellable, GError **error)
{
  g_autoptr (Input) input = NULL;
  GArray *strokes;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (interval >= -1, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  strokes = qmp_strokes_new_for_text (text, error);
  if (strokes == NULL)
    return FALSE;
  input = input_new (strokes, interval);
  return run_input (self, input, cancellable, error);
}

/* --- pointing --------------------------------------------------------------------------------------- */

static QmpRequest *
new_move (double x, double y)
{
  g_autofree char *arguments = g_strdup_printf (
    "{\"events\":[{\"type\":\"abs\",\"data\":{\"axis\":\"x\",\"value\":%d}},"
    "{\"type\":\"abs\",\"data\":{\"axis\":\"y\",\"value\":%d}}]}",
    (int) (x * FAR_EDGE + 0.5), (int) (y * FAR_EDGE + 0.5));

  return new_request (arguments);
}

static void
on_moved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (QmpValue) value = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);

  if (value != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * qmp_connection_move_pointer_async:
 * @self: a connection
 * @x: how far to the right, as a part of the screen's width, from 0 to 1
 * @y: how far down, as a part of the screen's height, from 0 to 1
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Moves the guest's pointer to a place on its screen, by `input-send-event`.
 *
 * The machine needs a device that points at places, such as `usb-tablet` or
 * `virtio-tablet-pci`, with a driver in the guest. A mouse does not do.
 *
 * Since: 0.1
 */
void
qmp_connection_move_pointer_async (QmpConnection *self, double x, double y, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (QmpRequest) request = NULL;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (x >= 0 && x <= 1);
  g_return_if_fail (y >= 0 && y <= 1);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  request = new_move (x, y);
  qmp_connection_execute_request_async (self, request, cancellable, on_moved,
                                        wire_task_new (self, qmp_connection_move_pointer_async, cancellable,
                                                                 callback, user_data));
}

/**
 * qmp_connection_move_pointer_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.move_pointer_async] began.
 *
 * Fails as [method@Qmp.Connection.input_send_event_finish] does: with
 * %QMP_ERROR_GENERIC when the machine has no device that points at places, or
 * is not running.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_connection_move_pointer_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_move_pointer_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_connection_move_pointer:
 * @self: a connection
 * @x: how far to the right, as a part of the screen's width, from 0 to 1
 * @y: how far down, as a part of the screen's height, from 0 to 1
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Moves the guest's pointer to a place on its screen, as
 * [method@Qmp.Connection.move_pointer_async] does, and blocks until that is
 * done.
 *
 * Fails as [method@Qmp.Connection.move_pointer_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_connection_move_pointer (QmpConnection *self, double x, double y, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpRequest) request = NULL;
  g_autoptr (QmpValue) value = NULL;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (x >= 0 && x <= 1, FALSE);
  g_return_val_if_fail (y >= 0 && y <= 1, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  request = new_move (x, y);
  value = qmp_connection_execute_request (self, request, cancellable, error);
  return value != NULL;
}

static const char *
get_button_name (QmpInputButton button)
{
  static const char *const names[] = {
    [QMP_INPUT_BUTTON_LEFT] = "left",
    [QMP_INPUT_BUTTON_MIDDLE] = "middle",
    [QMP_INPUT_BUTTON_RIGHT] = "right",
    [QMP_INPUT_BUTTON_WHEEL_UP] = "wheel-up",
    [QMP_INPUT_BUTTON_WHEEL_DOWN] = "wheel-down",
    [QMP_INPUT_BUTTON_SIDE] = "side",
    [QMP_INPUT_BUTTON_EXTRA] = "extra",
    [QMP_INPUT_BUTTON_WHEEL_LEFT] = "wheel-left",
    [QMP_INPUT_BUTTON_WHEEL_RIGHT] = "wheel-right",
    [QMP_INPUT_BUTTON_TOUCH] = "touch",
  };

  return (gsize) button < G_N_ELEMENTS (names) ? names[button] : NULL;
}

static Input *
new_click (const char *button)
{
  GArray *strokes = g_array_new (FALSE, FALSE, sizeof (QmpStroke));
  QmpStroke stroke = { .button = button };

  g_array_append_val (strokes, stroke);
  return input_new (strokes, 0);
}

/**
 * qmp_connection_click_async:
 * @self: a connection
 * @button: which button; a step of the wheel is a button, too
 * @cancellable: (nullable): ends the wait; the button may still be pressed, and
 *   is let go then
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Presses a button of the guest's pointer where it stands, and lets it go, by
 * `input-send-event`. [method@Qmp.Connection.move_pointer_async] moves it.
 *
 * Since: 0.1
 */
void
qmp_connection_click_async (QmpConnection *self, QmpInputButton button, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  const char *name = get_button_name (button);
  GTask *task;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_connection_click_async, cancellable, callback, user_data);
  g_task_set_task_data (task, new_click (name), (GDestroyNotify) input_free);
  send_half (task);
}

/**
 * qmp_connection_click_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.click_async] began.
 *
 * Fails as [method@Qmp.Connection.input_send_event_finish] does: with
 * %QMP_ERROR_GENERIC when the machine has no pointer, or is not running.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_connection_click_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_click_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_connection_click:
 * @self: a connection
 * @button: which button; a step of the wheel is a button, too
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Presses a button of the guest's pointer, as
 * [method@Qmp.Connection.click_async] does, and blocks until that is done.
 *
 * Fails as [method@Qmp.Connection.click_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_connection_click (QmpConnection *self, QmpInputButton button, GCancellable *cancellable, GError **error)
{
  const char *name = get_button_name (button);
  g_autoptr (Input) input = NULL;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  input = new_click (name);
  return run_input (self, input, cancellable, error);
}
