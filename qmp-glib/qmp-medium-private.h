/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-medium.h"

G_BEGIN_DECLS

/* A medium on its way out of a drive, and perhaps another one on its way in,
 * step by step: the same for who waits in a main context and for who blocks.
 * Each step is a command, but for one that waits for the guest. */

typedef enum
{
  QMP_MEDIUM_ADD,         /* the new medium's node: whether it can be opened is known first */
  QMP_MEDIUM_OPEN,        /* asks the guest, where it has locked the tray */
  QMP_MEDIUM_LOOK,        /* at the drive, and at what is in there */
  QMP_MEDIUM_WAIT,        /* for the guest */
  QMP_MEDIUM_FORCE,
  QMP_MEDIUM_REMOVE,
  QMP_MEDIUM_DELETE_OLD,
  QMP_MEDIUM_INSERT,
  QMP_MEDIUM_REVIEW,      /* after a refusal: the guest may have closed the tray meanwhile */
  QMP_MEDIUM_CLOSE,
  QMP_MEDIUM_UNDO,        /* the new medium's node */
  QMP_MEDIUM_DONE,
} QmpMediumStep;

typedef struct
{
  QmpMediumStep step;
  char *device;
  char *medium;            /* JSON; NULL: none comes in */
  char *node_name;         /* of that */
  char *old_node_name;     /* of what was in there; or NULL */
  gboolean force;
  gboolean keep_node;
  gboolean locked;
  guint n_reviews;
  int timeout;
  gint64 deadline;         /* of the guest */
  QmpEventStream *events;  /* armed before QEMU is asked */
  GError *failure;         /* what went wrong, while that is reviewed, or undone */
} QmpMedium;

/* Takes neither; a medium without a name is an error. */
gboolean qmp_medium_init (QmpMedium *self, QmpConnection *connection, const char *device, QmpBlockdevOptions *medium,
                          QmpMediumOptions *options, GError **error);
void qmp_medium_clear (QmpMedium *self);

/* The command of this step, and what its reply means. Takes the failure. */
QmpRequest *qmp_medium_new_request (QmpMedium *self);
void qmp_medium_take_reply (QmpMedium *self, QmpValue *reply, GError *failure);

/* While it waits. An event that is NULL is the connection's end; takes the
 * failure. */
int qmp_medium_get_rest (QmpMedium *self);
void qmp_medium_take_event (QmpMedium *self, QmpEvent *event, GError *failure);
void qmp_medium_take_deadline (QmpMedium *self);

/* Takes the failure. */
void qmp_medium_fail (QmpMedium *self, GError *failure);

G_END_DECLS
