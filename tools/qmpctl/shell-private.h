/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

G_BEGIN_DECLS

/* What is typed in the shell: a command and its arguments. */
typedef struct
{
  char *command;
  char **words;      /* the arguments, as tool-values.h has them */
  gboolean secret;   /* nothing to be remembered */
} ShellLine;

/* `text` is COMMAND KEY=VALUE…, COMMAND {…}, or {"execute": …} as QMP has it. */
ShellLine *shell_line_parse (const char *text, GError **error);
void shell_line_free (ShellLine *line);

/* What may stand at the end of `text`, which is cut in mid-word: whole words
 * (transfer full), without those parts that stand before the last space or
 * equals sign. Asks the machine at hand for names of its nodes and devices. */
char **shell_complete (QmpConnection *connection, QmpSchema *schema, const char *text);

/* The names that an argument can have at this moment, by the argument's name;
 * added to `names`, of char *. */
void shell_add_live_names (QmpConnection *connection, const char *command, const char *argument, const char *beginning,
                           GPtrArray *names);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShellLine, shell_line_free)

G_END_DECLS
