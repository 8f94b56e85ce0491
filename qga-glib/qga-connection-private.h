/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-call-private.h"

G_BEGIN_DECLS

QgaConnection *qga_connection_new (QgaOpenOptions *options);
QgaSession *qga_connection_get_session (QgaConnection *self);

/* A command that the library itself has put together. */
typedef struct
{
  const char *command;
  char *arguments;      /* taken; NULL for none */
  gsize length;
  guint generation;     /* of the agent that it is meant for; 0 for any */
  QgaGift gives;
  QgaCallHook hook;     /* told its end as well, with the lock held */
  gboolean sensitive;
  gboolean insists;     /* it goes out even if its caller gives up */
  QgaAhead *joins;      /* taken; it was given ahead, so there are no arguments; or NULL */
} QgaOrder;

/* The task is taken, and is returned a QgaReply. */
void qga_connection_order_async (QgaConnection *self, const QgaOrder *order, GTask *task);
QgaReply *qga_connection_order (QgaConnection *self, const QgaOrder *order, GCancellable *cancellable, GError **error);

/* Nobody waits for its reply yet; one order may join it later. */
QgaAhead *qga_connection_order_ahead (QgaConnection *self, const QgaOrder *order);

/* Nobody waits for it. */
void qga_connection_order_and_forget (QgaConnection *self, const QgaOrder *order);

G_END_DECLS
