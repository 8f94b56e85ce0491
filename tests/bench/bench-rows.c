/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-rows.h"

#include "bench-fail.h"
#include "bench-server.h"
#include "library-client.h"
#include "raw-client.h"
#include "syscall-count.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <time.h>

#define N_CONNECTIONS 1000

/* Two clients, each with a server of its own, and what they are to do. */
typedef struct
{
  BenchServer *raw_server, *library_server;
  RawClient *raw;
  LibraryClient *library;
  const char *command;
  LibraryForm form;
  guint window;
} Pair;

static void
pair_open (Pair *pair, const BenchSettings *settings)
{
  pair->raw_server = bench_server_start (1, settings->schema);
  pair->library_server = bench_server_start (1, settings->schema);
  pair->raw = raw_client_new (bench_server_take_fd (pair->raw_server, 0));
  pair->library = library_client_new (bench_server_take_fd (pair->library_server, 0));
}

static void
pair_close (Pair *pair)
{
  raw_client_free (pair->raw);
  library_client_free (pair->library);
  bench_server_stop (pair->raw_server);
  bench_server_stop (pair->library_server);
}

static void
raw_sequential (gpointer data, guint count)
{
  Pair *pair = data;

  raw_client_sequential (pair->raw, pair->command, count);
}

static void
raw_pipelined (gpointer data, guint count)
{
  Pair *pair = data;

  raw_client_pipelined (pair->raw, pair->command, count);
}

static void
raw_events (gpointer data, guint count)
{
  Pair *pair = data;

  raw_client_events (pair->raw, pair->command, count);
}

static void
library_run (gpointer data, guint count)
{
  Pair *pair = data;

  library_client_run (pair->library, pair->command, pair->form, pair->window, count);
}

static void
library_events (gpointer data, guint count)
{
  Pair *pair = data;

  library_client_events (pair->library, pair->command, count);
}

static void
library_blocking (gpointer data, guint count)
{
  Pair *pair = data;

  library_client_blocking (pair->library, pair->command, count);
}

/* Appends how the two sides of an open pair compare in time. */
static void
add_times (const BenchSettings *settings, GArray *figures, BenchFigure figure, Pair *pair,
           BenchWork raw, BenchWork library, guint count)
{
  BenchTimes times = bench_compare (settings, BENCH_CLOCK_WALL, (BenchSide){ raw, pair },
                                    (BenchSide){ library, pair }, count);

  figure.unit = "us";
  figure.raw = times.raw;
  figure.library = times.library;
  figure.ratio = times.ratio;
  g_array_append_val (figures, figure);
}

static void
add_bytes_sent (GArray *figures, const char *row, Pair *pair)
{
  enum { COUNT = 1000 };
  guint64 raw = raw_client_get_received (pair->raw);
  guint64 library = library_client_get_received (pair->library);
  BenchFigure figure = { row, "bytes sent per query-status", "B", 0, 0, NAN, BENCH_GOAL_NONE, 0 };

  raw_client_sequential (pair->raw, "query-status", COUNT);
  library_client_run (pair->library, "query-status", LIBRARY_FORM_VALUE, 1, COUNT);
  figure.raw = (double) (raw_client_get_received (pair->raw) - raw) / (COUNT + 1);
  figure.library = (double) (library_client_get_received (pair->library) - library) / (COUNT + 1);
  g_array_append_val (figures, figure);
}

static gpointer
set_up_raw (gpointer server)
{
  return raw_client_new (bench_server_take_fd (server, 0));
}

static gpointer
set_up_library (gpointer server)
{
  return library_client_new (bench_server_take_fd (server, 0));
}

static void
count_raw (gpointer client, guint count)
{
  raw_client_sequential (client, "small", count);
}

static void
count_async (gpointer client, guint count)
{
  library_client_run (client, "small", LIBRARY_FORM_VALUE, 1, count);
}

static void
count_blocking (gpointer client, guint count)
{
  library_client_blocking (client, "small", count);
}

static double
count_calls (SyscallSetUp set_up, SyscallWork work)
{
  BenchServer *server = bench_server_start (1, NULL);
  double n_calls = syscall_count (set_up, server, work, 1000);

  bench_server_stop (server);
  /* To a tenth: now and then malloc asks for memory. */
  return n_calls >= 0 ? round (n_calls * 10) / 10 : NAN;
}

/* A goal that is not to be had without tracing is neither met nor missed. */
static void
add_system_calls (GArray *figures, const char *row, SyscallWork library, double goal)
{
  BenchFigure figure = { row, "system calls per call", "",   count_calls (set_up_raw, count_raw),
                         0,   NAN,                     BENCH_GOAL_LIBRARY, goal };

  figure.library = count_calls (set_up_library, library);
  if (isnan (figure.library))
    figure.goal_is = BENCH_GOAL_NONE;
  g_array_append_val (figures, figure);
}

static void
row_sequential (const BenchSettings *settings, GArray *figures)
{
  Pair pair = { .command = "small", .form = LIBRARY_FORM_VALUE, .window = 1 };
  BenchFigure figure = { .row = "sequential", .what = "time per command",
                         .goal_is = BENCH_GOAL_RATIO, .goal = 1.25 };

  pair_open (&pair, settings);
  add_times (settings, figures, figure, &pair, raw_sequential, library_run,
             settings->quick ? 2000 : 10000);
  add_bytes_sent (figures, figure.row, &pair);
  pair_close (&pair);
  add_system_calls (figures, figure.row, count_async, 3);
}

static void
row_pipelined (const BenchSettings *settings, GArray *figures)
{
  Pair pair = { .command = "small", .form = LIBRARY_FORM_VALUE, .window = RAW_WINDOW };
  BenchFigure figure = { .row = "pipelined", .what = "time per command, 64 outstanding",
                         .goal_is = BENCH_GOAL_RATIO, .goal = 3.2 };

  pair_open (&pair, settings);
  add_times (settings, figures, figure, &pair, raw_pipelined, library_run,
             settings->quick ? 20000 : 200000);
  pair_close (&pair);
}

static void
row_events (const BenchSettings *settings, GArray *figures)
{
  Pair pair = { 0 };
  BenchFigure figure = { .row = "events", .what = "time per event, a handler called",
                         .goal_is = BENCH_GOAL_RATIO, .goal = 3.5 };
  guint count = settings->quick ? 20000 : 100000;

  /* As QEMU does, whose events carry the time, the server writes each anew. */
  pair_open (&pair, settings);
  pair.command = "composed-events";
  add_times (settings, figures, figure, &pair, raw_events, library_events, count);

  /* What no server does: the same bytes again and again, which cost nothing. */
  pair.command = "events";
  figure.what = "the same, from a server that repeats itself";
  figure.goal_is = BENCH_GOAL_NONE;
  add_times (settings, figures, figure, &pair, raw_events, library_events, count);
  pair_close (&pair);
}

static void
row_reply_1k4 (const BenchSettings *settings, GArray *figures)
{
  Pair pair = { .command = "reply-1k4", .form = LIBRARY_FORM_DEVICE, .window = 1 };
  BenchFigure figure = { .row = "reply-1k4", .what = "time per command, one member read",
                         .goal_is = BENCH_GOAL_RATIO, .goal = 1.45 };

  pair_open (&pair, settings);
  add_times (settings, figures, figure, &pair, raw_sequential, library_run,
             settings->quick ? 2000 : 10000);
  pair_close (&pair);
}

static void
row_blocking (const BenchSettings *settings, GArray *figures)
{
  Pair pair = { .command = "small" };
  BenchFigure figure = { .row = "blocking", .what = "time per blocking call",
                         .goal_is = BENCH_GOAL_RATIO, .goal = 1.15 };

  pair_open (&pair, settings);
  add_times (settings, figures, figure, &pair, raw_sequential, library_blocking,
             settings->quick ? 2000 : 10000);
  pair_close (&pair);
  add_system_calls (figures, figure.row, count_blocking, 2);
}

/* The client's processor time for a reply of 207 KB. */
static void
add_schema_cpu (const BenchSettings *settings, GArray *figures, BenchFigure figure, Pair *pair)
{
  BenchTimes times = bench_compare (settings, BENCH_CLOCK_CPU, (BenchSide){ raw_sequential, pair },
                                    (BenchSide){ library_run, pair }, settings->quick ? 10 : 50);

  figure.what = "client CPU per reply of 207 KB";
  figure.unit = "ms";
  figure.raw = times.raw / 1000;
  figure.library = times.library / 1000;
  figure.ratio = NAN;
  g_array_append_val (figures, figure);
}

static void
row_schema_text (const BenchSettings *settings, GArray *figures)
{
  Pair pair = { .command = "schema", .form = LIBRARY_FORM_TEXT, .window = 1 };
  BenchFigure figure = { .row = "schema-text", .goal_is = BENCH_GOAL_LIBRARY, .goal = 0.25 };

  pair_open (&pair, settings);
  add_schema_cpu (settings, figures, figure, &pair);
  pair_close (&pair);
}

static void
row_schema_lookup (const BenchSettings *settings, GArray *figures)
{
  Pair pair = { .command = "schema", .form = LIBRARY_FORM_LOOKUP, .window = 1 };
  BenchFigure figure = { .row = "schema-lookup", .goal_is = BENCH_GOAL_LIBRARY, .goal = 0.25 };

  pair_open (&pair, settings);
  add_schema_cpu (settings, figures, figure, &pair);
  pair_close (&pair);
}

/* The raw client receives and json-glib's own parser makes the tree. */
static void
raw_parsed (gpointer data, guint count)
{
  Pair *pair = data;
  gsize length;

  while (count-- > 0)
    {
      g_autoptr (JsonParser) parser = json_parser_new ();
      g_autoptr (GError) error = NULL;
      const char *reply;

      raw_client_sequential (pair->raw, pair->command, 1);
      reply = raw_client_get_reply (pair->raw, &length);
      if (!json_parser_load_from_data (parser, reply, length, &error))
        bench_fail ("%s", error->message);
    }
}

static void
row_schema_tree (const BenchSettings *settings, GArray *figures)
{
  Pair pair = { .command = "schema", .form = LIBRARY_FORM_TREE, .window = 1 };
  BenchFigure figure = { .row = "schema-tree", .goal_is = BENCH_GOAL_NONE };
  BenchTimes times;

  pair_open (&pair, settings);
  add_schema_cpu (settings, figures, figure, &pair);
  times = bench_compare (settings, BENCH_CLOCK_CPU, (BenchSide){ raw_parsed, &pair },
                         (BenchSide){ library_run, &pair }, settings->quick ? 5 : 20);
  pair_close (&pair);

  figure.what = "the same, raw with json-glib's parser";
  figure.unit = "ms";
  figure.raw = times.raw / 1000;
  figure.library = times.library / 1000;
  figure.ratio = times.ratio;
  g_array_append_val (figures, figure);
}

/* As objects of their classes: some hundreds. Raw, nothing is read of the text. */
static void
row_schema_typed (const BenchSettings *settings, GArray *figures)
{
  Pair pair = { .command = "query-qmp-schema", .form = LIBRARY_FORM_TYPED, .window = 1 };
  BenchFigure figure = { .row = "schema-typed", .goal_is = BENCH_GOAL_NONE };

  pair_open (&pair, settings);
  add_schema_cpu (settings, figures, figure, &pair);
  figure.what = "time per typed call, three members read";
  add_times (settings, figures, figure, &pair, raw_sequential, library_run, settings->quick ? 20 : 200);
  pair_close (&pair);
}

static void
raw_busy (gpointer clients, guint count)
{
  raw_clients_busy (clients, N_CONNECTIONS, "small", count / N_CONNECTIONS);
}

static void
library_busy (gpointer clients, guint count)
{
  library_clients_busy (clients, N_CONNECTIONS, "small", count / N_CONNECTIONS);
}

static void
row_busy (const BenchSettings *settings, GArray *figures)
{
  BenchServer *raw_server = bench_server_start (N_CONNECTIONS, NULL);
  BenchServer *library_server = bench_server_start (N_CONNECTIONS, NULL);
  g_autofree RawClient **raws = g_new0 (RawClient *, N_CONNECTIONS);
  g_autofree LibraryClient **libraries = g_new0 (LibraryClient *, N_CONNECTIONS);
  BenchFigure figure = { .row = "connections-busy", .what = "time per command, 1,000 connections",
                         .unit = "us", .goal_is = BENCH_GOAL_RATIO, .goal = 1.5 };
  BenchTimes times;

  for (guint i = 0; i < N_CONNECTIONS; i++)
    {
      raws[i] = raw_client_new (bench_server_take_fd (raw_server, i));
      libraries[i] = library_client_new (bench_server_take_fd (library_server, i));
    }
  times = bench_compare (settings, BENCH_CLOCK_WALL, (BenchSide){ raw_busy, raws },
                         (BenchSide){ library_busy, libraries },
                         N_CONNECTIONS * (settings->quick ? 5 : 20));
  for (guint i = 0; i < N_CONNECTIONS; i++)
    {
      raw_client_free (raws[i]);
      library_client_free (libraries[i]);
    }
  bench_server_stop (raw_server);
  bench_server_stop (library_server);

  figure.raw = times.raw;
  figure.library = times.library;
  figure.ratio = times.ratio;
  g_array_append_val (figures, figure);
}

/* Memory comes first: what other rows freed would hide what it takes. */
const BenchRow bench_rows[] = {
  { "connections-idle", bench_row_idle },
  { "big", bench_row_big },
  { "sequential", row_sequential },
  { "pipelined", row_pipelined },
  { "events", row_events },
  { "reply-1k4", row_reply_1k4 },
  { "schema-text", row_schema_text },
  { "schema-lookup", row_schema_lookup },
  { "schema-tree", row_schema_tree },
  { "schema-typed", row_schema_typed },
  { "blocking", row_blocking },
  { "connections-busy", row_busy },
  { "agent-ping", bench_row_agent_ping },
  { "agent-read", bench_row_agent_read },
  { "agent-run", bench_row_agent_run },
  { "qemu", bench_row_qemu },
  { "proxy", bench_row_proxy },
  { NULL, NULL },
};
