/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

/* GLib's macro looks the private part up in a way that GCC cannot follow. */
#pragma GCC diagnostic ignored "-Wnull-dereference"

#include "qga-error.h"

#include <string.h>

#include "qga-error-private.h"
#include "wire/wire-text.h"

/* What the agent says about an error is text for people: so much of it is kept. */
#define LONGEST_TEXT ((gsize) 1024)

/* How agents say that their platform cannot do it: their class does not. */
#define UNSUPPORTED_TEXT "not currently supported"

/* Beside an error: what its message was made of. */
typedef struct
{
  char *class_name;
  char *command;
  char *description;
} QgaErrorPrivate;

static void
qga_error_private_init (G_GNUC_UNUSED QgaErrorPrivate *private)
{
}

static void
qga_error_private_copy (const QgaErrorPrivate *from, QgaErrorPrivate *to)
{
  to->class_name = g_strdup (from->class_name);
  to->command = g_strdup (from->command);
  to->description = g_strdup (from->description);
}

static void
qga_error_private_clear (QgaErrorPrivate *private)
{
  g_free (private->class_name);
  g_free (private->command);
  g_free (private->description);
}

G_DEFINE_EXTENDED_ERROR (QgaError, qga_error)

static const struct
{
  const char *name;
  QgaError code;
} classes[] = {
  { "GenericError", QGA_ERROR_GENERIC },
  { "CommandNotFound", QGA_ERROR_COMMAND_NOT_FOUND },
  { "Unsupported", QGA_ERROR_UNSUPPORTED },
};

static QgaError
find_code (const char *class_name, const char *description)
{
  QgaError code = QGA_ERROR_UNRECOGNIZED_CLASS;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_str_equal (classes[i].name, class_name))
      code = classes[i].code;
  if (code == QGA_ERROR_GENERIC && strstr (description, UNSUPPORTED_TEXT) != NULL)
    code = QGA_ERROR_UNSUPPORTED;
  return code;
}

static char *
read_text (const QgaCall *call, const WireView *view, guint object, const char *name)
{
  guint member = view->values[object].type == WIRE_OBJECT ? wire_view_member (view, object, name) : 0;
  g_autofree char *given = member != 0 ? wire_view_dup_string (view, member) : NULL;
  g_autoptr (GString) text = g_string_new (given);

  if (call->sensitive && call->arguments_length > 0)
    qga_secret_mask (text, call->arguments, call->arguments_length);
  return wire_text_for_people (text->str, text->len, LONGEST_TEXT);
}

/* The error that the agent answered a call with; its object is at a place in
 * the view. */
GError *
qga_error_new_for_reply (const QgaCall *call, const WireView *view, guint object)
{
  g_autofree char *class_name = read_text (call, view, object, "class");
  g_autofree char *description = read_text (call, view, object, "desc");
  QgaError code = find_code (class_name, description);
  QgaErrorPrivate *private;
  GError *error;

  if (code == QGA_ERROR_UNRECOGNIZED_CLASS)
    error = g_error_new (QGA_ERROR, (int) code, "%s: %s (%s)", call->command, description, class_name);
  else
    error = g_error_new (QGA_ERROR, (int) code, "%s: %s", call->command, description);
  private = qga_error_get_private (error);
  private->class_name = g_steal_pointer (&class_name);
  private->command = g_strdup (call->command);
  private->description = g_steal_pointer (&description);
  return error;
}

/**
 * qga_error_quark:
 *
 * Names the error domain [error@Qga.Error].
 *
 * Returns: the domain
 *
 * Since: 0.1
 */

static const QgaErrorPrivate *
get_private (const GError *error)
{
  return error->domain == QGA_ERROR ? qga_error_get_private (error) : NULL;
}

/* Whether it was the agent who said no. */
gboolean
qga_error_is_refusal (const GError *error)
{
  return get_private (error) != NULL && get_private (error)->class_name != NULL;
}

/**
 * qga_error_get_class_name:
 * @error: any error
 *
 * Tells the agent's own class of an error it answered with, such as
 * `CommandNotFound`: also one that is newer than this library. Agents tell
 * little by it: decide by the code.
 *
 * Some languages make errors anew from domain, code and message. There this,
 * [func@Qga.Error.get_command] and [func@Qga.Error.get_description] know
 * nothing.
 *
 * Returns: (transfer none) (nullable): the class; %NULL when @error is not
 *   the agent's answer
 *
 * Since: 0.1
 */
const char *
qga_error_get_class_name (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);
  return get_private (error) != NULL ? get_private (error)->class_name : NULL;
}

/**
 * qga_error_get_command:
 * @error: any error
 *
 * Tells which command the agent refused.
 *
 * Returns: (transfer none) (nullable): the command; %NULL when @error is not
 *   the agent's answer
 *
 * Since: 0.1
 */
const char *
qga_error_get_command (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);
  return get_private (error) != NULL ? get_private (error)->command : NULL;
}

/**
 * qga_error_get_description:
 * @error: any error
 *
 * Tells what the agent said, without the command's name in front. It is text
 * for people, and changes between versions: decide by the code. Where the
 * command carried a secret, what repeats it is masked.
 *
 * Returns: (transfer none) (nullable): the text, made safe to show; %NULL
 *   when @error is not the agent's answer
 *
 * Since: 0.1
 */
const char *
qga_error_get_description (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);
  return get_private (error) != NULL ? get_private (error)->description : NULL;
}
