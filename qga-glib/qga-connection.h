/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QGA_GLIB_INSIDE) && !defined (QGA_GLIB_COMPILATION)
#error "Only <qga-glib/qga-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <qga-glib/qga-limits.h>
#include <qga-glib/qga-open-options.h>
#include <qga-glib/qga-request.h>

G_BEGIN_DECLS

/**
 * QgaConnectionState:
 * @QGA_CONNECTION_STATE_OPENING: the agent has not answered yet; nobody sees
 *   a connection in this state but its own opening
 * @QGA_CONNECTION_STATE_OPEN: commands can be run
 * @QGA_CONNECTION_STATE_CLOSED: it has ended, and never opens again
 *
 * Where a connection is in its life. Whether the agent at its other end is
 * well is another question: see [property@Qga.Connection:responsive].
 *
 * Since: 0.1
 */
typedef enum
{
  QGA_CONNECTION_STATE_OPENING,
  QGA_CONNECTION_STATE_OPEN,
  QGA_CONNECTION_STATE_CLOSED,
} QgaConnectionState;

/**
 * QgaAcceptance:
 * @QGA_ACCEPTANCE_NONE: it did not: the error says why
 * @QGA_ACCEPTANCE_REPLIED: the agent answered that it has done it
 * @QGA_ACCEPTANCE_EVENT: QEMU said that it happened; see
 *   [method@Qga.Connection.watch_monitor]
 * @QGA_ACCEPTANCE_CLOSED: the line ended, or QEMU said that the agent has left
 *   it, as it does when its guest goes
 * @QGA_ACCEPTANCE_SILENT: the agent did not object within
 *   [property@Qga.OpenOptions:grace]
 *
 * How it showed that the agent took on a command which it does not answer
 * when it succeeds, such as `guest-shutdown`.
 *
 * Since: 0.1
 */
typedef enum
{
  QGA_ACCEPTANCE_NONE,
  QGA_ACCEPTANCE_REPLIED,
  QGA_ACCEPTANCE_EVENT,
  QGA_ACCEPTANCE_CLOSED,
  QGA_ACCEPTANCE_SILENT,
} QgaAcceptance;

/**
 * QgaShutdownMode:
 * @QGA_SHUTDOWN_MODE_POWERDOWN: the guest powers its machine off
 * @QGA_SHUTDOWN_MODE_HALT: the guest stops, and the machine stays on
 * @QGA_SHUTDOWN_MODE_REBOOT: the guest starts anew
 *
 * What [method@Qga.Connection.shutdown_async] asks for.
 *
 * Since: 0.1
 */
typedef enum
{
  QGA_SHUTDOWN_MODE_POWERDOWN,
  QGA_SHUTDOWN_MODE_HALT,
  QGA_SHUTDOWN_MODE_REBOOT,
} QgaShutdownMode;

/**
 * QgaSuspendMode:
 * @QGA_SUSPEND_MODE_RAM: to memory
 * @QGA_SUSPEND_MODE_DISK: to disk
 * @QGA_SUSPEND_MODE_HYBRID: to both
 *
 * What [method@Qga.Connection.suspend_async] asks for.
 *
 * Since: 0.1
 */
typedef enum
{
  QGA_SUSPEND_MODE_RAM,
  QGA_SUSPEND_MODE_DISK,
  QGA_SUSPEND_MODE_HYBRID,
} QgaSuspendMode;

#define QGA_TYPE_CONNECTION (qga_connection_get_type ())

QGA_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QgaConnection, qga_connection, QGA, CONNECTION, GObject)

/* Opening */

QGA_AVAILABLE_IN_0_1
void qga_connection_open_async (const char *address,
                                QgaOpenOptions *options,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
QGA_AVAILABLE_IN_0_1
QgaConnection *qga_connection_open_finish (GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
QgaConnection *qga_connection_open (const char *address,
                                    QgaOpenOptions *options,
                                    GCancellable *cancellable,
                                    GError **error);

QGA_AVAILABLE_IN_0_1
void qga_connection_open_stream_async (GIOStream *stream,
                                       QgaOpenOptions *options,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
QGA_AVAILABLE_IN_0_1
QgaConnection *qga_connection_open_stream_finish (GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
QgaConnection *qga_connection_open_stream (GIOStream *stream,
                                           QgaOpenOptions *options,
                                           GCancellable *cancellable,
                                           GError **error);

/* Commands */

QGA_AVAILABLE_IN_0_1
void qga_connection_execute_async (QgaConnection *self,
                                   const char *command,
                                   JsonNode *arguments,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
QGA_AVAILABLE_IN_0_1
JsonNode *qga_connection_execute_finish (QgaConnection *self, GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
JsonNode *qga_connection_execute (QgaConnection *self,
                                  const char *command,
                                  JsonNode *arguments,
                                  GCancellable *cancellable,
                                  GError **error);

QGA_AVAILABLE_IN_0_1
void qga_connection_execute_json_async (QgaConnection *self,
                                        const char *command,
                                        const char *arguments_json,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
QGA_AVAILABLE_IN_0_1
char *qga_connection_execute_json_finish (QgaConnection *self, GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
char *qga_connection_execute_json (QgaConnection *self,
                                   const char *command,
                                   const char *arguments_json,
                                   GCancellable *cancellable,
                                   GError **error);

QGA_AVAILABLE_IN_0_1
void qga_connection_execute_request_async (QgaConnection *self,
                                           QgaRequest *request,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
QGA_AVAILABLE_IN_0_1
char *qga_connection_execute_request_finish (QgaConnection *self, GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
char *qga_connection_execute_request (QgaConnection *self,
                                      QgaRequest *request,
                                      GCancellable *cancellable,
                                      GError **error);

QGA_AVAILABLE_IN_0_1
void qga_connection_execute_unanswered_async (QgaConnection *self,
                                              QgaRequest *request,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer user_data);
QGA_AVAILABLE_IN_0_1
QgaAcceptance qga_connection_execute_unanswered_finish (QgaConnection *self, GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
QgaAcceptance qga_connection_execute_unanswered (QgaConnection *self,
                                                 QgaRequest *request,
                                                 GCancellable *cancellable,
                                                 GError **error);

/* The guest's power */

QGA_AVAILABLE_IN_0_1
void qga_connection_shutdown_async (QgaConnection *self,
                                    QgaShutdownMode mode,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
QGA_AVAILABLE_IN_0_1
QgaAcceptance qga_connection_shutdown_finish (QgaConnection *self, GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
QgaAcceptance qga_connection_shutdown (QgaConnection *self,
                                       QgaShutdownMode mode,
                                       GCancellable *cancellable,
                                       GError **error);

QGA_AVAILABLE_IN_0_1
void qga_connection_suspend_async (QgaConnection *self,
                                   QgaSuspendMode mode,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
QGA_AVAILABLE_IN_0_1
QgaAcceptance qga_connection_suspend_finish (QgaConnection *self, GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
QgaAcceptance qga_connection_suspend (QgaConnection *self,
                                      QgaSuspendMode mode,
                                      GCancellable *cancellable,
                                      GError **error);

/* The end */

QGA_AVAILABLE_IN_0_1
void qga_connection_close_async (QgaConnection *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
QGA_AVAILABLE_IN_0_1
gboolean qga_connection_close_finish (QgaConnection *self, GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
gboolean qga_connection_close (QgaConnection *self, GCancellable *cancellable, GError **error);

/* What it knows */

QGA_AVAILABLE_IN_0_1
void qga_connection_watch_monitor (QgaConnection *self, GObject *monitor, const char *port);

QGA_AVAILABLE_IN_0_1
QgaConnectionState qga_connection_get_state (QgaConnection *self);
QGA_AVAILABLE_IN_0_1
gboolean qga_connection_get_agent_present (QgaConnection *self);
QGA_AVAILABLE_IN_0_1
gboolean qga_connection_get_responsive (QgaConnection *self);
QGA_AVAILABLE_IN_0_1
guint qga_connection_get_generation (QgaConnection *self);
QGA_AVAILABLE_IN_0_1
char *qga_connection_dup_agent_version (QgaConnection *self);
QGA_AVAILABLE_IN_0_1
char **qga_connection_dup_commands (QgaConnection *self);
QGA_AVAILABLE_IN_0_1
gboolean qga_connection_has_command (QgaConnection *self, const char *command);
QGA_AVAILABLE_IN_0_1
gboolean qga_connection_is_command_enabled (QgaConnection *self, const char *command);
QGA_AVAILABLE_IN_0_1
int qga_connection_get_default_timeout (QgaConnection *self);
QGA_AVAILABLE_IN_0_1
void qga_connection_set_default_timeout (QgaConnection *self, int milliseconds);
QGA_AVAILABLE_IN_0_1
QgaLimits *qga_connection_get_limits (QgaConnection *self);
QGA_AVAILABLE_IN_0_1
guint64 qga_connection_get_stray_messages (QgaConnection *self);

G_END_DECLS
