/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl-loop.h"
#include "replay.h"
#include "tool-output.h"

typedef struct
{
  gboolean once;
  gboolean gone;
} Audience;

static void
on_client_removed (QmpServer *server, QmpServerClient *client, const GError *error, gpointer user_data)
{
  Audience *audience = user_data;
  g_autoptr (GPtrArray) clients = qmp_server_get_clients (server);

  if (audience->once && clients->len == 0)
    audience->gone = TRUE;
}

static gboolean
is_gone (gpointer audience)
{
  return ((Audience *) audience)->gone;
}

/* Until the last client has gone, if that is wanted, or ^C. */
static void
play (ToolApp *app, Replay *replay, gboolean once)
{
  Audience audience = { once, FALSE };
  gulong removed = g_signal_connect (replay_get_server (replay), "client-removed", G_CALLBACK (on_client_removed), &audience);

  (void) qmpctl_run_until (app, is_gone, &audience, -1, NULL);
  g_signal_handler_disconnect (replay_get_server (replay), removed);
}

/* A strict one tells whether the clients did what was recorded. */
static gboolean
judge (Replay *replay, GError **error)
{
  const char *deviation = replay_get_deviation (replay);

  if (deviation == NULL && replay_is_complete (replay))
    return TRUE;
  g_set_error (error, TOOL_ERROR, TOOL_ERROR_FAILED, "%s", deviation != NULL ? deviation : "Not all of the talk was heard");
  return FALSE;
}

static gboolean
run (ToolApp *app, int argc, char **argv, GError **error)
{
  gboolean strict = FALSE, timed = FALSE, once = FALSE;
  const GOptionEntry entries[] = {
    { "strict", 's', 0, G_OPTION_ARG_NONE, &strict, "Fail unless commands come as they were recorded", NULL },
    { "timed", 'T', 0, G_OPTION_ARG_NONE, &timed, "As slow as it was", NULL },
    { "once", '1', 0, G_OPTION_ARG_NONE, &once, "End when the last client has gone", NULL },
    { NULL },
  };
  g_autoptr (Replay) replay = NULL;
  g_autofree char *address = NULL;
  g_autofree char *where = NULL;
  Talk *talk;

  if (!tool_app_parse (app, entries, &argc, &argv, 2, 2, error))
    return FALSE;
  talk = talk_read (argv[1], error);
  if (talk == NULL)
    return FALSE;
  replay = replay_new (talk, (strict ? REPLAY_STRICT : REPLAY_NONE) | (timed ? REPLAY_TIMED : REPLAY_NONE));
  address = tool_make_address (argv[2]);
  where = qmp_server_listen (replay_get_server (replay), address, error);
  if (where == NULL)
    return FALSE;

  tool_print ("%s\n", where);
  if (!tool_output_flush (error))
    return FALSE;
  play (app, replay, once);
  return !strict || judge (replay, error);
}

const ToolVerb qmpctl_replay = {
  .name = "replay",
  .synopsis = "FILE LISTEN",
  .summary = "Play QEMU's part of a talk that \"record\" wrote",
  .description =
    "LISTEN is /path or tcp:IP:port, and is printed as soon as clients may come. A command gets the reply that it got\n"
    "when it was recorded with these arguments, or else with others, and the last such again and again; events come in\n"
    "between, where they were. Clients may come and go. Ends at ^C.\n"
    "\n"
    "With --strict, commands and their arguments have to come in the recorded order; if they do not, or not all of\n"
    "them, it ends with status 1 and says where.",
  .run = run,
  .flags = TOOL_VERB_NO_ADDRESS,
};
