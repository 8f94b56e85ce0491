/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-complete.h"

#include "tool-output.h"

static void
print_word (const char *beginning, const char *word, const char *meaning)
{
  if (g_str_has_prefix (word, beginning))
    tool_print ("%s\t%s\n", word, meaning);
}

void
tool_complete_verbs (const char *beginning, const ToolDescription *description)
{
  for (const ToolVerb *const *verb = description->verbs; *verb != NULL; verb++)
    print_word (beginning, (*verb)->name, (*verb)->summary);
}

void
tool_complete_options (const char *beginning, const GOptionEntry *entries)
{
  for (; entries != NULL && entries->long_name != NULL; entries++)
    {
      g_autofree char *word = g_strconcat ("--", entries->long_name, NULL);

      if (*entries->long_name != '\0')
        print_word (beginning, word, entries->description);
    }
}

void
tool_complete_argument (const ToolVerb *verb, const char *const *words)
{
  guint count = g_strv_length ((char **) words);
  g_autofree const char **before = g_memdup2 (words, sizeof (char *) * (count + 1));
  g_auto (GStrv) found = NULL;

  before[count - 1] = NULL;
  found = verb->suggest != NULL ? verb->suggest (before) : NULL;
  for (guint i = 0; found != NULL && found[i] != NULL; i++)
    print_word (words[count - 1], found[i], "");
}
