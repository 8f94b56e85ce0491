/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-child-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "qmp-error.h"
#include "wire/wire-text.h"
#include "wire/wire-task.h"

/* What is kept of its words: the last ones. */
#define MOST_OUTPUT 16384u

struct _QmpChild
{
  int references;  /* atomic */
  GSubprocess *process;
  char *started_as;
  char *name;
  int output_fd;
  int copy_fd;     /* who else gets its words; -1 for nobody */
  GCancellable *gone;
  GMutex lock;
  GCond changed;
  GString *output;
  gboolean ended;
  QmpChildEnded on_end;
  gpointer data;
  GDestroyNotify destroy;
};

QmpChild *
qmp_child_ref (QmpChild *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
qmp_child_unref (QmpChild *self)
{
  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  if (self->destroy != NULL)
    self->destroy (self->data);
  g_clear_object (&self->process);
  g_clear_object (&self->gone);
  g_string_free (self->output, TRUE);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self->started_as);
  g_free (self->name);
  g_free (self);
}

/* --- its thread -------------------------------------------------------------------------- */

static void
keep (QmpChild *self, const char *text, gsize length)
{
  g_mutex_lock (&self->lock);
  g_string_append_len (self->output, text, (gssize) length);
  if (self->output->len > MOST_OUTPUT)
    g_string_erase (self->output, 0, (gssize) (self->output->len - MOST_OUTPUT));
  g_mutex_unlock (&self->lock);
}

static void
stop_copying (QmpChild *self)
{
  if (self->copy_fd >= 0)
    close (self->copy_fd);
  self->copy_fd = -1;
}

/* Who does not take them gets no more. */
static void
copy (QmpChild *self, const char *text, gsize length)
{
  while (length > 0 && self->copy_fd >= 0)
    {
      ssize_t n = write (self->copy_fd, text, length);

      if (n < 0 && errno != EINTR)
        stop_copying (self);
      else if (n > 0)
        {
          text += n;
          length -= (gsize) n;
        }
    }
}

/* FALSE at the end of what it says. */
static gboolean
read_some (QmpChild *self)
{
  char text[4096];
  ssize_t n = read (self->output_fd, text, sizeof text);

  if (n > 0)
    {
      keep (self, text, (gsize) n);
      copy (self, text, (gsize) n);
    }
  return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static int
open_pidfd (QmpChild *self)
{
#ifdef SYS_pidfd_open
  return (int) syscall (SYS_pidfd_open, qmp_child_get_pid (self), 0);
#else
  return -1;
#endif
}

/* Its words may go on after it, from a child of its own, or end before it:
 * what counts is the process. */
static void
listen_until_gone (QmpChild *self)
{
  int pidfd = open_pidfd (self);
  struct pollfd fds[] = { { self->output_fd, POLLIN, 0 }, { pidfd, POLLIN, 0 } };

  while (pidfd >= 0 && fds[1].revents == 0)
    {
      if (poll (fds, 2, -1) < 0 && errno != EINTR)
        break;
      if (fds[0].revents != 0 && !read_some (self))
        fds[0].fd = -1;
    }
  /* where there is no such descriptor, the words are all there is to go by */
  while (pidfd < 0 && errno == ENOSYS && read_some (self))
    continue;
  while (fds[0].fd >= 0 && poll (fds, 1, 0) > 0 && read_some (self))
    continue;
  if (pidfd >= 0)
    close (pidfd);
}

static gpointer
watch (gpointer data)
{
  g_autoptr (QmpChild) self = data;
  QmpChildEnded on_end;
  sigset_t pipe;

  /* a reader of its words may be gone */
  sigemptyset (&pipe);
  sigaddset (&pipe, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &pipe, NULL);
  listen_until_gone (self);
  stop_copying (self);
  g_subprocess_wait (self->process, NULL, NULL);
  g_input_stream_close (g_subprocess_get_stdout_pipe (self->process), NULL, NULL);
  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  on_end = self->on_end;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  if (on_end != NULL)
    on_end (self->data);
  g_cancellable_cancel (self->gone);
  return NULL;
}

/* --- starting ----------------------------------------------------------------------------- */

static char *
quote_all (const char *const *arguments)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; arguments[i] != NULL; i++)
    {
      g_autofree char *quoted = g_shell_quote (arguments[i]);
      gboolean plain = arguments[i][0] != '\0' && strspn (arguments[i], G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_=,./:+@%") ==
                                                    strlen (arguments[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", plain ? arguments[i] : quoted);
    }
  return g_string_free (text, FALSE);
}

/* The launcher must say that there is a pipe for its words, which go to another
 * descriptor as well, unless that is -1. */
QmpChild *
qmp_child_spawn (GSubprocessLauncher *launcher, const char *const *arguments, int copy_fd, GError **error)
{
  GSubprocess *process = g_subprocess_launcher_spawnv (launcher, arguments, error);
  QmpChild *self;

  if (process == NULL)
    return NULL;
  self = g_new0 (QmpChild, 1);
  self->references = 1;
  self->process = process;
  self->started_as = quote_all (arguments);
  self->name = g_path_get_basename (arguments[0]);
  self->copy_fd = copy_fd >= 0 ? fcntl (copy_fd, F_DUPFD_CLOEXEC, 3) : -1;
  self->output_fd = g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (g_subprocess_get_stdout_pipe (process)));
  g_unix_set_fd_nonblocking (self->output_fd, TRUE, NULL);
  self->gone = g_cancellable_new ();
  self->output = g_string_new (NULL);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_thread_unref (g_thread_new ("qemu-watch", watch, qmp_child_ref (self)));
  return self;
}

/* If it has ended already, that is told at once. */
void
qmp_child_on_end (QmpChild *self, QmpChildEnded ended, gpointer data, GDestroyNotify destroy)
{
  gboolean too_late;

  g_mutex_lock (&self->lock);
  self->on_end = ended;
  self->data = data;
  self->destroy = destroy;
  too_late = self->ended;
  g_mutex_unlock (&self->lock);
  if (too_late)
    ended (data);
}

/* --- what is known ----------------------------------------------------------------------------- */

gboolean
qmp_child_has_ended (QmpChild *self)
{
  gboolean ended;

  g_mutex_lock (&self->lock);
  ended = self->ended;
  g_mutex_unlock (&self->lock);
  return ended;
}

/* 0 once it has ended. */
int
qmp_child_get_pid (QmpChild *self)
{
  const char *pid = g_subprocess_get_identifier (self->process);

  return pid != NULL ? (int) g_ascii_strtoll (pid, NULL, 10) : 0;
}

/* -1 while it runs, and if a signal ended it. */
int
qmp_child_get_exit_status (QmpChild *self)
{
  return qmp_child_has_ended (self) && g_subprocess_get_if_exited (self->process) ? g_subprocess_get_exit_status (self->process)
                                                                                   : -1;
}

/* 0 while it runs, and if it exited. */
int
qmp_child_get_term_signal (QmpChild *self)
{
  return qmp_child_has_ended (self) && g_subprocess_get_if_signaled (self->process) ? g_subprocess_get_term_sig (self->process)
                                                                                     : 0;
}

/* Its last words, line by line made safe for people to read. */
char *
qmp_child_dup_output (QmpChild *self)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_mutex_lock (&self->lock);
  text = g_strndup (self->output->str, self->output->len);
  g_mutex_unlock (&self->lock);
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *line = g_steal_pointer (&lines[i]);

      lines[i] = wire_text_for_people (g_strchomp (line), strlen (line), MOST_OUTPUT);
    }
  return g_strjoinv ("\n", lines);
}

char *
qmp_child_describe_end (QmpChild *self)
{
  int number = qmp_child_get_term_signal (self);

  if (!qmp_child_has_ended (self))
    return g_strdup_printf ("%s is still there", self->name);
  if (number > 0)
    return g_strdup_printf ("%s was ended by signal %d (%s)", self->name, number, g_strsignal (number));
  return g_strdup_printf ("%s ended with status %d", self->name, qmp_child_get_exit_status (self));
}

/* What people need to know of one that could not be driven. */
GError *
qmp_child_describe_failure (QmpChild *self, const GError *cause)
{
  g_autofree char *end = qmp_child_describe_end (self);
  g_autofree char *output = qmp_child_dup_output (self);
  gboolean ended = qmp_child_has_ended (self);

  return g_error_new (QMP_ERROR, QMP_ERROR_LAUNCH_FAILED, "%s%s%s%s%s\nIt was started as: %s", end,
                      ended ? " before it could be driven" : ", but could not be driven: ", ended ? "" : cause->message,
                      output[0] != '\0' ? ":\n" : "", output, self->started_as);
}

void
qmp_child_send_signal (QmpChild *self, int number)
{
  g_subprocess_send_signal (self->process, number);
}

GCancellable *
qmp_child_get_gone (QmpChild *self)
{
  return self->gone;
}

/* --- waiting ----------------------------------------------------------------------------------- */

static gboolean
on_gone_or_cancelled (GCancellable *cancellable, gpointer data)
{
  GTask *task = data;

  if (qmp_child_has_ended (g_task_get_task_data (task)) || !g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);
  return G_SOURCE_REMOVE;
}

void
qmp_child_wait_async (QmpChild *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = wire_task_new (NULL, qmp_child_wait_async, cancellable, callback, user_data);
  g_autoptr (GSource) source = g_cancellable_source_new (self->gone);
  g_autoptr (GSource) other = cancellable != NULL ? g_cancellable_source_new (cancellable) : NULL;

  g_task_set_task_data (task, qmp_child_ref (self), (GDestroyNotify) qmp_child_unref);
  if (other != NULL)
    {
      g_source_set_dummy_callback (other);
      g_source_add_child_source (source, other);
    }
  g_source_set_callback (source, G_SOURCE_FUNC (on_gone_or_cancelled), g_object_ref (task), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

gboolean
qmp_child_wait_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
wake (GCancellable *cancellable, gpointer data)
{
  QmpChild *self = data;

  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* FALSE if the deadline, in monotonic time, was first; or the cancel. */
gboolean
qmp_child_wait (QmpChild *self, gint64 deadline, GCancellable *cancellable)
{
  gulong id = cancellable != NULL ? g_cancellable_connect (cancellable, G_CALLBACK (wake), self, NULL) : 0;
  gboolean ended, waits = TRUE;

  g_mutex_lock (&self->lock);
  while (!self->ended && waits && !g_cancellable_is_cancelled (cancellable))
    waits = g_cond_wait_until (&self->changed, &self->lock, deadline);
  ended = self->ended;
  g_mutex_unlock (&self->lock);
  g_cancellable_disconnect (cancellable, id);
  return ended;
}
