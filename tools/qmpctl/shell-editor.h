/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

G_BEGIN_DECLS

/* The line that somebody types on the terminal: readline, in the main loop. A
 * process has one terminal, hence one editor. */

typedef void (*ShellEditorLine) (const char *text, gpointer user_data);

/* `on_line` is called with each line, and with NULL at the end of input. */
void shell_editor_start (const char *prompt, QmpConnection *connection, QmpSchema *schema, ShellEditorLine on_line,
                         gpointer user_data);
void shell_editor_end (void);

/* Takes the line away, with its prompt, while something else is written; and
 * brings it back as it was. */
void shell_editor_hide (void);
void shell_editor_show (void);

/* Forgets what is typed, as ^C does. */
void shell_editor_drop_line (void);

/* While a command is executed nothing can be typed. */
void shell_editor_pause (void);
void shell_editor_resume (void);

void shell_editor_remember (const char *text);

G_END_DECLS
