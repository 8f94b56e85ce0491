/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-interrupt.h"

#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int interrupted = -1;
static volatile sig_atomic_t count;
static volatile sig_atomic_t heard = 1;  /* so many are; the next one ends the process */

/* What each of them cancels. */
static GCancellable *cancellables[2];

static guint64
wait_for_signals (void)
{
  guint64 signals;

  while (read (interrupted, &signals, sizeof signals) != sizeof signals)
    if (errno != EINTR)
      return 0;
  return signals;
}

/* A cancellable takes locks, which a signal handler must not: a thread does. */
static gpointer
cancel_when_interrupted (gpointer unused)
{
  guint64 signals = 0;

  for (guint i = 0; i < G_N_ELEMENTS (cancellables); i++, signals--)
    {
      if (signals == 0)
        signals = wait_for_signals ();
      if (signals == 0)
        break;
      /* the second is there before a second signal is heard */
      g_cancellable_cancel (cancellables[i]);
    }
  return NULL;
}

static void
on_signal (int number)
{
  const guint64 one = 1;
  int saved = errno;

  if (count >= heard)
    _exit (128 + number);
  count++;
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

  cancellables[0] = g_object_ref (cancellable);
  g_thread_unref (g_thread_new ("interrupt", cancel_when_interrupted, NULL));
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

GCancellable *
tool_interrupt_watch_second (void)
{
  cancellables[1] = g_cancellable_new ();
  heard = 2;
  return g_object_ref (cancellables[1]);
}
