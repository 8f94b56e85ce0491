/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl-words.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tool-text.h"

/* What is kept before it is shown, and how long a line may get. */
#define MOST 65536

struct _QmpctlWords
{
  int fd;
  GThread *thread;
  GMutex lock;
  GString *waiting;  /* the beginning of a line, or all before it is shown */
  gboolean shown;
};

/* Up to the last line end, or all of it. */
static void
print (QmpctlWords *words, gboolean all)
{
  char *end = memrchr (words->waiting->str, '\n', words->waiting->len);
  gsize length = all ? words->waiting->len : end != NULL ? (gsize) (end - words->waiting->str) + 1 : 0;
  g_autofree char *clean = tool_text_to_lines (words->waiting->str, (gssize) length);

  if (length == 0)
    return;
  fprintf (stderr, "%s%s", clean, words->waiting->str[length - 1] == '\n' ? "" : "\n");
  g_string_erase (words->waiting, 0, (gssize) length);
}

static void
take (QmpctlWords *words, const char *text, gsize length)
{
  g_mutex_lock (&words->lock);
  for (gsize i = 0; i < length; i++)
    if (text[i] != '\r')
      g_string_append_c (words->waiting, text[i]);
  if (words->shown)
    print (words, words->waiting->len > MOST);
  else if (words->waiting->len > MOST)
    g_string_erase (words->waiting, 0, (gssize) (words->waiting->len - MOST));
  g_mutex_unlock (&words->lock);
}

static gpointer
read_words (gpointer data)
{
  QmpctlWords *words = data;
  char text[4096];
  ssize_t n;

  while ((n = read (words->fd, text, sizeof text)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0)
      take (words, text, (gsize) n);
  return NULL;
}

QmpctlWords *
qmpctl_words_new (int *fd, GError **error)
{
  QmpctlWords *words;
  int fds[2];

  if (!g_unix_open_pipe (fds, FD_CLOEXEC, error))
    return NULL;
  words = g_new0 (QmpctlWords, 1);
  words->fd = fds[0];
  *fd = fds[1];
  words->waiting = g_string_new (NULL);
  g_mutex_init (&words->lock);
  words->thread = g_thread_new ("words", read_words, words);
  return words;
}

void
qmpctl_words_show (QmpctlWords *words)
{
  g_mutex_lock (&words->lock);
  words->shown = TRUE;
  print (words, FALSE);
  g_mutex_unlock (&words->lock);
}

void
qmpctl_words_free (QmpctlWords *words)
{
  g_thread_join (words->thread);
  if (words->shown)
    print (words, TRUE);
  close (words->fd);
  g_string_free (words->waiting, TRUE);
  g_mutex_clear (&words->lock);
  g_free (words);
}
