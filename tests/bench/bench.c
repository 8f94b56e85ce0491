/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Measures the library against a raw C client, both in the same run. */

#include "bench-fail.h"
#include "bench-rows.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>

/* How far a quick run, which is too short to be exact, may miss a goal. */
#define QUICK_SLACK 2

static gboolean as_json, check, quick, spread;
static int rounds;
static char *qemu, *agent, *qmpctl, *schema, **rows;

static const GOptionEntry options[] = {
  { "row", 'r', 0, G_OPTION_ARG_STRING_ARRAY, &rows, "Run this row (may be repeated)", "NAME" },
  { "rounds", 'n', 0, G_OPTION_ARG_INT, &rounds, "Rounds a row (9, when quick 3)", "N" },
  { "quick", 'q', 0, G_OPTION_ARG_NONE, &quick, "Small counts", NULL },
  { "check", 'c', 0, G_OPTION_ARG_NONE, &check,
    "Exit with 1 if a goal is missed (when quick: by a factor of two)", NULL },
  { "spread", 's', 0, G_OPTION_ARG_NONE, &spread, "Let servers and clients have processors of their own", NULL },
  { "json", 'j', 0, G_OPTION_ARG_NONE, &as_json, "Write JSON instead of a table", NULL },
  { "qemu", 0, 0, G_OPTION_ARG_FILENAME, &qemu, "A QEMU for the rows qemu and proxy (else $QEMU)", "PATH" },
  { "qmpctl", 0, 0, G_OPTION_ARG_FILENAME, &qmpctl, "A qmpctl for the row proxy (else $QMPCTL, qmpctl)", "PATH" },
  { "agent", 0, 0, G_OPTION_ARG_FILENAME, &agent, "A qemu-ga for the rows agent-… (else $QEMU_GA, qemu-ga)", "PATH" },
  { "schema", 0, 0, G_OPTION_ARG_FILENAME, &schema, "The value of a query-qmp-schema", "PATH" },
  G_OPTION_ENTRY_NULL,
};

static double
get_goal_value (const BenchFigure *figure)
{
  return figure->goal_is == BENCH_GOAL_RATIO ? figure->ratio : figure->library;
}

static gboolean
meets_goal (const BenchFigure *figure, double slack)
{
  return figure->goal_is == BENCH_GOAL_NONE || get_goal_value (figure) <= figure->goal * slack;
}

static void
print_head (const BenchSettings *settings)
{
  if (settings->cpu >= 0)
    g_print ("Servers, clients and all their threads pinned to CPU %d; ", settings->cpu);
  else
    g_print ("Not pinned to one CPU: servers and clients overlap; ");
  g_print ("%u rounds of raw, library, library, raw.\n"
           "A ratio is library to raw, the median of what each round gave.%s\n\n",
           settings->rounds, settings->quick ? " Quick: few operations, inexact." : "");
  g_print ("%-17s%-39s%9s %9s %-4s %6s  %s\n", "row", "what", "raw", "library", "unit", "ratio",
           "goal");
}

static char *
format_number (double number)
{
  if (isnan (number))
    return g_strdup ("-");
  return g_strdup_printf (number < 1 ? "%.3f" : "%.2f", number);
}

static void
print_figure (const BenchFigure *figure)
{
  g_autofree char *raw = format_number (figure->raw);
  g_autofree char *library = format_number (figure->library);
  g_autofree char *ratio = format_number (figure->ratio);

  g_print ("%-17s%-39s%9s %9s %-4s %6s", figure->row, figure->what, raw, library, figure->unit,
           ratio);
  if (figure->goal_is != BENCH_GOAL_NONE)
    g_print ("  %s <= %g%s", figure->goal_is == BENCH_GOAL_RATIO ? "ratio" : "library",
             figure->goal, meets_goal (figure, 1) ? "" : "  MISSED");
  g_print ("\n");
}

static void
append_number (JsonBuilder *builder, const char *name, double number)
{
  json_builder_set_member_name (builder, name);
  if (isnan (number))
    json_builder_add_null_value (builder);
  else
    json_builder_add_double_value (builder, number);
}

static void
append_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
append_figure (JsonBuilder *builder, const BenchFigure *figure)
{
  json_builder_begin_object (builder);
  append_text (builder, "row", figure->row);
  append_text (builder, "what", figure->what);
  append_text (builder, "unit", figure->unit);
  append_number (builder, "raw", figure->raw);
  append_number (builder, "library", figure->library);
  append_number (builder, "ratio", figure->ratio);
  if (figure->goal_is != BENCH_GOAL_NONE)
    {
      append_text (builder, "goal-is",
                   figure->goal_is == BENCH_GOAL_RATIO ? "ratio" : "library");
      append_number (builder, "goal", figure->goal);
      json_builder_set_member_name (builder, "met");
      json_builder_add_boolean_value (builder, meets_goal (figure, 1));
    }
  json_builder_end_object (builder);
}

static void
print_json (const BenchSettings *settings, GArray *figures)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "pinned-to-cpu");
  if (settings->cpu >= 0)
    json_builder_add_int_value (builder, settings->cpu);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "rounds");
  json_builder_add_int_value (builder, settings->rounds);
  json_builder_set_member_name (builder, "quick");
  json_builder_add_boolean_value (builder, settings->quick);
  json_builder_set_member_name (builder, "figures");
  json_builder_begin_array (builder);
  for (guint i = 0; i < figures->len; i++)
    append_figure (builder, &g_array_index (figures, BenchFigure, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

static gboolean
needs_qemu (const char *name)
{
  return g_str_equal (name, "qemu") || g_str_equal (name, "proxy");
}

static gboolean
is_wanted (const char *name)
{
  if (rows == NULL)
    return !needs_qemu (name) || qemu != NULL;
  return g_strv_contains ((const char *const *) rows, name);
}

static void
check_rows (void)
{
  for (guint i = 0; rows != NULL && rows[i] != NULL; i++)
    {
      const BenchRow *row = bench_rows;

      while (row->name != NULL && !g_str_equal (row->name, rows[i]))
        row++;
      if (row->name == NULL)
        bench_fail ("there is no row %s", rows[i]);
      if (needs_qemu (row->name) && qemu == NULL)
        bench_fail ("the row %s needs --qemu or QEMU", row->name);
    }
}

static void
run_rows (const BenchSettings *settings, GArray *figures)
{
  if (!as_json)
    print_head (settings);
  for (const BenchRow *row = bench_rows; row->name != NULL; row++)
    {
      guint n_before = figures->len;

      if (!is_wanted (row->name))
        continue;
      row->run (settings, figures);
      for (guint i = n_before; !as_json && i < figures->len; i++)
        print_figure (&g_array_index (figures, BenchFigure, i));
    }
  if (as_json)
    print_json (settings, figures);
}

static guint
count_missed (GArray *figures)
{
  guint n_missed = 0;

  for (guint i = 0; i < figures->len; i++)
    {
      const BenchFigure *figure = &g_array_index (figures, BenchFigure, i);

      if (meets_goal (figure, quick ? QUICK_SLACK : 1))
        continue;
      g_printerr ("qmp-bench: %s, %s: %.2f, the goal is %g\n", figure->row, figure->what,
                  get_goal_value (figure), figure->goal);
      n_missed++;
    }
  return n_missed;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GArray) figures = g_array_new (FALSE, FALSE, sizeof (BenchFigure));
  g_autoptr (GError) error = NULL;
  BenchSettings settings;

  setvbuf (stdout, NULL, _IOLBF, 0);
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    bench_fail ("%s", error->message);
  if (qemu == NULL)
    qemu = g_strdup (g_getenv ("QEMU"));
  if (agent == NULL)
    agent = g_strdup (g_getenv ("QEMU_GA") != NULL ? g_getenv ("QEMU_GA") : "qemu-ga");
  check_rows ();

  settings.rounds = rounds > 0 ? rounds : (quick ? 3 : 9);
  settings.quick = quick;
  settings.schema = schema;
  if (qmpctl == NULL)
    qmpctl = g_strdup (g_getenv ("QMPCTL") != NULL ? g_getenv ("QMPCTL") : "qmpctl");
  settings.qmpctl = qmpctl;
  settings.qemu = qemu;
  settings.agent = agent;
  settings.cpu = spread ? -1 : bench_pin ();
  run_rows (&settings, figures);
  return check && count_missed (figures) > 0 ? 1 : 0;
}
