/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-app.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "tool-complete.h"
#include "tool-interrupt.h"
#include "tool-output.h"
#include "tool-progress.h"

G_DEFINE_QUARK (tool-error-quark, tool_error)

struct _ToolApp
{
  const ToolDescription *description;
  const ToolVerb *verb;
  char *address;
  GCancellable *cancellable;
  gboolean json;
  gboolean version;
  double timeout;   /* in seconds; G_MAXDOUBLE if not given */
  int status;
  const char *beginning;  /* of an option that is to be completed, or NULL */
};

/* --- what a verb asks for ----------------------------------------------------- */

const char *
tool_app_get_address (ToolApp *app)
{
  return app->address;
}

GCancellable *
tool_app_get_cancellable (ToolApp *app)
{
  return app->cancellable;
}

gboolean
tool_app_wants_json (ToolApp *app)
{
  return app->json;
}

int
tool_app_get_timeout (ToolApp *app)
{
  return app->timeout > G_MAXINT ? -1 : (int) MIN (app->timeout * 1000, (double) (G_MAXINT - 1));
}

void
tool_app_set_status (ToolApp *app, int status)
{
  app->status = status;
}

void
tool_app_begin_cleanup (ToolApp *app)
{
  g_clear_object (&app->cancellable);
  app->cancellable = g_cancellable_new ();
}

void
tool_app_renew_interrupt (ToolApp *app)
{
  g_clear_object (&app->cancellable);
  app->cancellable = tool_interrupt_renew ();
}

void
tool_app_mark_connection_error (GError **error)
{
  if (error == NULL || *error == NULL || g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return;

  (*error)->domain = TOOL_ERROR;
  (*error)->code = TOOL_ERROR_CONNECTION;
}

/* --- options ------------------------------------------------------------------ */

static void
add_common_options (ToolApp *app, GOptionContext *context)
{
  const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, &app->json, "Print JSON, for programs", NULL },
    { "timeout", 't', 0, G_OPTION_ARG_DOUBLE, &app->timeout, "Give up after so many seconds", "SECONDS" },
    { NULL },
  };
  GOptionGroup *group = g_option_group_new ("common", "Options of every verb:", "Options of every verb", NULL, NULL);

  if (app->beginning != NULL)
    tool_complete_options (app->beginning, entries);
  g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);
}

static gboolean
parse_options (ToolApp *app, GOptionContext *context, int *argc, char ***argv, GError **error)
{
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1 && strcmp ((*argv)[1], "--") == 0)
    {
      memmove (&(*argv)[1], &(*argv)[2], sizeof (char *) * (gsize) (*argc - 1));
      --*argc;
    }
  if (app->timeout >= 0)
    return TRUE;

  g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "A timeout cannot be negative");
  return FALSE;
}

static gboolean
check_count (ToolApp *app, int count, int least, int most, GError **error)
{
  if (count >= least && (most < 0 || count <= most))
    return TRUE;

  g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "%s arguments for \"%s\".\nUsage: %s%s %s %s",
               count < least ? "Too few" : "Too many", app->verb->name, app->description->name,
               app->verb->flags & TOOL_VERB_NO_ADDRESS ? "" : " ADDRESS", app->verb->name, app->verb->synopsis);
  return FALSE;
}

static gboolean
parse_verb (ToolApp *app, const GOptionEntry *entries, gboolean strictly, int *argc, char ***argv,
            int least, int most, GError **error)
{
  g_autoptr (GOptionContext) context = NULL;
  g_autofree char *parameters = NULL;

  parameters = g_strdup_printf ("%s%s %s", app->verb->flags & TOOL_VERB_NO_ADDRESS ? "" : "ADDRESS ", app->verb->name,
                                app->verb->synopsis);
  context = g_option_context_new (parameters);
  g_option_context_set_summary (context, app->verb->summary);
  g_option_context_set_description (context, app->verb->description);
  g_option_context_set_strict_posix (context, strictly);
  add_common_options (app, context);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  if (app->beginning != NULL)
    {
      tool_complete_options (app->beginning, entries);
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "Only its options are wanted");
      return FALSE;
    }

  return parse_options (app, context, argc, argv, error) && check_count (app, *argc - 1, least, most, error);
}

gboolean
tool_app_parse (ToolApp *app, const GOptionEntry *entries, int *argc, char ***argv, int least, int most, GError **error)
{
  return parse_verb (app, entries, FALSE, argc, argv, least, most, error);
}

gboolean
tool_app_parse_strictly (ToolApp *app, const GOptionEntry *entries, int *argc, char ***argv, int least, int most,
                         GError **error)
{
  return parse_verb (app, entries, TRUE, argc, argv, least, most, error);
}

/* --- which verb, at which address ------------------------------------------------- */

static const ToolVerb *
find_verb (const ToolDescription *description, const char *name)
{
  for (const ToolVerb *const *verb = description->verbs; *verb != NULL; verb++)
    if (g_strcmp0 ((*verb)->name, name) == 0)
      return *verb;
  return NULL;
}

static char *
list_verbs (const ToolDescription *description)
{
  GString *text = g_string_new ("Verbs:\n");

  for (const ToolVerb *const *verb = description->verbs; *verb != NULL; verb++)
    g_string_append_printf (text, "  %-12s %s\n", (*verb)->name, (*verb)->summary);
  g_string_append_printf (text, "\nADDRESS is /path, unix:/path, tcp:host:port, tls:host:port, vsock:cid:port or fd:N;\n"
                          "it can be left out where $%s has one. \"%s VERB --help\" tells more.",
                          description->address_variable, description->name);
  return g_string_free (text, FALSE);
}

char *
tool_make_address (const char *text)
{
  return strchr (text, ':') == NULL && *text != '\0' ? g_canonicalize_filename (text, NULL) : g_strdup (text);
}

/* Of two words that are none, which was to be the verb. */
static gboolean
looks_like_address (const char *word)
{
  return strpbrk (word, "/:") != NULL || g_file_test (word, G_FILE_TEST_EXISTS);
}

/* Takes ADDRESS and VERB off the arguments; argv[0] is the verb afterwards. */
static gboolean
choose_verb (ToolApp *app, int *argc, char ***argv, GError **error)
{
  const char *variable = g_getenv (app->description->address_variable);
  const char *name = *argc > 1 ? (*argv)[1] : "";
  int at = 1;

  app->verb = *argc > 1 ? find_verb (app->description, (*argv)[1]) : NULL;
  if (app->verb == NULL && *argc > 2)
    {
      app->verb = find_verb (app->description, (*argv)[2]);
      app->address = tool_make_address ((*argv)[1]);
      name = looks_like_address (name) ? (*argv)[2] : name;
      at = 2;
    }
  else if (variable != NULL && *variable != '\0')
    app->address = tool_make_address (variable);

  *argc -= at;
  *argv += at;
  if (app->verb != NULL && (app->address != NULL || app->verb->flags & TOOL_VERB_NO_ADDRESS))
    return TRUE;

  /* help is given without an address */
  for (int i = 1; app->verb != NULL && i < *argc; i++)
    if (strcmp ((*argv)[i], "--help") == 0 || strcmp ((*argv)[i], "-h") == 0)
      return TRUE;
  if (app->verb != NULL)
    g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "No address: \"%s ADDRESS %s\", or set $%s",
                 app->description->name, app->verb->name, app->description->address_variable);
  else if (at == 1 && looks_like_address (name))
    g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "There is a verb missing after \"%s\"; \"%s --help\" lists them",
                 name, app->description->name);
  else
    g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "No verb \"%s\"; \"%s --help\" lists them",
                 name, app->description->name);
  return FALSE;
}

/* For shells: the words so far, of which the last is to be completed. */
static void
complete (ToolApp *app, const char *const *words)
{
  guint at = 0, count = g_strv_length ((char **) words);
  g_autoptr (GError) ignored = NULL;
  char *argv[] = { NULL, NULL };
  char **arguments = argv;

  if (count == 0)
    return;
  app->verb = count > 1 ? find_verb (app->description, words[0]) : NULL;
  if (app->verb == NULL && count > 2)
    app->verb = find_verb (app->description, words[at = 1]);
  if (app->verb == NULL)
    {
      if (count <= 2)
        tool_complete_verbs (words[count - 1], app->description);
      return;
    }
  if (*words[count - 1] != '-')
    {
      tool_complete_argument (app->verb, words + at + 1);
      return;
    }

  /* a verb that has no address for now ends where it reads its options */
  app->beginning = words[count - 1];
  argv[0] = (char *) app->verb->name;
  (void) app->verb->run (app, 1, arguments, &ignored);
}

static gboolean
parse_first_options (ToolApp *app, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, &app->version, "Print the version", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("ADDRESS VERB …");
  g_autofree char *verbs = list_verbs (app->description);

  g_option_context_set_summary (context, app->description->summary);
  g_option_context_set_description (context, verbs);
  g_option_context_set_strict_posix (context, TRUE);
  add_common_options (app, context);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!parse_options (app, context, argc, argv, error))
    return FALSE;
  if (*argc == 1 && !app->version)
    {
      g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

      fputs (help, stderr);
    }
  return TRUE;
}

static gboolean
parse_and_run (ToolApp *app, int argc, char **argv, GError **error)
{
  if (argc > 1 && strcmp (argv[1], "--complete") == 0)
    {
      complete (app, (const char *const *) argv + 2);
      return TRUE;
    }
  /* the first word that is none ends the options, so mostly there are none */
  if ((argc == 1 || *argv[1] == '-') && !parse_first_options (app, &argc, &argv, error))
    return FALSE;
  if (app->version)
    {
      tool_print ("%s %s\n", app->description->name, TOOL_VERSION);
      return TRUE;
    }
  if (argc == 1)
    {
      app->status = TOOL_STATUS_USAGE;
      return TRUE;
    }
  return choose_verb (app, &argc, &argv, error) && app->verb->run (app, argc, argv, error);
}

/* --- the end ---------------------------------------------------------------------- */

static int
get_status (const ToolVerb *verb, const GError *error)
{
  if (verb != NULL && verb->failed_status != 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return verb->failed_status;
  if (error->domain == G_OPTION_ERROR || g_error_matches (error, TOOL_ERROR, TOOL_ERROR_USAGE))
    return TOOL_STATUS_USAGE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TOOL_STATUS_INTERRUPTED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return TOOL_STATUS_TIMED_OUT;
  if (g_error_matches (error, TOOL_ERROR, TOOL_ERROR_CONNECTION) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return TOOL_STATUS_CONNECTION;
  return TOOL_STATUS_FAILED;
}

int
tool_app_main (const ToolDescription *description, int argc, char **argv)
{
  ToolApp app = { .description = description, .timeout = G_MAXDOUBLE };
  g_autoptr (GError) error = NULL;

  /* of numbers and dates the form is ours, and a category costs its time */
  setlocale (LC_CTYPE, "");
  setlocale (LC_MESSAGES, "");
  g_set_prgname (description->name);
  app.cancellable = tool_interrupt_watch ();

  if (!parse_and_run (&app, argc, argv, &error))
    app.status = get_status (app.verb, error);
  tool_progress_clear ();
  if (error == NULL && !tool_output_flush (&error))
    app.status = TOOL_STATUS_FAILED;
  /* who pressed ^C knows that, and who closed the pipe too */
  if (error != NULL && app.status != TOOL_STATUS_INTERRUPTED && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    tool_complain ("%s", error->message);

  g_clear_object (&app.cancellable);
  g_free (app.address);
  return app.status;
}
