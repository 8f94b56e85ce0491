/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-interrupt.h"

#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int interrupted = -1;
static volatile sig_atomic_t count;

/* A cancellable takes locks, which a signal handler must not: a thread does. */
static gpointer
cancel_when_interrupted (gpointer cancellable)
{
  guint64 signals;

  while (read (interrupted, &signals, sizeof signals) != sizeof signals && errno == EINTR)
    ;
  g_cancellable_cancel (cancellable);
  g_object_unref (cancellable);
  return NULL;
}

static void
on_signal (int number)
{
  const guint64 one = 1;
  int saved = errno;

  if (count > 0)
    _exit (128 + number);
  count = 1;
  (void) !write (interrupted, &one, sizeof one);
  errno = saved;
}

GCancellable *
tool_interrupt_watch (void)
{
  const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
  struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
  GCancellable *cancellable = g_cancellable_new ();

  interrupted = eventfd (0, EFD_CLOEXEC);
  if (interrupted < 0)
    return cancellable;

  g_thread_unref (g_thread_new ("interrupt", cancel_when_interrupted, g_object_ref (cancellable)));
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      struct sigaction before;

      /* nohup and its like ask for that */
      sigaction (numbers[i], NULL, &before);
      if (before.sa_handler != SIG_IGN)
        sigaction (numbers[i], &action, NULL);
    }
  signal (SIGPIPE, SIG_IGN);
  return cancellable;
}
