/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-child-private.h"
#include "qmp-machine.h"

G_BEGIN_DECLS

/* What a launcher has made for a machine; taken as a whole. */
typedef struct
{
  QmpChild *child;
  char *folder;           /* private, with the sockets in it; or NULL */
  char *monitor_address;  /* where others may attach; or NULL */
  char *agent_address;
  char *console_address;
} QmpMachineParts;

void qmp_machine_parts_clear (QmpMachineParts *parts);

/* Takes both. */
QmpMachine *qmp_machine_new (QmpConnection *connection, QmpMachineParts *parts);

/* It is handed over when its state is known; takes the machine. */
void qmp_machine_return (QmpMachine *self, GTask *task);
QmpMachine *qmp_machine_return_blocking (QmpMachine *self);

/* What was done to it shows before it is told that it is done. */
void qmp_machine_settle (QmpMachine *self, GTask *task);
void qmp_machine_settle_blocking (QmpMachine *self, GCancellable *cancellable);

QmpChild *qmp_machine_get_child (QmpMachine *self);
gboolean qmp_machine_ask_power_down (QmpMachine *self);
int qmp_machine_get_step_timeout (QmpMachine *self, QmpShutdownOptions *options, QmpShutdownStep step);
void qmp_machine_report_step (QmpMachine *self, QmpShutdownStep step);

G_END_DECLS
