/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "own-memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A part of a mapping at a time: what cannot be read is left out. */
#define PART ((gsize) 64 * 1024)

/* Larger ones are no heap, but what a sanitizer knows of all memory. */
#define LARGEST ((unsigned long) 256 * 1024 * 1024)

static gboolean
is_disguised_as (const char *bytes, const char *disguised, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if ((bytes[i] ^ 1) != disguised[i])
      return FALSE;
  return TRUE;
}

static guint
count_in_part (int memory, off_t from, gsize size, const char *disguised)
{
  gsize length = strlen (disguised);
  g_autofree char *bytes = g_malloc (size);
  gssize n = pread (memory, bytes, size, from);
  guint found = 0;

  for (gssize at = 0; at + (gssize) length <= n; at++)
    found += is_disguised_as (bytes + at, disguised, length);
  explicit_bzero (bytes, size);
  return found;
}

guint
own_memory_count (const char *disguised)
{
  gsize overlap = strlen (disguised) - 1;
  g_autofree char *maps = NULL;
  g_auto (GStrv) lines = NULL;
  int memory = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  guint found = 0;

  g_assert_cmpint (memory, >=, 0);
  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  lines = g_strsplit (maps, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      unsigned long from, to;

      if (sscanf (lines[i], "%lx-%lx rw", &from, &to) != 2 || strstr (lines[i], " rw") == NULL ||
          strstr (lines[i], "[stack") != NULL || strstr (lines[i], "[v") != NULL || to - from > LARGEST)
        continue;
      for (unsigned long at = from; at < to; at += PART)
        found += count_in_part (memory, (off_t) at, MIN (PART + overlap, to - at), disguised);
    }
  close (memory);
  return found;
}

void
own_memory_undisguise (const char *disguised, char *text)
{
  for (; *disguised != '\0'; disguised++, text++)
    *text = *disguised ^ 1;
  *text = '\0';
}

void
own_memory_forget (char *text)
{
  explicit_bzero (text, strlen (text));
}
