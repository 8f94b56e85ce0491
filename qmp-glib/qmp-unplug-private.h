/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-connection.h"
#include "qmp-unplug-options.h"

G_BEGIN_DECLS

/* What is known of a device that is to go, and what each word about it means:
 * the same for who waits in a main context and for who blocks. */

typedef enum
{
  QMP_UNPLUG_GOES_ON,
  QMP_UNPLUG_DONE,
  QMP_UNPLUG_FAILED,
} QmpUnplugVerdict;

typedef struct
{
  char *device;            /* an id, or a QOM path */
  QmpEventStream *events;  /* armed before QEMU is asked */
  int interval;            /* milliseconds; 0: none */
  gint64 deadline;         /* G_MAXINT64: none */
  guint asked;             /* how often QEMU agreed to ask the guest */
  gboolean for_backend;    /* a device that is not there has gone before; its backend may still be in use */
  gboolean gone;           /* from QEMU's tree; its event is still to come */
  int status;              /* what the guest last told by ACPI; or -1 */
  GError *refusal;         /* of the last request, which was not the first */
} QmpUnplug;

/* Unplugging for who removes a backend next. */
void qmp_unplug_start_for_backend (QmpConnection *self, const char *device, QmpUnplugOptions *options, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean qmp_unplug_run_for_backend (QmpConnection *self, const char *device, QmpUnplugOptions *options, GCancellable *cancellable,
                                     GError **error);

void qmp_unplug_init (QmpUnplug *self, QmpConnection *connection, const char *device, QmpUnplugOptions *options);
void qmp_unplug_clear (QmpUnplug *self);

int qmp_unplug_get_rest (QmpUnplug *self);
QmpRequest *qmp_unplug_new_request (QmpUnplug *self);
QmpRequest *qmp_unplug_new_question (QmpUnplug *self);

QmpUnplugVerdict qmp_unplug_judge_event (QmpUnplug *self, QmpEvent *event, GError **error);
/* These take the error, if there was one. */
QmpUnplugVerdict qmp_unplug_judge_end (QmpUnplug *self, GError *failure, GError **error);
QmpUnplugVerdict qmp_unplug_judge_reply (QmpUnplug *self, GError *failure, GError **error);
QmpUnplugVerdict qmp_unplug_judge_answer (QmpUnplug *self, GError *failure, GError **error);

G_END_DECLS
