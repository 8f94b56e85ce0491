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

struct _QmpMachine
{
  GObject parent_instance;
  QmpConnection *connection;
  QmpMachineParts parts;
  GMainContext *context;
  QmpRunState run_state;
  QmpShutdownCause shutdown_cause;
  gboolean panicked;
  QmpGuestPanicInformation *panic_information;
  gulong event_handler;
  gulong closed_handler;
  gboolean asking;     /* for its state */
  gboolean ask_again;  /* more has happened meanwhile */
  gboolean ended;
};

enum
{
  QMP_MACHINE_PROP_CONNECTION = 1,
  QMP_MACHINE_PROP_RUN_STATE,
  QMP_MACHINE_PROP_RUNNING,
  QMP_MACHINE_PROP_SHUTDOWN_CAUSE,
  QMP_MACHINE_PROP_PANICKED,
  QMP_MACHINE_PROP_PANIC_INFORMATION,
  QMP_MACHINE_PROP_LAUNCHED,
  QMP_MACHINE_PROP_ALIVE,
  N_QMP_MACHINE_PROPS,
};

void qmp_machine_notify (QmpMachine *self, guint id);

/* Takes both. */
QmpMachine *qmp_machine_new (QmpConnection *connection, QmpMachineParts *parts);

/* Who waits in a context that does not run keeps nothing alive. */
GWeakRef *qmp_machine_new_weak (QmpMachine *self);
void qmp_machine_free_weak (gpointer data);

void qmp_machine_take_event (QmpMachine *self, QmpEvent *event);
gboolean qmp_run_state_is_off (QmpRunState state);

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
