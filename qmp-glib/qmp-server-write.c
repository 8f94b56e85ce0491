/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-server-private.h"

#include <string.h>

#include "wire/wire-writer.h"

/* What the server says, straight into a client's buffer. All of it is under the
 * lock. */

/* Memory for the index of large results goes back. */
#define KEPT_VALUES (32u * 1024)

/* --- what handlers say is judged ------------------------------------------------------- */

/* QEMU's writer has words for these, JSON has none. */
static gboolean
has_odd_word (const WireScanner *scanner, const char *text)
{
  for (guint i = 0; i < scanner->n_values; i++)
    {
      const WireValue *value = &scanner->values[i];

      if (value->type == WIRE_REAL && !g_ascii_isdigit (text[value->offset + value->length - 1]))
        return TRUE;
    }
  return FALSE;
}

static gboolean
check (WireScanner *scanner, const char *text, gsize length, guint n_members, gsize before, GError **error)
{
  WireScanResult result;
  const char *what = "it ends in the middle";

  wire_scanner_reset (scanner);
  result = wire_scanner_scan (scanner, text, length);
  if (result == WIRE_SCAN_MESSAGE && scanner->at == length && scanner->values[0].length == n_members &&
      (scanner->taint != WIRE_TAINT_NOT_FINITE || !has_odd_word (scanner, text)))
    return TRUE;
  if (result == WIRE_SCAN_FAULT)
    what = scanner->reason;
  else if (result == WIRE_SCAN_MESSAGE)
    what = scanner->taint == WIRE_TAINT_NOT_FINITE ? "a number that is not finite" : "more text follows the value";
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "This is no JSON value: %s, at byte %" G_GSIZE_FORMAT, what,
               scanner->at - MIN (scanner->at, before));
  return FALSE;
}

/* Many a client reads lines. */
static void
put_on_one_line (char *text, gsize length)
{
  char *end = text + length;

  for (char *p = memchr (text, '\n', length); p != NULL; p = memchr (p, '\n', (gsize) (end - p)))
    *p = ' ';
  for (char *p = memchr (text, '\r', length); p != NULL; p = memchr (p, '\r', (gsize) (end - p)))
    *p = ' ';
}

/**
 * qmp_server_put:
 * @parts: what the message is made of, without the line's end
 * @value: which of them is a caller's
 * @n_members: how many members the message has if the value is one; 0: it is
 *   known to be
 *
 * Writes a message, or nothing.
 */
gboolean
qmp_server_put (QmpServerCore *core, WireOut *out, const QmpServerPart *parts, guint n_parts, guint value, guint n_members,
                GError **error)
{
  gsize length = 0, before = 0;
  char *text, *to;

  for (guint i = 0; i < n_parts; i++)
    {
      before += i < value ? parts[i].length : 0;
      length += parts[i].length;
    }
  text = to = wire_out_reserve (out, length + 2);
  for (guint i = 0; i < n_parts; i++)
    to = mempcpy (to, parts[i].text, parts[i].length);
  if (n_members > 0)
    {
      gboolean sound = check (&core->checker, text, length, n_members, before, error);

      if (core->checker.capacity > KEPT_VALUES)
        wire_scanner_clear (&core->checker);
      if (!sound)
        return FALSE;
    }
  put_on_one_line (text, length);
  memcpy (to, "\r\n", 2);
  wire_out_commit (out, length + 2);
  return TRUE;
}

/* A caller's value as it will be sent; NULL when it cannot be. */
char *
qmp_server_check_value (QmpServerCore *core, const char *json, GError **error)
{
  QmpServerPart parts[] = { QMP_SERVER_PART ("{\"return\": "), { json, strlen (json) }, QMP_SERVER_PART ("}") };
  WireOut out = { 0 };
  char *text = NULL;

  if (qmp_server_put (core, &out, parts, G_N_ELEMENTS (parts), 1, 1, error))
    text = g_strstrip (g_strndup (wire_out_peek (&out) + parts[0].length, parts[1].length));
  wire_out_clear (&out);
  return text;
}

/* --- what is in it ------------------------------------------------------------------------ */

/* The object that stands behind "error". */
char *
qmp_server_make_error (const char *class_name, const char *description)
{
  GString *text = g_string_new ("{\"class\": ");

  wire_write_string (text, class_name);
  g_string_append (text, ", \"desc\": ");
  wire_write_string (text, description);
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

void
qmp_server_write_version (GString *text, QmpVersion *version)
{
  g_string_append_printf (text, "{\"qemu\": {\"micro\": %u, \"minor\": %u, \"major\": %u}, \"package\": ",
                          qmp_version_get_micro (version), qmp_version_get_minor (version), qmp_version_get_major (version));
  wire_write_string (text, qmp_version_get_package (version));
  g_string_append_c (text, '}');
}

char *
qmp_server_make_greeting (QmpServerCore *core)
{
  GString *text = g_string_new ("{\"QMP\": {\"version\": ");

  qmp_server_write_version (text, core->version);
  g_string_append_printf (text, ", \"capabilities\": [%s]}}\r\n", core->offers_out_of_band ? "\"oob\"" : "");
  return g_string_free (text, FALSE);
}

/* An event of this moment. */
gboolean
qmp_server_make_event (QmpServerCore *core, const char *name, const char *data, gsize length, WireOut *out, GError **error)
{
  gint64 now = g_get_real_time ();
  g_autofree char *head = NULL;
  QmpServerPart parts[] = {
    { NULL, 0 }, QMP_SERVER_PART (", \"data\": "), { data, length }, QMP_SERVER_PART ("}"),
  };

  head = g_strdup_printf ("{\"timestamp\": {\"seconds\": %" G_GINT64_FORMAT ", \"microseconds\": %" G_GINT64_FORMAT
                          "}, \"event\": \"%s\"", now / G_USEC_PER_SEC, now % G_USEC_PER_SEC, name);
  parts[0] = (QmpServerPart) { head, strlen (head) };
  if (data == NULL)
    parts[1] = parts[2] = (QmpServerPart) { "", 0 };
  return qmp_server_put (core, out, parts, G_N_ELEMENTS (parts), 2, data != NULL ? 3 : 0, error);
}
