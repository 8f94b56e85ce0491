/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-writer.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "wire-document.h"
#include "wire-text.h"

/* What QEMU's own reader takes: more would be answered with errors that name
 * no command. */
static const WireLimits what_qemu_takes = {
  .max_bytes = 64 * 1024 * 1024 - 4096,
  .max_values = 1024 * 1024,
  .max_depth = 1020,
  .max_key = WIRE_MAX_KEY,
};

/* --- a tree ------------------------------------------------------------------ */

/* A container that is being written. */
typedef struct
{
  JsonNode *node;
  JsonObjectIter members;
  guint next;
  const char *name;  /* of the member being written */
} Level;

static gboolean
refuse (GArray *levels, GError **error, const char *what)
{
  g_autoptr (GString) path = g_string_new (NULL);

  for (guint i = 0; i < levels->len; i++)
    {
      const Level *level = &g_array_index (levels, Level, i);

      if (JSON_NODE_HOLDS_ARRAY (level->node))
        g_string_append_printf (path, "[%u]", level->next - 1);
      else if (level->name != NULL)
        g_string_append_printf (path, "%s%s", path->len > 0 ? "." : "", level->name);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s%s%s", path->len > 0 ? path->str : "",
               path->len > 0 ? ": " : "", what);
  return FALSE;
}

void
wire_write_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      guint8 c = (guint8) *p;

      if (c == '"' || c == '\\')
        g_string_append_c (out, '\\');
      if (c >= 0x20)
        g_string_append_c (out, *p);
      else
        g_string_append_printf (out, "\\u%04x", c);
    }
  g_string_append_c (out, '"');
}

/* Languages that know only one kind of number make 1048576.0 of an integer,
 * which QEMU refuses where it wants one. */
static gboolean
write_double (GString *out, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (number))
    return FALSE;
  if (fabs (number) < 9007199254740992.0 && number >= trunc (number) && number <= trunc (number))
    g_string_append_printf (out, "%" G_GINT64_FORMAT, (gint64) number);
  else
    g_string_append (out, g_ascii_dtostr (text, sizeof text, number));
  return TRUE;
}

static gboolean
write_scalar (GString *out, JsonNode *node, GArray *levels, GError **error)
{
  GType type = json_node_get_value_type (node);

  if (JSON_NODE_HOLDS_NULL (node))
    g_string_append (out, "null");
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else if (type == G_TYPE_DOUBLE)
    {
      if (!write_double (out, json_node_get_double (node)))
        return refuse (levels, error, "a number that is not finite cannot be sent");
    }
  else if (type == G_TYPE_STRING)
    {
      const char *text = json_node_get_string (node);

      if (text == NULL || !g_utf8_validate (text, -1, NULL))
        return refuse (levels, error, "a string that is not valid UTF-8 cannot be sent");
      wire_write_string (out, text);
    }
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
  return TRUE;
}

static gboolean
begin (GString *out, GArray *levels, JsonNode *node, GError **error)
{
  Level level = { .node = node };

  if (levels->len >= what_qemu_takes.max_depth)
    return refuse (levels, error, "values are nested too deep to be sent");
  if (JSON_NODE_HOLDS_OBJECT (node))
    json_object_iter_init_ordered (&level.members, json_node_get_object (node));
  g_string_append_c (out, JSON_NODE_HOLDS_OBJECT (node) ? '{' : '[');
  g_array_append_val (levels, level);
  return TRUE;
}

/* The next value inside a container, after writing what stands before it. */
static gboolean
step (GString *out, Level *level, JsonNode **node)
{
  gboolean in_array = JSON_NODE_HOLDS_ARRAY (level->node);
  JsonArray *array = in_array ? json_node_get_array (level->node) : NULL;

  if (in_array ? level->next >= json_array_get_length (array)
               : !json_object_iter_next_ordered (&level->members, &level->name, node))
    return FALSE;
  if (level->next > 0)
    g_string_append_c (out, ',');
  if (in_array)
    *node = json_array_get_element (array, level->next);
  level->next++;
  if (in_array)
    return TRUE;
  wire_write_string (out, level->name);
  g_string_append_c (out, ':');
  return TRUE;
}

/**
 * wire_write_node:
 * @out: where the text goes
 * @node: what to write
 * @error: told the path of what cannot be written
 */
gboolean
wire_write_node (GString *out, JsonNode *node, GError **error)
{
  g_autoptr (GArray) levels = g_array_new (FALSE, TRUE, sizeof (Level));

  if (JSON_NODE_HOLDS_VALUE (node) || JSON_NODE_HOLDS_NULL (node))
    return write_scalar (out, node, levels, error);
  if (!begin (out, levels, node, error))
    return FALSE;
  while (levels->len > 0)
    {
      Level *level = &g_array_index (levels, Level, levels->len - 1);

      if (!step (out, level, &node))
        {
          g_string_append_c (out, JSON_NODE_HOLDS_OBJECT (level->node) ? '}' : ']');
          g_array_set_size (levels, levels->len - 1);
          continue;
        }
      if (level->name != NULL && !g_utf8_validate (level->name, -1, NULL))
        return refuse (levels, error, "a name that is not valid UTF-8 cannot be sent");
      if (JSON_NODE_HOLDS_VALUE (node) || JSON_NODE_HOLDS_NULL (node))
        {
          if (!write_scalar (out, node, levels, error))
            return FALSE;
        }
      else if (!begin (out, levels, node, error))
        return FALSE;
    }
  return TRUE;
}

/* --- text -------------------------------------------------------------------- */

static void
write_value (GString *out, const WireView *view, guint value)
{
  gsize length;
  const char *text;

  if (view->values[value].type >= WIRE_ARRAY)
    {
      g_string_append_c (out, view->values[value].type == WIRE_OBJECT ? '{' : '[');
      return;
    }
  text = wire_view_get_json (view, value, &length);
  g_string_append_len (out, text, (gssize) length);
}

/* Writes the message again without white space. */
static void
write_view (GString *out, const WireView *view)
{
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < view->n_values; i++)
    {
      const WireValue *value = &view->values[i];

      while (open->len > 0 && view->values[g_array_index (open, guint, open->len - 1)].next <= i)
        {
          g_string_append_c (out, view->values[g_array_index (open, guint, open->len - 1)].type == WIRE_OBJECT ? '}' : ']');
          g_array_set_size (open, open->len - 1);
        }
      if (i > 0 && view->values[i - 1].type == WIRE_KEY)
        g_string_append_c (out, ':');
      else if (i > 0 && out->str[out->len - 1] != '{' && out->str[out->len - 1] != '[')
        g_string_append_c (out, ',');
      write_value (out, view, i);
      if (value->type >= WIRE_ARRAY)
        g_array_append_val (open, i);
    }
  while (open->len > 0)
    {
      g_string_append_c (out, view->values[g_array_index (open, guint, open->len - 1)].type == WIRE_OBJECT ? '}' : ']');
      g_array_set_size (open, open->len - 1);
    }
}

/* The text may hold a secret, so nothing of it is shown. */
static gboolean
refuse_text (GError **error, const WireScanner *scanner, WireScanResult result, gsize before)
{
  static const char *taints[] = { NULL, "a NUL character", "a number that is not finite",
                                  "an integer beyond 64 bits" };
  gsize at = result == WIRE_SCAN_MESSAGE && scanner->taint != WIRE_TAINT_NONE ? scanner->taint_at : scanner->at;
  const char *what = "the text ends in the middle";

  if (result == WIRE_SCAN_FAULT)
    what = scanner->reason;
  else if (scanner->taint != WIRE_TAINT_NONE)
    what = taints[scanner->taint];
  else if (result == WIRE_SCAN_MESSAGE)
    what = "more text follows the value";
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s, at byte %" G_GSIZE_FORMAT, what, at - MIN (at, before));
  return FALSE;
}

static gboolean
only_space (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

/**
 * wire_write_json:
 * @out: where the text goes
 * @json: one JSON object
 * @error: told what is wrong, and where
 *
 * Judges text from a caller as strictly as text from a peer, and writes it
 * again without white space.
 */
gboolean
wire_write_json (GString *out, const char *json, GError **error)
{
  WireScanner scanner;
  WireScanResult result;
  const char *text = json + strspn (json, " \t\r\n");

  wire_scanner_init (&scanner, &what_qemu_takes);
  result = wire_scanner_scan (&scanner, text, strlen (text));
  if (result != WIRE_SCAN_MESSAGE || scanner.taint != WIRE_TAINT_NONE || !only_space (text + scanner.at))
    {
      refuse_text (error, &scanner, result, 0);
      wire_scanner_clear (&scanner);
      return FALSE;
    }
  write_view (out, &(WireView) { text, scanner.at, scanner.values, scanner.n_values, scanner.taint });
  wire_scanner_clear (&scanner);
  return TRUE;
}

/* --- any value ------------------------------------------------------------------ */

/* Only an object can be a message: the value is made a member of one. */
#define BEFORE "{\"v\":"

WireDocument *
wire_read_value (const char *json, GError **error)
{
  g_autofree char *text = g_strconcat (BEFORE, json, "}", NULL);
  WireDocument *document = NULL;
  WireScanner scanner;
  WireScanResult result;

  wire_scanner_init (&scanner, &what_qemu_takes);
  result = wire_scanner_scan (&scanner, text, strlen (text));
  if (result == WIRE_SCAN_MESSAGE && scanner.taint == WIRE_TAINT_NONE && text[scanner.at] == '\0' &&
      scanner.values[0].length == 1)
    document = wire_document_new_copy (&(WireView) { text, scanner.at, scanner.values, scanner.n_values, scanner.taint });
  else
    refuse_text (error, &scanner, result, strlen (BEFORE));
  wire_scanner_clear (&scanner);
  return document;
}

/**
 * wire_write_value_json:
 * @out: where the text goes
 * @json: one JSON value of any kind
 * @error: told what is wrong, and where
 */
gboolean
wire_write_value_json (GString *out, const char *json, GError **error)
{
  g_autoptr (WireDocument) document = wire_read_value (json, error);
  g_autoptr (GString) text = NULL;

  if (document == NULL)
    return FALSE;
  text = g_string_sized_new (document->view.length);
  write_view (text, &document->view);
  g_string_append_len (out, text->str + strlen (BEFORE), (gssize) (text->len - strlen (BEFORE) - 1));
  return TRUE;
}
