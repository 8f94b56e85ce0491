/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QGA_GLIB_INSIDE) && !defined (QGA_GLIB_COMPILATION)
#error "Only <qga-glib/qga-glib.h> can be included directly."
#endif

#include <glib.h>
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
 * @QGA_ERROR_COMMAND_NOT_FOUND: the agent has no such command, or it is
 *   disabled; class `CommandNotFound`
 * @QGA_ERROR_UNRECOGNIZED_CLASS: the agent refused the command, with a class
 *   that is newer than this library
 * @QGA_ERROR_PROTOCOL: what came is not the agent's protocol
 * @QGA_ERROR_TOO_LARGE: what came is over one of the connection's limits
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
  QGA_ERROR_UNRECOGNIZED_CLASS,
  QGA_ERROR_PROTOCOL,
  QGA_ERROR_TOO_LARGE,
} QgaError;

QGA_AVAILABLE_IN_0_1
GQuark qga_error_quark (void);

G_END_DECLS
