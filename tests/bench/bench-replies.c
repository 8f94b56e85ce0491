/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-replies.h"

#include "bench-fail.h"

#include <string.h>

#define SCHEMA_SIZE 206000
#define BIG_SIZE (10 * 1000 * 1000)

char *
bench_reply_small (void)
{
  return g_strdup ("{\"status\": \"running\", \"singlestep\": false, \"running\": true}");
}

/* A disk, as query-block and query-named-block-nodes describe one: 1.4 KB. */
static void
append_block_node (GString *text, guint number)
{
  g_string_append_printf (
    text,
    "{\"io-status\": \"ok\", \"device\": \"drive%u\", \"locked\": false, \"removable\": false, "
    "\"inserted\": {\"iops_rd\": 0, \"detect_zeroes\": \"off\", \"image\": {\"backing-image\": "
    "{\"virtual-size\": 10737418240, \"filename\": \"/var/lib/images/base.qcow2\", "
    "\"cluster-size\": 65536, \"format\": \"qcow2\", \"actual-size\": 1288491008, "
    "\"dirty-flag\": false}, ",
    number);
  g_string_append_printf (
    text,
    "\"backing-filename-format\": \"qcow2\", \"virtual-size\": 10737418240, "
    "\"filename\": \"/var/lib/images/disk%u.qcow2\", \"cluster-size\": 65536, "
    "\"format\": \"qcow2\", \"actual-size\": 26222592, \"format-specific\": {\"type\": \"qcow2\", "
    "\"data\": {\"compat\": \"1.1\", \"compression-type\": \"zlib\", \"lazy-refcounts\": false, "
    "\"refcount-bits\": 16, \"corrupt\": false, \"extended-l2\": false}}, ",
    number);
  g_string_append_printf (
    text,
    "\"backing-filename\": \"/var/lib/images/base.qcow2\", \"dirty-flag\": false}, "
    "\"iops_wr\": 0, \"ro\": false, \"node-name\": \"node%u\", \"backing_file_depth\": 1, "
    "\"drv\": \"qcow2\", \"iops\": 0, \"bps_wr\": 0, \"write_threshold\": 0, \"dirty-bitmaps\": "
    "[{\"name\": \"backup\", \"recording\": true, \"persistent\": true, \"busy\": false, "
    "\"granularity\": 65536, \"count\": 327680}], ",
    number);
  g_string_append_printf (
    text,
    "\"encrypted\": false, \"bps\": 0, \"bps_rd\": 0, \"cache\": {\"no-flush\": false, "
    "\"direct\": false, \"writeback\": true}, \"file\": \"/var/lib/images/disk%u.qcow2\"}, "
    "\"qdev\": \"/machine/peripheral/disk%u/virtio-backend\", \"type\": \"unknown\"}",
    number, number);
}

char *
bench_reply_1k4 (void)
{
  GString *text = g_string_new ("[");

  append_block_node (text, 0);
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

char *
bench_reply_big (void)
{
  GString *text = g_string_sized_new (BIG_SIZE + 4096);

  g_string_append_c (text, '[');
  for (guint i = 0; text->len < BIG_SIZE; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      append_block_node (text, i);
    }
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

static void
append_schema_object (GString *text, guint number)
{
  guint n_members = 4 + number % 12;

  g_string_append_printf (text, "{\"name\": \"%u\", \"members\": [", number);
  for (guint i = 0; i < n_members; i++)
    g_string_append_printf (text, "%s{\"name\": \"m%u\", %s\"type\": \"%s\"}", i > 0 ? ", " : "",
                            i, i % 3 == 2 ? "\"default\": null, " : "", i % 2 ? "str" : "int");
  g_string_append (text, "], \"meta-type\": \"object\"}");
}

static void
append_schema_enum (GString *text, guint number)
{
  g_string_append_printf (text, "{\"name\": \"%u\", \"members\": [", number);
  for (guint i = 0; i < 6; i++)
    g_string_append_printf (text, "%s{\"name\": \"v%u\"}", i > 0 ? ", " : "", i);
  g_string_append (text, "], \"meta-type\": \"enum\", \"values\": [");
  for (guint i = 0; i < 6; i++)
    g_string_append_printf (text, "%s\"v%u\"", i > 0 ? ", " : "", i);
  g_string_append (text, "]}");
}

static void
append_schema_entry (GString *text, guint number)
{
  if (number % 8 == 0)
    append_schema_enum (text, number);
  else if (number % 8 < 3)
    g_string_append_printf (text,
                            "{\"name\": \"query-thing-%u\", \"ret-type\": \"%u\", "
                            "\"meta-type\": \"command\", \"arg-type\": \"0\"}",
                            number, number);
  else if (number % 8 == 3)
    g_string_append_printf (text,
                            "{\"name\": \"[%u]\", \"element-type\": \"%u\", "
                            "\"meta-type\": \"array\"}",
                            number, number);
  else
    append_schema_object (text, number);
}

/* Any JSON as QEMU would write it: on one line, a space after comma and colon. */
static char *
respell (const char *json)
{
  GString *text = g_string_sized_new (strlen (json));
  gboolean in_string = FALSE;

  for (const char *p = json; *p; p++)
    {
      if (!in_string && g_ascii_isspace (*p))
        continue;
      g_string_append_c (text, *p);
      if (*p == '"')
        in_string = !in_string;
      else if (in_string && *p == '\\' && p[1])
        g_string_append_c (text, *++p);
      else if (!in_string && (*p == ',' || *p == ':'))
        g_string_append_c (text, ' ');
    }
  return g_string_free (text, FALSE);
}

/* The value of query-qmp-schema: a file's, or one of the same size and shape. */
char *
bench_reply_schema (const char *path)
{
  GString *text;

  if (path != NULL)
    {
      g_autofree char *json = NULL;
      g_autoptr (GError) error = NULL;

      if (!g_file_get_contents (path, &json, NULL, &error))
        bench_fail ("%s", error->message);
      return respell (json);
    }

  text = g_string_new ("[");
  for (guint i = 0; text->len < SCHEMA_SIZE; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      append_schema_entry (text, i);
    }
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

#define EVENT_START                                                                        \
  "{\"timestamp\": {\"seconds\": 1700000000, \"microseconds\": 123456}, "                   \
  "\"event\": \"BLOCK_JOB_READY\", \"data\": {\"device\": \"mirror-disk0-system\", "               \
  "\"len\": 10737418240, \"offset\": "

void
bench_event_write (char *out, guint64 number)
{
  char event[BENCH_EVENT_SIZE + 1];
  int length = g_snprintf (event, sizeof event,
                           EVENT_START "%" G_GUINT64_FORMAT
                                       ", \"speed\": 0, \"type\": \"mirror\"}}\r\n",
                           number);

  g_assert (length == BENCH_EVENT_SIZE);
  memcpy (out, event, BENCH_EVENT_SIZE);
}

gsize
bench_event_get_number_offset (void)
{
  return strlen (EVENT_START);
}
