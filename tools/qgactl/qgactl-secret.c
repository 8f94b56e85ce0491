/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl-secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define MOST 4096

typedef struct
{
  char text[MOST];
  gsize length;
} Secret;

static void
free_secret (gpointer secret)
{
  explicit_bzero (secret, sizeof (Secret));
  g_free (secret);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Secret, free_secret)

static gboolean
fail_errno (GError **error, const char *what)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", what, g_strerror (code));
  return FALSE;
}

/* --- bytes ------------------------------------------------------------------------------------ */

static gboolean
wait_for_input (ToolApp *app, int fd, GError **error)
{
  GCancellable *cancellable = tool_app_get_cancellable (app);
  struct pollfd fds[] = { { .fd = fd, .events = POLLIN }, { .fd = g_cancellable_get_fd (cancellable), .events = POLLIN } };

  while (poll (fds, G_N_ELEMENTS (fds), -1) < 0)
    if (errno != EINTR)
      return fail_errno (error, "Cannot wait for the password");
  g_cancellable_release_fd (cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* Up to the end; on a terminal, that of the line. */
static Secret *
read_all (ToolApp *app, int fd, gboolean line, GError **error)
{
  g_autoptr (Secret) secret = g_new0 (Secret, 1);

  for (;;)
    {
      gssize got;

      if (!wait_for_input (app, fd, error))
        return NULL;
      got = read (fd, secret->text + secret->length, MOST - secret->length);
      if (got < 0 && errno != EINTR)
        {
          fail_errno (error, "Cannot read the password");
          return NULL;
        }
      secret->length += (gsize) MAX (got, 0);
      if (secret->length == MOST)
        {
          g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "The password is too long");
          return NULL;
        }
      if (got == 0 || (line && memchr (secret->text, '\n', secret->length) != NULL))
        return g_steal_pointer (&secret);
    }
}

/* What ends the line is none of it. */
static gboolean
check (Secret *secret, GError **error)
{
  if (secret->length > 0 && secret->text[secret->length - 1] == '\n')
    secret->length--;
  if (secret->length > 0 && memchr (secret->text, '\n', secret->length) == NULL &&
      memchr (secret->text, '\0', secret->length) == NULL)
    return TRUE;
  g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE,
                       secret->length == 0 ? "The password is empty" : "A password is a single line");
  return FALSE;
}

/* --- the terminal --------------------------------------------------------------------------------- */

static Secret *
ask (ToolApp *app, int terminal, const char *prompt, GError **error)
{
  struct termios before, silent;
  Secret *secret;

  if (tcgetattr (terminal, &before) != 0)
    {
      fail_errno (error, "The terminal");
      return NULL;
    }
  silent = before;
  silent.c_lflag &= ~(tcflag_t) ECHO;
  silent.c_lflag |= ECHONL;
  tcsetattr (terminal, TCSAFLUSH, &silent);
  (void) !write (terminal, prompt, strlen (prompt));
  secret = read_all (app, terminal, TRUE, error);
  tcsetattr (terminal, TCSAFLUSH, &before);
  if (secret == NULL)
    (void) !write (terminal, "\n", 1);
  return secret;
}

static Secret *
ask_twice (ToolApp *app, int terminal, const char *prompt, GError **error)
{
  g_autofree char *first_prompt = g_strconcat (prompt, ": ", NULL);
  g_autofree char *second_prompt = g_strconcat (prompt, ", once more: ", NULL);
  g_autoptr (Secret) first = ask (app, terminal, first_prompt, error);
  g_autoptr (Secret) second = first != NULL ? ask (app, terminal, second_prompt, error) : NULL;

  if (second == NULL)
    return NULL;
  if (first->length == second->length && memcmp (first->text, second->text, first->length) == 0)
    return g_steal_pointer (&first);
  g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "These are two passwords");
  return NULL;
}

/* --- from wherever it comes --------------------------------------------------------------------------- */

static Secret *
read_from (ToolApp *app, const char *prompt, const char *file, int fd, GError **error)
{
  gboolean opened = file != NULL && strcmp (file, "-") != 0;
  Secret *secret;

  if (file == NULL && fd < 0 && isatty (STDIN_FILENO) == 1)
    return ask_twice (app, STDIN_FILENO, prompt, error);
  if (opened)
    fd = open (file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  else if (fd < 0)
    fd = STDIN_FILENO;
  if (fd < 0)
    {
      fail_errno (error, file);
      return NULL;
    }
  secret = read_all (app, fd, FALSE, error);
  if (opened)
    close (fd);
  return secret;
}

GBytes *
qgactl_read_secret (ToolApp *app, const char *prompt, const char *file, int fd, GError **error)
{
  g_autoptr (Secret) secret = read_from (app, prompt, file, fd, error);
  Secret *kept;

  if (secret == NULL || !check (secret, error))
    return NULL;
  kept = g_steal_pointer (&secret);
  return g_bytes_new_with_free_func (kept->text, kept->length, free_secret, kept);
}
