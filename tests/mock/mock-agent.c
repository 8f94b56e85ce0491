/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mock/mock-agent-private.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* The agent: its thread, its directions, and what is awaited of it. */

typedef gboolean (*Condition) (MockAgent *self, const char *name, guint n);

/* --- the lock ---------------------------------------------------------------------- */

/* The thread takes the lock again and again, and lets those go first that
 * wait for it. */
void
mock_agent_lock (MockAgent *self)
{
  g_atomic_int_inc (&self->n_wanting);
  g_rec_mutex_lock (&self->lock);
  g_atomic_int_add (&self->n_wanting, -1);
}

void
mock_agent_unlock (MockAgent *self)
{
  g_rec_mutex_unlock (&self->lock);
}

/* There is something new for the thread. */
void
mock_agent_wake (MockAgent *self)
{
  eventfd_write (self->wake_fd, 1);
}

/* And for those who wait. */
static void
tell (MockAgent *self)
{
  for (GSList *l = self->waiting; l != NULL; l = l->next)
    g_main_context_wakeup (l->data);
}

/* --- the thread --------------------------------------------------------------------- */

static gboolean
may_do (MockAgent *self)
{
  return !self->stalled && !self->absent && g_queue_is_empty (&self->chunks);
}

static gboolean
end (MockAgent *self)
{
  if (self->fd < 0 || !g_queue_is_empty (&self->chunks))
    return FALSE;
  if (self->stops_writing)
    {
      self->stops_writing = FALSE;
      shutdown (self->fd, SHUT_WR);
      return TRUE;
    }
  if (!self->hangs_up)
    return FALSE;
  close (self->fd);
  self->fd = -1;
  return TRUE;
}

static gboolean
take_step (MockAgent *self)
{
  return mock_agent_say_some (self) ||
         (may_do (self) && mock_agent_do_next (self)) ||
         end (self) ||
         mock_agent_hear_some (self);
}

/* What it is to be woken for; the time it may sleep. No event tells that the
 * client has taken a piece, so that is looked at again and again. */
static int
prepare (MockAgent *self, struct pollfd *fds)
{
  gboolean speaks = !g_queue_is_empty (&self->chunks);
  short events = 0;

  if (!self->stalled && !self->client_gone)
    events |= POLLIN;
  if (speaks && self->piece == 0)
    events |= POLLOUT;
  fds[0] = (struct pollfd) { self->wake_fd, POLLIN, 0 };
  fds[1] = (struct pollfd) { events != 0 ? self->fd : -1, events, 0 };
  if (!speaks || self->piece == 0)
    return -1;
  return self->n_spins++ < 1000 ? 0 : 1;
}

static gpointer
run (gpointer data)
{
  MockAgent *self = data;
  gboolean leaving;

  do
    {
      struct pollfd fds[2];
      gboolean did_something;
      int timeout;

      g_rec_mutex_lock (&self->lock);
      did_something = take_step (self);
      if (did_something)
        {
          self->n_spins = 0;
          tell (self);
        }
      timeout = prepare (self, fds);
      leaving = self->leaving;
      g_rec_mutex_unlock (&self->lock);
      while (g_atomic_int_get (&self->n_wanting) > 0)
        g_thread_yield ();
      if (!did_something && !leaving && poll (fds, 2, timeout) > 0 && fds[0].revents != 0)
        eventfd_read (self->wake_fd, &(eventfd_t) { 0 });
    }
  while (!leaving);
  return NULL;
}

/* --- its life ------------------------------------------------------------------------- */

MockAgent *
mock_agent_new_for_fd (int fd)
{
  static const WireLimits limits = { .max_bytes = 80u << 20, .max_values = 2u << 20, .max_depth = 1024, .max_key = 1u << 16 };
  MockAgent *self = g_new0 (MockAgent, 1);

  self->fd = fd;
  self->client_fd = -1;
  self->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  g_assert_cmpint (self->wake_fd, >=, 0);
  g_rec_mutex_init (&self->lock);
  self->unread = g_string_new (NULL);
  wire_scanner_init (&self->scanner, &limits);
  self->commands = g_ptr_array_new_with_free_func (mock_agent_free_command);
  self->version = g_strdup ("10.0.2");
  mock_agent_init_skills (self);
  mock_agent_init_exec (self);
  mock_agent_init_files (self);
  mock_agent_init_freeze (self);
  self->thread = g_thread_new ("mock agent", run, self);
  return self;
}

MockAgent *
mock_agent_new (void)
{
  int fds[2];
  MockAgent *self;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    g_error ("no socket pair: %s", g_strerror (errno));
  self = mock_agent_new_for_fd (fds[1]);
  self->client_fd = fds[0];
  return self;
}

void
mock_agent_free (MockAgent *self)
{
  mock_agent_lock (self);
  self->leaving = TRUE;
  mock_agent_wake (self);
  mock_agent_unlock (self);
  g_thread_join (self->thread);
  mock_agent_forget_line (self);
  for (int *fd = (int[]) { self->fd, self->client_fd, self->wake_fd, -2 }; *fd != -2; fd++)
    if (*fd >= 0)
      close (*fd);
  g_string_free (self->unread, TRUE);
  wire_scanner_clear (&self->scanner);
  g_ptr_array_unref (self->commands);
  g_ptr_array_unref (self->skills);
  g_hash_table_unref (self->programs);
  g_hash_table_unref (self->processes);
  g_hash_table_unref (self->handles);
  g_hash_table_unref (self->files);
  g_free (self->version);
  g_rec_mutex_clear (&self->lock);
  g_free (self);
}

int
mock_agent_steal_fd (MockAgent *self)
{
  int fd = self->client_fd;

  g_assert_cmpint (fd, >=, 0);
  self->client_fd = -1;
  return fd;
}

GIOStream *
mock_agent_get_stream (MockAgent *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (mock_agent_steal_fd (self), &error);

  g_assert_no_error (error);
  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

/* --- directions -------------------------------------------------------------------------- */

void
mock_agent_be_absent (MockAgent *self, MockAgentAbsence absence, guint n_syncs)
{
  mock_agent_lock (self);
  self->absent = TRUE;
  self->absence = absence;
  self->n_absent_syncs = n_syncs;
  mock_agent_unlock (self);
}

void
mock_agent_arrive (MockAgent *self)
{
  mock_agent_lock (self);
  self->absent = FALSE;
  mock_agent_wake (self);
  mock_agent_unlock (self);
}

void
mock_agent_stall (MockAgent *self)
{
  mock_agent_lock (self);
  self->stalled = TRUE;
  mock_agent_wake (self);
  mock_agent_unlock (self);
}

void
mock_agent_go_on (MockAgent *self)
{
  mock_agent_lock (self);
  self->stalled = FALSE;
  mock_agent_wake (self);
  mock_agent_unlock (self);
}

void
mock_agent_restart (MockAgent *self)
{
  mock_agent_lock (self);
  mock_agent_forget_line (self);
  g_hash_table_remove_all (self->processes);
  g_hash_table_remove_all (self->handles);
  self->last_pid = 0;
  self->last_handle = 0;
  mock_agent_wake (self);
  mock_agent_unlock (self);
}

void
mock_agent_reboot (MockAgent *self)
{
  mock_agent_lock (self);
  mock_agent_restart (self);
  self->frozen = FALSE;
  mock_agent_unlock (self);
}

void
mock_agent_hang_up (MockAgent *self)
{
  mock_agent_lock (self);
  self->hangs_up = TRUE;
  mock_agent_wake (self);
  mock_agent_unlock (self);
}

void
mock_agent_stop_writing (MockAgent *self)
{
  mock_agent_lock (self);
  self->stops_writing = TRUE;
  mock_agent_wake (self);
  mock_agent_unlock (self);
}

void
mock_agent_set_piece (MockAgent *self, gsize n_bytes)
{
  mock_agent_lock (self);
  self->piece = n_bytes;
  mock_agent_wake (self);
  mock_agent_unlock (self);
}

/* --- what was heard ------------------------------------------------------------------------ */

static gboolean
matches (const MockAgentCommand *command, const char *name)
{
  return name != NULL ? g_str_equal (command->name, name) : !mock_agent_is_sync (command);
}

static guint
count (MockAgent *self, const char *name)
{
  guint n = 0;

  for (guint i = 0; i < self->commands->len; i++)
    n += matches (g_ptr_array_index (self->commands, i), name);
  return n;
}

static guint
count_syncs (MockAgent *self)
{
  return self->commands->len - count (self, NULL);
}

guint
mock_agent_count (MockAgent *self, const char *name)
{
  guint n;

  mock_agent_lock (self);
  n = count (self, name);
  mock_agent_unlock (self);
  return n;
}

guint
mock_agent_count_syncs (MockAgent *self)
{
  guint n;

  mock_agent_lock (self);
  n = count_syncs (self);
  mock_agent_unlock (self);
  return n;
}

const MockAgentCommand *
mock_agent_get_command (MockAgent *self, const char *name, guint n)
{
  const MockAgentCommand *found = NULL;

  g_assert_cmpuint (n, >, 0);
  mock_agent_lock (self);
  for (guint i = 0; i < self->commands->len && n > 0; i++)
    {
      found = g_ptr_array_index (self->commands, i);
      n -= matches (found, name);
    }
  mock_agent_unlock (self);
  if (n > 0)
    g_error ("of “%s”, %u more were expected", name != NULL ? name : "commands", n);
  return found;
}

const MockAgentCommand *
mock_agent_get_sync (MockAgent *self, guint n)
{
  const MockAgentCommand *found = NULL;

  g_assert_cmpuint (n, >, 0);
  mock_agent_lock (self);
  for (guint i = 0; i < self->commands->len && n > 0; i++)
    {
      found = g_ptr_array_index (self->commands, i);
      n -= mock_agent_is_sync (found) ? 1 : 0;
    }
  mock_agent_unlock (self);
  if (n > 0)
    g_error ("%u more syncs were expected", n);
  return found;
}

guint
mock_agent_count_out_of_sync (MockAgent *self)
{
  guint n;

  mock_agent_lock (self);
  n = self->n_out_of_sync;
  mock_agent_unlock (self);
  return n;
}

guint
mock_agent_count_overlapping (MockAgent *self)
{
  guint n;

  mock_agent_lock (self);
  n = self->n_overlapping;
  mock_agent_unlock (self);
  return n;
}

guint
mock_agent_count_nonsense (MockAgent *self)
{
  guint n;

  mock_agent_lock (self);
  n = self->n_nonsense;
  mock_agent_unlock (self);
  return n;
}

guint64
mock_agent_count_bytes_said (MockAgent *self)
{
  guint64 n;

  mock_agent_lock (self);
  n = self->n_said;
  mock_agent_unlock (self);
  return n;
}

/* --- waiting ------------------------------------------------------------------------------------ */

static gboolean
has_heard (MockAgent *self, const char *name, guint n)
{
  return count (self, name) >= n;
}

static gboolean
has_heard_syncs (MockAgent *self, const char *name, guint n)
{
  return count_syncs (self) >= n;
}

static gboolean
has_said (MockAgent *self, const char *name, guint n)
{
  return g_queue_is_empty (&self->chunks) && g_queue_is_empty (&self->inputs);
}

static gboolean
has_ended (MockAgent *self, const char *name, guint n)
{
  return self->client_gone;
}

static void
await_condition (MockAgent *self, Condition condition, const char *name, guint n)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  mock_agent_lock (self);
  self->waiting = g_slist_prepend (self->waiting, context);
  while (!condition (self, name, n))
    {
      if (self->client_gone)
        g_error ("awaited “%s” for the %u. time, and the client hung up", name != NULL ? name : "anything", n);
      mock_agent_unlock (self);
      g_main_context_iteration (context, TRUE);
      mock_agent_lock (self);
    }
  self->waiting = g_slist_remove (self->waiting, context);
  mock_agent_unlock (self);
}

void
mock_agent_await (MockAgent *self, const char *name, guint n)
{
  await_condition (self, has_heard, name, n);
}

void
mock_agent_await_syncs (MockAgent *self, guint n)
{
  await_condition (self, has_heard_syncs, "guest-sync", n);
}

void
mock_agent_await_said (MockAgent *self)
{
  await_condition (self, has_said, NULL, 0);
}

void
mock_agent_await_end (MockAgent *self)
{
  await_condition (self, has_ended, NULL, 0);
}
