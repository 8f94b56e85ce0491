/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-interrupt.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int interrupted = -1;
static volatile sig_atomic_t count;
static volatile sig_atomic_t heard = 1;   /* so many are; the next one ends the process */
static volatile sig_atomic_t last;

/* What the next signal cancels, and the one after it; nullable. */
static GMutex lock;
static GCancellable *current, *second;

static guint64
wait_for_signals (void)
{
  guint64 signals;

  while (read (interrupted, &signals, sizeof signals) != sizeof signals)
    if (errno != EINTR)
      return 0;
  return signals;
}

static GCancellable *
take_current (void)
{
  GCancellable *cancellable;

  g_mutex_lock (&lock);
  cancellable = g_steal_pointer (&current);
  current = g_steal_pointer (&second);
  g_mutex_unlock (&lock);
  return cancellable;
}

/* A cancellable takes locks, which a signal handler must not: a thread does. */
static void *
cancel_when_interrupted (void *unused)
{
  guint64 signals;

  while ((signals = wait_for_signals ()) > 0)
    for (; signals > 0; signals--)
      {
        g_autoptr (GCancellable) cancellable = take_current ();

        if (cancellable != NULL)
          g_cancellable_cancel (cancellable);
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
  last = number;
  (void) !write (interrupted, &one, sizeof one);
  errno = saved;
}

int
tool_interrupt_get_signal (void)
{
  return last;
}

GCancellable *
tool_interrupt_renew (void)
{
  GCancellable *cancellable = g_cancellable_new ();

  g_mutex_lock (&lock);
  g_set_object (&current, cancellable);
  g_mutex_unlock (&lock);
  count = 0;
  return cancellable;
}

GCancellable *
tool_interrupt_watch_second (void)
{
  GCancellable *cancellable = g_cancellable_new ();

  g_mutex_lock (&lock);
  g_set_object (&second, cancellable);
  g_mutex_unlock (&lock);
  heard = 2;
  return cancellable;
}

GCancellable *
tool_interrupt_watch (void)
{
  const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
  struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
  GCancellable *cancellable = tool_interrupt_renew ();
  pthread_t thread;

  interrupted = eventfd (0, EFD_CLOEXEC);
  /* one of GLib's costs a heap of its own from the start */
  if (interrupted < 0 || pthread_create (&thread, NULL, cancel_when_interrupted, NULL) != 0)
    return cancellable;
  pthread_detach (thread);
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
