/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What both tools are: an address, a verb, its arguments; one cancellable for
 * ^C, one deadline, one way to end. Verbs block: nothing else goes on. */

/* How a tool ends. They are documented, and stay. */
typedef enum
{
  TOOL_STATUS_OK = 0,
  TOOL_STATUS_FAILED = 1,       /* the peer refused it, or it went wrong */
  TOOL_STATUS_USAGE = 2,
  TOOL_STATUS_CONNECTION = 3,   /* cannot connect, or the connection is lost */
  TOOL_STATUS_TIMED_OUT = 4,
  TOOL_STATUS_INTERRUPTED = 130,
} ToolStatus;

typedef enum
{
  TOOL_ERROR_USAGE,
  TOOL_ERROR_CONNECTION,
  TOOL_ERROR_FAILED,
} ToolError;

#define TOOL_ERROR (tool_error_quark ())
GQuark tool_error_quark (void);

typedef struct _ToolApp ToolApp;

typedef enum
{
  TOOL_VERB_NONE = 0,
  TOOL_VERB_NO_ADDRESS = 1 << 0,  /* `qmpctl VERB …` */
} ToolVerbFlags;

typedef struct
{
  const char *name;
  const char *synopsis;     /* "COMMAND [KEY=VALUE…]" */
  const char *summary;      /* one line, for the list of verbs */
  const char *description;  /* more, for `help VERB`; nullable */
  gboolean (*run) (ToolApp *app, int argc, char **argv, GError **error);
  ToolVerbFlags flags;
  int failed_status;        /* when it fails itself, where ToolStatus is taken; or 0 */

  /* What its next argument can be (transfer full), after those in `words`; for
   * the completion of shells; nullable. */
  char **(*suggest) (const char *const *words);
} ToolVerb;

typedef struct
{
  const char *name;              /* "qmpctl" */
  const char *address_variable;  /* "QMP_ADDRESS" */
  const char *summary;
  const ToolVerb *const *verbs;  /* ends with NULL */
} ToolDescription;

/* The whole of main (). */
int tool_app_main (const ToolDescription *description, int argc, char **argv);

/* For a verb: reads its options, if it has any, and those of every verb.
 * argv[0] is the verb; what is left in argv are its arguments, and there have
 * to be from `least` to `most` of them (-1: any number). A verb with
 * tool_app_parse_strictly () has its options before its first argument alone. */
gboolean tool_app_parse (ToolApp *app, const GOptionEntry *entries, int *argc, char ***argv,
                         int least, int most, GError **error);
gboolean tool_app_parse_strictly (ToolApp *app, const GOptionEntry *entries, int *argc, char ***argv,
                                  int least, int most, GError **error);

/* An address as it is typed: a path may be relative, too, which neither library
 * takes. */
char *tool_make_address (const char *text);

const char *tool_app_get_address (ToolApp *app);
GCancellable *tool_app_get_cancellable (ToolApp *app);
gboolean tool_app_wants_json (ToolApp *app);

/* In milliseconds; -1 unless the user gave one. */
int tool_app_get_timeout (ToolApp *app);

/* A verb that succeeds ends with this in place of 0. */
void tool_app_set_status (ToolApp *app, int status);

/* What cleans up after ^C cannot be cancelled by it: from here on, a new
 * cancellable counts (the second ^C ends the process all the same). */
void tool_app_begin_cleanup (ToolApp *app);

/* What goes on after ^C: from here on, a new cancellable counts, and the next
 * ^C is a first one again. */
void tool_app_renew_interrupt (ToolApp *app);

/* Marks an error of opening a connection, so that it has its own status. */
void tool_app_mark_connection_error (GError **error);

G_END_DECLS
