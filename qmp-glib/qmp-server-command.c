/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-server-call-private.h"

#include <string.h>

#include "wire/wire-text.h"

/* What clients say is judged as QEMU judges it, and refused in its words, since
 * clients know them. All of it is under the lock. */

/* So much of a client's words stands in an error. */
#define LONGEST_NAME ((gsize) 256)

typedef struct
{
  guint command;
  guint arguments;
  guint id;
  gboolean out_of_band;
} Members;

/* --- refusals --------------------------------------------------------------------------- */

static void
refuse (QmpServerClient *self, const WireView *view, guint id, const char *class_name, const char *description)
{
  g_autofree char *text = qmp_server_make_error (class_name, description);
  gsize before = self->out.waiting;
  QmpServerPart name = { "\"id\": ", id != 0 ? 6 : 0 }, comma = { ", ", id != 0 ? 2 : 0 }, value = { "", 0 };

  if (id != 0)
    value.text = wire_view_get_json (view, id, &value.length);
  {
    QmpServerPart parts[] = { QMP_SERVER_PART ("{"), name, value, comma, QMP_SERVER_PART ("\"error\": "), { text, strlen (text) },
                              QMP_SERVER_PART ("}") };

    qmp_server_put (self->core, &self->out, parts, G_N_ELEMENTS (parts), 5, 0, NULL);
  }
  qmp_server_client_check_unread (self, before);
}

static void
refuse_bytes (QmpServerClient *self, const char *description)
{
  refuse (self, NULL, 0, "GenericError", description);
}

/* QEMU's words for the scanner's. */
static char *
describe_syntax (const WireScanner *scanner, const char *text, gsize length)
{
  static const struct { const char *reason; const char *words; } known[] = {
    { "expected a value", "expecting value" },
    { "expected a colon", "missing : in object pair" },
    { "expected a comma or the object's end", "expected separator in dict" },
    { "expected a comma or the array's end", "expected separator in list" },
    { "expected a member's name", "key is not a string in object" },
    { "a member's name stands twice in one object", "duplicate key" },
    { "a string is not valid UTF-8", "invalid UTF-8 sequence in string" },
  };
  gsize at = MIN (scanner->at, length);
  const char *words = scanner->reason;
  gboolean between = g_str_has_prefix (words, "expected");
  char c = at < length ? text[at] : ' ';

  if (scanner->depth == 0 && (c == '[' || c == '"' || c == '-' || g_ascii_isalnum (c)))
    return g_strdup ("QMP input must be a JSON object");
  if (scanner->depth == 0 && c != '\0' && strchr ("]}:,", c) != NULL)
    return g_strdup ("JSON parse error, expecting value");
  if (between && !g_ascii_isalnum (c) && (c == '\0' || strchr ("\"{}[]:,-", c) == NULL))
    {
      g_autofree char *stray = wire_text_for_people (&c, 1, 1);

      return g_strdup_printf ("JSON parse error, stray '%s'", stray);
    }
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i].reason, words))
      words = known[i].words;
  return g_strdup_printf ("JSON parse error, %s", words);
}

static char *
describe_fault (const WireReader *reader)
{
  const WireScanner *scanner = &reader->scanner;

  if (scanner->fault != WIRE_FAULT_TOO_LARGE)
    return describe_syntax (scanner, reader->bytes + reader->start, reader->end - reader->start);
  if (scanner->depth >= scanner->limits.max_depth)
    return g_strdup ("JSON nesting depth limit exceeded");
  if (scanner->n_values >= scanner->limits.max_values)
    return g_strdup ("JSON token count limit exceeded");
  return g_strdup ("JSON token size limit exceeded");
}

/* Bytes that are no message: the rest of the line goes with them, so that each
 * mistake is answered once. */
void
qmp_server_refuse_fault (QmpServerClient *self)
{
  g_autofree char *description = describe_fault (&self->reader);

  refuse_bytes (self, description);
  self->at_fault = TRUE;
  wire_reader_skip_line (&self->reader);
}

/* The byte that makes a reader begin anew. */
void
qmp_server_refuse_sentinel (QmpServerClient *self)
{
  if (!self->at_fault)
    refuse_bytes (self, "JSON parse error, stray '\xef\xbf\xbd'");
  self->at_fault = FALSE;
}

/* --- members ------------------------------------------------------------------------------- */

static guint *
find_place (Members *members, const char *name, gboolean *is_command)
{
  *is_command = FALSE;
  if (g_str_equal (name, "arguments"))
    return &members->arguments;
  if (g_str_equal (name, "id"))
    return &members->id;
  *is_command = g_str_equal (name, "execute") || g_str_equal (name, "exec-oob");
  return *is_command ? &members->command : NULL;
}

/* Names are short: one that does not fit is unexpected as it is. */
static void
read_name (const WireView *view, guint key, char *name, gsize room)
{
  const WireValue *value = &view->values[key];

  if (value->length >= room)
    g_strlcpy (name, "?", room);
  else if (value->flags & WIRE_VALUE_ESCAPED)
    wire_text_decode (view->text + value->offset, value->length, name);
  else
    *(char *) mempcpy (name, view->text + value->offset, value->length) = '\0';
}

static char *
find_objection_to_member (QmpServerClient *self, const WireView *view, guint key, Members *members)
{
  guint value = key + 1;
  gboolean is_command;
  char name[64];
  guint *place;

  read_name (view, key, name, sizeof name);
  place = find_place (members, name, &is_command);
  if (place == NULL || (g_str_equal (name, "exec-oob") && !self->out_of_band))
    {
      g_autofree char *plain = wire_view_dup_string (view, key);
      g_autofree char *shown = wire_text_for_people (plain, strlen (plain), LONGEST_NAME);

      return g_strdup_printf ("QMP input member '%s' is unexpected", shown);
    }
  if (is_command && view->values[value].type != WIRE_STRING)
    return g_strdup_printf ("QMP input member '%s' must be a string", name);
  if (is_command && members->command != 0)
    return g_strdup ("QMP input member 'execute' clashes with 'exec-oob'");
  if (place == &members->arguments && view->values[value].type != WIRE_OBJECT)
    return g_strdup ("QMP input member 'arguments' must be an object");
  if (is_command)
    members->out_of_band = g_str_equal (name, "exec-oob");
  *place = value;
  return NULL;
}

/* QEMU's writer has such words, JSON has none, and an id is given back as it is. */
static gboolean
is_no_json (const WireView *view)
{
  for (guint i = 0; view->taint == WIRE_TAINT_NOT_FINITE && i < view->n_values; i++)
    {
      const WireValue *value = &view->values[i];

      if (value->type == WIRE_REAL && !g_ascii_isdigit (view->text[value->offset + value->length - 1]))
        return TRUE;
    }
  return FALSE;
}

/* NULL, with the members found, when there is nothing against it. */
static char *
find_objection (QmpServerClient *self, const WireView *view, Members *members)
{
  guint id = wire_view_member (view, 0, "id");
  char *objection = NULL;

  *members = (Members) { 0 };
  if (is_no_json (view))
    return g_strdup ("JSON parse error, invalid keyword");
  for (guint key = 1; objection == NULL && key < view->n_values; key = wire_view_after (view, key + 1))
    objection = find_objection_to_member (self, view, key, members);
  members->id = id;
  if (objection != NULL)
    return objection;
  if (members->command == 0)
    return g_strdup ("QMP input lacks member 'execute'");
  /* what an id may be is the client's business */
  if (members->arguments != 0 && view->taint != WIRE_TAINT_NONE)
    return g_strdup_printf ("The arguments hold %s", wire_taint_name (view->taint));
  return NULL;
}

/* --- commands ------------------------------------------------------------------------------- */

/* Before it has negotiated a client may do nothing else, and never again after. */
static gboolean
takes_part_in_negotiation (QmpServerClient *self, const WireView *view, const Members *members)
{
  gboolean negotiates = wire_view_is_string (view, members->command, "qmp_capabilities");
  gboolean ready = self->state == QMP_SERVER_CLIENT_STATE_READY;
  QmpServerPart before_id = { ", \"id\": ", members->id != 0 ? 8 : 0 }, id = { "", 0 };
  g_autofree char *objection = NULL;

  if (ready && (!negotiates || members->out_of_band))
    return FALSE;
  if (ready || !negotiates)
    {
      refuse (self, view, members->id, "CommandNotFound",
              ready ? "Capabilities negotiation is already complete, command ignored"
                    : "Expecting capabilities negotiation with 'qmp_capabilities'");
      return TRUE;
    }
  objection = qmp_server_negotiate (self->core, view, members->arguments, &self->out_of_band);
  if (objection != NULL)
    {
      refuse (self, view, members->id, "GenericError", objection);
      return TRUE;
    }
  self->state = QMP_SERVER_CLIENT_STATE_READY;
  if (members->id != 0)
    id.text = wire_view_get_json (view, members->id, &id.length);
  {
    QmpServerPart parts[] = { QMP_SERVER_PART ("{\"return\": {}"), before_id, id, QMP_SERVER_PART ("}") };

    qmp_server_put (self->core, &self->out, parts, G_N_ELEMENTS (parts), 0, 0, NULL);
  }
  return TRUE;
}

/**
 * qmp_server_read_command:
 * @view: the message in hand
 *
 * Returns: (transfer full) (nullable): the call to hand out; %NULL when the
 *   message is answered already
 */
QmpServerCall *
qmp_server_read_command (QmpServerClient *self, const WireView *view)
{
  QmpServerCall *call;
  Members members;
  g_autofree char *objection = find_objection (self, view, &members);
  char *command;

  if (objection != NULL)
    {
      refuse (self, view, is_no_json (view) ? 0 : members.id, "GenericError", objection);
      return NULL;
    }
  if (takes_part_in_negotiation (self, view, &members))
    return NULL;
  command = wire_view_dup_string (view, members.command);
  call = qmp_server_call_new (self, wire_reader_keep (&self->reader, view), command);
  call->arguments = members.arguments;
  call->id = members.id;
  call->out_of_band = members.out_of_band;
  return call;
}
