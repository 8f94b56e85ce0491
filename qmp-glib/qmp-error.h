/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

/**
 * QMP_ERROR:
 *
 * The error domain of what QEMU answers and of what is wrong with its words.
 * Codes are those of [error@Qmp.Error].
 *
 * Since: 0.1
 */
#define QMP_ERROR (qmp_error_quark ())

/**
 * QmpError:
 * @QMP_ERROR_GENERIC: QEMU refused the command; class `GenericError`
 * @QMP_ERROR_COMMAND_NOT_FOUND: QEMU has no such command, or not now; class
 *   `CommandNotFound`
 * @QMP_ERROR_DEVICE_NOT_ACTIVE: the device is not in use; class
 *   `DeviceNotActive`
 * @QMP_ERROR_DEVICE_NOT_FOUND: there is no such device; class
 *   `DeviceNotFound`
 * @QMP_ERROR_KVM_MISSING_CAPABILITY: the host's KVM lacks something; class
 *   `KVMMissingCap`
 * @QMP_ERROR_UNRECOGNIZED_CLASS: QEMU refused the command, with a class that
 *   is newer than this library; [func@Qmp.Error.get_class_name] has its text
 * @QMP_ERROR_PROTOCOL: what came is not QMP; the connection ends with it
 * @QMP_ERROR_TOO_LARGE: what came is over one of the connection's limits
 *   ([class@Qmp.Limits]), and the connection ends with it; or more replies
 *   wait than it keeps for main contexts that do not run, and only this call
 *   fails
 * @QMP_ERROR_UNREPRESENTABLE: the reply was sound JSON, but has a value that
 *   nothing here can hold, such as a number beyond a double; only this call
 *   fails
 * @QMP_ERROR_UNEXPECTED_VALUE: a value is not of the type that QEMU's
 *   description gives it; the message tells its path. Only this call fails
 * @QMP_ERROR_LAUNCH_FAILED: a QEMU that was started could not be driven; the
 *   message tells how it ended, its last words, and what it was started as
 * @QMP_ERROR_JOB_FAILED: a job was started, and has failed; the message has
 *   QEMU's words
 * @QMP_ERROR_UNPLUG_REFUSED: the guest does not let go of a device
 * @QMP_ERROR_MIGRATION_FAILED: a migration was started, and has failed; the
 *   message has QEMU's words
 * @QMP_ERROR_MEDIUM_LOCKED: the guest does not let go of a medium
 *
 * What can go wrong besides input and output. Transport errors, deadlines
 * and cancelling are [error@Gio.IOErrorEnum].
 *
 * The list grows with QEMU's own.
 *
 * Since: 0.1
 */
typedef enum
{
  QMP_ERROR_GENERIC,
  QMP_ERROR_COMMAND_NOT_FOUND,
  QMP_ERROR_DEVICE_NOT_ACTIVE,
  QMP_ERROR_DEVICE_NOT_FOUND,
  QMP_ERROR_KVM_MISSING_CAPABILITY,
  QMP_ERROR_UNRECOGNIZED_CLASS,
  QMP_ERROR_PROTOCOL,
  QMP_ERROR_TOO_LARGE,
  QMP_ERROR_UNREPRESENTABLE,
  QMP_ERROR_UNEXPECTED_VALUE,
  QMP_ERROR_LAUNCH_FAILED,
  QMP_ERROR_JOB_FAILED,
  QMP_ERROR_UNPLUG_REFUSED,
  QMP_ERROR_MIGRATION_FAILED,
  QMP_ERROR_MEDIUM_LOCKED,
} QmpError;

QMP_AVAILABLE_IN_0_1
GQuark qmp_error_quark (void);

QMP_AVAILABLE_IN_0_1
const char *qmp_error_get_class_name (const GError *error);

QMP_AVAILABLE_IN_0_1
const char *qmp_error_get_command (const GError *error);

QMP_AVAILABLE_IN_0_1
const char *qmp_error_get_description (const GError *error);

G_END_DECLS
