/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

/* GLib's macro looks the private part up in a way that GCC cannot follow. */
#pragma GCC diagnostic ignored "-Wnull-dereference"

#include "qmp-error.h"

#include <string.h>

#include "qmp-migration-private.h"
#include "qmp-session-private.h"
#include "wire/wire-text.h"

/* What QEMU says about an error is text for people: so much of it is kept. */
#define LONGEST_TEXT ((gsize) 1024)

/* Beside an error: what its message was made of. */
typedef struct
{
  char *class_name;
  char *command;
  char *description;
} QmpErrorPrivate;

static void
qmp_error_private_init (G_GNUC_UNUSED QmpErrorPrivate *private)
{
}

static void
qmp_error_private_copy (const QmpErrorPrivate *from, QmpErrorPrivate *to)
{
  to->class_name = g_strdup (from->class_name);
  to->command = g_strdup (from->command);
  to->description = g_strdup (from->description);
}

static void
qmp_error_private_clear (QmpErrorPrivate *private)
{
  g_free (private->class_name);
  g_free (private->command);
  g_free (private->description);
}

G_DEFINE_EXTENDED_ERROR (QmpError, qmp_error)

static const struct
{
  const char *name;
  QmpError code;
} classes[] = {
  { "GenericError", QMP_ERROR_GENERIC },
  { "CommandNotFound", QMP_ERROR_COMMAND_NOT_FOUND },
  { "DeviceNotActive", QMP_ERROR_DEVICE_NOT_ACTIVE },
  { "DeviceNotFound", QMP_ERROR_DEVICE_NOT_FOUND },
  { "KVMMissingCap", QMP_ERROR_KVM_MISSING_CAPABILITY },
};

static char *
read_text (const WireView *view, guint object, const char *name)
{
  guint member = wire_view_member (view, object, name);
  g_autofree char *text = member != 0 ? wire_view_dup_string (view, member) : NULL;

  return text != NULL ? wire_text_for_people (text, strlen (text), LONGEST_TEXT) : g_strdup ("");
}

/* The error that QEMU answered a command with; its object is at a place in
 * the view. */
GError *
qmp_error_new_for_reply (const char *command, const WireView *view, guint object)
{
  g_autofree char *class_name = read_text (view, object, "class");
  g_autofree char *description = read_text (view, object, "desc");
  QmpError code = QMP_ERROR_UNRECOGNIZED_CLASS;
  QmpErrorPrivate *private;
  GError *error;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_str_equal (classes[i].name, class_name))
      code = classes[i].code;
  if (code == QMP_ERROR_UNRECOGNIZED_CLASS)
    error = g_error_new (QMP_ERROR, (int) code, "%s: %s (%s)", command, description, class_name);
  else
    error = g_error_new (QMP_ERROR, (int) code, "%s: %s", command, description);
  private = qmp_error_get_private (error);
  private->class_name = g_steal_pointer (&class_name);
  private->command = g_strdup (command);
  private->description = g_steal_pointer (&description);
  return error;
}

/* A job has ended so; its words are QEMU's, or NULL when it took them along. */
GError *
qmp_error_new_for_job (const char *id, const char *text)
{
  g_autofree char *name = wire_text_for_people (id, strlen (id), LONGEST_TEXT);
  char *description = text != NULL ? wire_text_for_people (text, strlen (text), LONGEST_TEXT) : NULL;
  GError *error = g_error_new (QMP_ERROR, QMP_ERROR_JOB_FAILED, "The job “%s” failed: %s", name,
                               description != NULL ? description : "QEMU no longer knows why");

  qmp_error_get_private (error)->description = description;
  return error;
}

/* A migration has ended so; its words are QEMU's, or NULL when it took them
 * along. */
GError *
qmp_error_new_for_migration (const char *text)
{
  char *description = text != NULL ? wire_text_for_people (text, strlen (text), LONGEST_TEXT) : NULL;
  GError *error = g_error_new (QMP_ERROR, QMP_ERROR_MIGRATION_FAILED, "The migration failed: %s",
                               description != NULL ? description : "QEMU does not say why");

  qmp_error_get_private (error)->description = description;
  return error;
}

/**
 * qmp_error_quark:
 *
 * Names the error domain [error@Qmp.Error].
 *
 * Returns: the domain
 *
 * Since: 0.1
 */

static const QmpErrorPrivate *
get_private (const GError *error)
{
  return error->domain == QMP_ERROR ? qmp_error_get_private (error) : NULL;
}

/**
 * qmp_error_get_class_name:
 * @error: any error
 *
 * Tells QEMU's own class of an error it answered with, such as
 * `DeviceNotFound`: also one that is newer than this library.
 *
 * Some languages make errors anew from domain, code and message. Then a class
 * is known only if it has a code of its own, and [func@Qmp.Error.get_command]
 * and [func@Qmp.Error.get_description] know nothing.
 *
 * Returns: (transfer none) (nullable): the class; %NULL when @error is not
 *   QEMU's answer
 *
 * Since: 0.1
 */
const char *
qmp_error_get_class_name (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);
  if (get_private (error) != NULL && get_private (error)->class_name != NULL)
    return get_private (error)->class_name;
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_error_matches (error, QMP_ERROR, (int) classes[i].code))
      return classes[i].name;
  return NULL;
}

/**
 * qmp_error_get_command:
 * @error: any error
 *
 * Tells which command QEMU refused.
 *
 * Returns: (transfer none) (nullable): the command; %NULL when @error is not
 *   QEMU's answer
 *
 * Since: 0.1
 */
const char *
qmp_error_get_command (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);
  return get_private (error) != NULL ? get_private (error)->command : NULL;
}

/**
 * qmp_error_get_description:
 * @error: any error
 *
 * Tells what QEMU said, without the command's name in front. It is text for
 * people, and changes between versions: decide by the code.
 *
 * Returns: (transfer none) (nullable): the text, made safe to show; %NULL
 *   when @error is not QEMU's answer
 *
 * Since: 0.1
 */
const char *
qmp_error_get_description (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);
  return get_private (error) != NULL ? get_private (error)->description : NULL;
}
