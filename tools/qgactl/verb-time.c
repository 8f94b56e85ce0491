/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include <string.h>

#include "qgactl-print.h"
#include "tool-json.h"
#include "tool-output.h"

#define NS_PER_SECOND G_GINT64_CONSTANT (1000000000)
#define NS_PER_US 1000

/* 2026-11-21 16:50:00.123 */
static char *
format_moment (gint64 ns, gint64 offset)
{
  gint64 seconds = ns / NS_PER_SECOND;
  g_autoptr (GDateTime) time = ABS (offset) <= 86400 ? g_date_time_new_from_unix_utc (seconds + offset) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : NULL;

  return text != NULL ? g_strdup_printf ("%s.%03d", text, (int) (ABS (ns % NS_PER_SECOND) / 1000000)) : NULL;
}

/* How far the guest's clock is from this one's: the reply is as old as the
 * half of what the call took, so no more than that is known. */
static char *
compare_clocks (gint64 ns, gint64 before, gint64 after)
{
  double here = (double) before / 2e6 + (double) after / 2e6;
  double seconds = (double) ns / 1e9 - here;
  double doubt = (double) (after - before) / 2e6;

  if (ABS (seconds) <= MAX (doubt, 0.05))
    return g_strdup ("as this machine's");
  return g_strdup_printf ("%.3f s %s this machine's", ABS (seconds), seconds > 0 ? "ahead of" : "behind");
}

static void
print_time (ToolApp *app, gint64 ns, QgaGuestTimezone *zone, const char *clock)
{
  g_autofree char *universal = format_moment (ns, 0);
  g_autofree char *local = zone != NULL ? format_moment (ns, qga_guest_timezone_get_offset (zone)) : NULL;
  const char *name = zone != NULL ? qga_guest_timezone_get_zone (zone) : NULL;
  g_autofree char *there = local != NULL ? g_strdup_printf ("%s %s", local, name != NULL ? name : "") : NULL;
  g_autofree char *zone_json = zone != NULL ? qga_struct_to_json (QGA_STRUCT (zone)) : g_strdup ("null");

  if (tool_app_wants_json (app))
    {
      g_autofree char *json = g_strdup_printf ("{\"time\":%" G_GINT64_FORMAT ",\"timezone\":%s}", ns, zone_json);

      tool_json_print (json, TRUE);
      return;
    }
  qgactl_print_field ("Time", universal != NULL ? universal : "beyond what can be shown");
  qgactl_print_field ("Local", there);
  qgactl_print_field ("Clock", clock);
}

static gboolean
show (ToolApp *app, QgaConnection *connection, GError **error)
{
  GCancellable *cancellable = tool_app_get_cancellable (app);
  gint64 before = g_get_real_time (), after, ns;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (QgaGuestTimezone) zone = NULL;
  g_autofree char *clock = NULL;

  ns = qga_connection_guest_get_time (connection, cancellable, &wrong);
  after = g_get_real_time ();
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  clock = compare_clocks (ns, before, after);
  /* not all of them know */
  zone = qga_connection_guest_get_timezone (connection, cancellable, NULL);
  print_time (app, ns, zone, clock);
  return TRUE;
}

/* ISO 8601; without a zone, this machine's. */
static gboolean
read_time (const char *text, gint64 *ns, GError **error)
{
  g_autoptr (GTimeZone) here = g_time_zone_new_local ();
  g_autofree char *with_t = g_strdelimit (g_strdup (text), " ", 'T');
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (with_t, here);

  if (time == NULL)
    {
      g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "\"%s\" is no time such as 2026-11-21T16:50:00, nor \"now\"", text);
      return FALSE;
    }
  *ns = g_date_time_to_unix (time) * NS_PER_SECOND + g_date_time_get_microsecond (time) * NS_PER_US;
  return TRUE;
}

/* Without a time the agent takes that of the guest's hardware clock. */
static gboolean
set (ToolApp *app, QgaConnection *connection, const char *text, gint64 ns, GError **error)
{
  g_autoptr (QgaGuestSetTimeArguments) arguments = text != NULL ? qga_guest_set_time_arguments_new () : NULL;

  if (arguments != NULL)
    qga_guest_set_time_arguments_set_time (arguments, strcmp (text, "now") == 0 ? g_get_real_time () * NS_PER_US : ns);
  return qga_connection_guest_set_time (connection, arguments, tool_app_get_cancellable (app), error) &&
         show (app, connection, error);
}

static gboolean
run_time (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = NULL;
  const char *text;
  gint64 ns = 0;

  if (!tool_app_parse (app, NULL, &argc, &argv, 0, 2, error))
    return FALSE;
  text = argc > 2 ? argv[2] : NULL;
  if (argc > 1 && strcmp (argv[1], "set") != 0)
    {
      g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "\"time %s\": it is \"time\", or \"time set\"", argv[1]);
      return FALSE;
    }
  if (text != NULL && strcmp (text, "now") != 0 && !read_time (text, &ns, error))
    return FALSE;
  connection = qgactl_connect (app, error);
  if (connection == NULL)
    return FALSE;
  return argc > 1 ? set (app, connection, text, ns, error) : show (app, connection, error);
}

static char **
suggest (const char *const *words)
{
  const char *const first[] = { "set", NULL };
  const char *const second[] = { "now", NULL };

  return words[0] == NULL ? g_strdupv ((char **) first) : words[1] == NULL ? g_strdupv ((char **) second) : NULL;
}

const ToolVerb qgactl_time = {
  .name = "time",
  .synopsis = "[set [now | TIME]]",
  .summary = "The guest's clock, or set it",
  .description =
    "\"time set\" takes the time of the guest's hardware clock, as after a suspend; \"time set now\" this machine's;\n"
    "\"time set 2026-11-21T16:50:00Z\" that one, and without a zone it is one of this machine's.\n"
    "With --json: {\"time\": NANOSECONDS since 1970, \"timezone\": what guest-get-timezone returns, or null}.",
  .run = run_time,
  .suggest = suggest,
};
