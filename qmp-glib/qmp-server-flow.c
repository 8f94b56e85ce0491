/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-server-line-private.h"

#include "wire/wire-box.h"

/* When a client is read, and when it is written to. All of it is under the lock. */

/* With out-of-band commands on, so many in-band ones wait, as with QEMU, and
 * then nothing is read. */
#define MOST_WAITING 8u

/* A client that has so much to read already is asked nothing more. */
#define PLENTY_UNREAD ((gsize) 256 * 1024)

/* A ready time would cost two system calls each turn. In the context's own thread
 * the next turn finds it by itself. */
void
qmp_server_line_arm (QmpServerSource *source)
{
  if (!g_atomic_int_compare_and_exchange (&source->armed, FALSE, TRUE))
    return;
  if (!g_main_context_is_owner (source->client->core->context))
    g_main_context_wakeup (source->client->core->context);
}

void
qmp_server_line_disarm (QmpServerSource *source)
{
  g_atomic_int_set (&source->armed, FALSE);
}

void
qmp_server_line_poll_for (QmpServerSource *source, GIOCondition condition)
{
  if (source->condition == condition)
    return;
  source->condition = condition;
  if (source->tag == source->out_tag)
    {
      g_source_modify_unix_fd (&source->source, source->tag, condition);
      return;
    }
  g_source_modify_unix_fd (&source->source, source->tag, condition & ~G_IO_OUT);
  g_source_modify_unix_fd (&source->source, source->out_tag, condition & G_IO_OUT);
}

gboolean
qmp_server_line_may_hand_out (QmpServerClient *self)
{
  return self->n_in_band < self->core->overlap;
}

/* QEMU reads one command after the other, unless some may overtake. */
gboolean
qmp_server_line_may_read (QmpServerClient *self)
{
  if (self->ending || self->out.waiting >= PLENTY_UNREAD || self->held >= self->max_held ||
      self->n_out_of_band >= self->max_out_of_band)
    return FALSE;
  return self->out_of_band ? self->waiting.length < MOST_WAITING : qmp_server_line_may_hand_out (self);
}

void
qmp_server_line_flush (QmpServerClient *self)
{
  GError *error = NULL;

  if (self->ending || self->out.waiting == 0)
    return;
  if (wire_out_flush (&self->out, &self->transport, &error) == WIRE_OUT_FAILED)
    {
      /* it has gone; that is found by reading */
      wire_out_clear (&self->out);
      g_clear_error (&error);
      qmp_server_line_arm (self->source);
    }
}

void
qmp_server_line_wake (QmpServerClient *self)
{
  if (self->source != NULL)
    qmp_server_line_arm (self->source);
}

/**
 * qmp_server_line_go_on:
 *
 * Something was written for the client, or one of its calls is answered. In a
 * turn of its own, the turn's end sees to it.
 */
void
qmp_server_line_go_on (QmpServerClient *self)
{
  QmpServerSource *source = self->source;

  if (source == NULL || (source->thread == g_thread_self () && source->depth == g_main_depth ()))
    return;
  if (wire_box_more_follows () && g_main_context_is_owner (self->core->context))
    {
      qmp_server_line_arm (source);
      return;
    }
  qmp_server_line_flush (self);
  if (self->ending)
    return;
  /* TLS may have read more than it gave */
  if ((self->waiting.length > 0 && qmp_server_line_may_hand_out (self)) ||
      ((wire_reader_has_more (&self->reader) || !self->transport.direct) && qmp_server_line_may_read (self)))
    qmp_server_line_arm (source);
  qmp_server_line_poll_for (source, (source->condition & G_IO_IN) | (qmp_server_line_may_read (self) ? G_IO_IN : 0) | (self->out.waiting > 0 ? G_IO_OUT : 0));
}
