/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QGA_GLIB_INSIDE) && !defined (QGA_GLIB_COMPILATION)
#error "Only <qga-glib/qga-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qga-glib/qga-version-macros.h>

G_BEGIN_DECLS

/**
 * QGA_ERROR:
 *
 * The error domain of what the guest agent answers and of what is wrong with
 * its words. Codes are those of [error@Qga.Error].
 *
 * Since: 0.1
 */
#define QGA_ERROR (qga_error_quark ())

/**
 * QgaError:
 * @QGA_ERROR_GENERIC: the agent refused the command; class `GenericError`
 * @QGA_ERROR_COMMAND_NOT_FOUND: the agent has no such command
 * @QGA_ERROR_COMMAND_DISABLED: the agent has the command, but whoever set it
 *   up has disabled it
 * @QGA_ERROR_FROZEN: the agent runs the command only once the guest's file
 *   systems are thawed
 * @QGA_ERROR_NOT_FROZEN: nothing was frozen any more when it was to be thawed
 * @QGA_ERROR_UNSUPPORTED: the agent has the command, but its platform cannot
 *   do it
 * @QGA_ERROR_UNRECOGNIZED_CLASS: the agent refused the command, with a class
 *   that is newer than this library; [func@Qga.Error.get_class_name] has its
 *   text
 * @QGA_ERROR_PROTOCOL: what came is not the agent's protocol, or not what the
 *   command is to answer. Only the one call fails
 * @QGA_ERROR_TOO_LARGE: what came is over one of the connection's limits
 *   ([class@Qga.Limits]). Only the one call fails
 * @QGA_ERROR_UNREPRESENTABLE: the reply was sound JSON, but has a value that
 *   nothing here can hold, such as a number beyond a double
 * @QGA_ERROR_AGENT_RESTARTED: the agent is not the one from before: file
 *   handles and processes of its predecessor are lost
 * @QGA_ERROR_RESULT_LOST: the result of a process was in a reply that did not
 *   arrive, and the agent tells it once only
 * @QGA_ERROR_UNEXPECTED_VALUE: a value is not of the type that the agent's
 *   description gives it; the message tells its path. Only this call fails
 *
 * What can go wrong besides input and output. Transport errors, deadlines
 * and cancelling are [error@Gio.IOErrorEnum].
 *
 * Since: 0.1
 */
typedef enum
{
  QGA_ERROR_GENERIC,
  QGA_ERROR_COMMAND_NOT_FOUND,
  QGA_ERROR_COMMAND_DISABLED,
  QGA_ERROR_FROZEN,
  QGA_ERROR_NOT_FROZEN,
  QGA_ERROR_UNSUPPORTED,
  QGA_ERROR_UNRECOGNIZED_CLASS,
  QGA_ERROR_PROTOCOL,
  QGA_ERROR_TOO_LARGE,
  QGA_ERROR_UNREPRESENTABLE,
  QGA_ERROR_AGENT_RESTARTED,
  QGA_ERROR_RESULT_LOST,
  QGA_ERROR_UNEXPECTED_VALUE,
} QgaError;

QGA_AVAILABLE_IN_0_1
GQuark qga_error_quark (void);

QGA_AVAILABLE_IN_0_1
const char *qga_error_get_class_name (const GError *error);

QGA_AVAILABLE_IN_0_1
const char *qga_error_get_command (const GError *error);

QGA_AVAILABLE_IN_0_1
const char *qga_error_get_description (const GError *error);

G_END_DECLS
