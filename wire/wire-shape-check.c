/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "wire-base64.h"
#include "wire-shape.h"

/* Whether a value from outside has the shape that a description says. The
 * walk is iterative, and ends with the value. */

/* A container that is being gone through. */
typedef struct
{
  const WireShape *shape;    /* of an object; NULL: this is a list */
  const WireMember *member;  /* what its elements, or the value just looked at, are */
  guint next;                /* place in the index */
  guint end;
  guint position;            /* of the element, or of the member in its shape, just looked at */
} Frame;

#define FIRST_FRAMES 24u

typedef struct
{
  const WireView *view;
  Frame first[FIRST_FRAMES];
  Frame *frames;
  guint capacity;
  guint n_frames;
  const char *expected;  /* what was not there */
  guint wrong;           /* what was */
} Check;

static void
push (Check *check, Frame frame)
{
  if (check->n_frames == check->capacity)
    {
      gboolean fixed = check->frames == check->first;

      check->capacity *= 2;
      check->frames = g_renew (Frame, fixed ? NULL : check->frames, check->capacity);
      if (fixed)
        memcpy (check->frames, check->first, sizeof check->first);
    }
  check->frames[check->n_frames++] = frame;
}

static gboolean
refuse (Check *check, guint place, const char *expected)
{
  check->expected = expected;
  check->wrong = place;
  return FALSE;
}

/* Names of kinds, and what fits into those that are integers. */
static const struct
{
  const char *name;
  gint64 least;
  guint64 most;
} kinds[] = {
  [WIRE_KIND_NULL] = { "null" },
  [WIRE_KIND_BOOLEAN] = { "boolean" },
  [WIRE_KIND_INT8] = { "integer of 8 bits", G_MININT8, G_MAXINT8 },
  [WIRE_KIND_INT16] = { "integer of 16 bits", G_MININT16, G_MAXINT16 },
  [WIRE_KIND_INT32] = { "integer of 32 bits", G_MININT32, G_MAXINT32 },
  [WIRE_KIND_INT64] = { "integer", G_MININT64, G_MAXINT64 },
  [WIRE_KIND_UINT8] = { "unsigned integer of 8 bits", 0, G_MAXUINT8 },
  [WIRE_KIND_UINT16] = { "unsigned integer of 16 bits", 0, G_MAXUINT16 },
  [WIRE_KIND_UINT32] = { "unsigned integer of 32 bits", 0, G_MAXUINT32 },
  [WIRE_KIND_UINT64] = { "unsigned integer", 0, G_MAXUINT64 },
  [WIRE_KIND_DOUBLE] = { "number" },
  [WIRE_KIND_ENUM] = { "string" },
  [WIRE_KIND_STRING] = { "string" },
  [WIRE_KIND_ANY] = { "anything" },
  [WIRE_KIND_BASE64] = { "base64" },
  [WIRE_KIND_OBJECT] = { "object" },
  [WIRE_KIND_ALTERNATE] = { "" },
};

static gboolean
is_integer (const WireView *view, WireKind kind, guint place)
{
  gint64 number;
  guint64 natural;

  if (wire_view_get_int64 (view, place, &number))
    return number >= kinds[kind].least && (number < 0 || (guint64) number <= kinds[kind].most);
  return wire_view_get_uint64 (view, place, &natural) && natural <= kinds[kind].most;
}

gboolean
wire_member_fits (const WireMember *member, gint64 number)
{
  if (wire_member_is_unsigned (member))
    return (guint64) number <= kinds[member->kind].most;
  if (!wire_member_is_signed (member))
    return TRUE;
  return number >= kinds[member->kind].least && (number < 0 || (guint64) number <= kinds[member->kind].most);
}

/* An escaped one has no characters of base64 but “\/”: what stands behind the
 * backslashes is judged as what it means. */
static gboolean
is_base64 (const WireView *view, guint place)
{
  g_autofree char *text = wire_view_dup_string (view, place);
  gsize n_bytes;
  g_autofree guint8 *bytes = NULL;

  if (text == NULL)
    return FALSE;
  bytes = g_malloc (strlen (text) / 4 * 3 + 1);
  return wire_base64_decode (text, strlen (text), bytes, &n_bytes);
}

static gboolean
is_scalar (const WireView *view, WireKind kind, guint place)
{
  WireType type = view->values[place].type;

  switch (kind)
    {
    case WIRE_KIND_NULL:
      return type == WIRE_NULL;
    case WIRE_KIND_BOOLEAN:
      return type == WIRE_BOOLEAN;
    case WIRE_KIND_DOUBLE:
      return type == WIRE_INTEGER || type == WIRE_REAL;
    case WIRE_KIND_ENUM:
    case WIRE_KIND_STRING:
      return type == WIRE_STRING;
    case WIRE_KIND_BASE64:
      return type == WIRE_STRING && is_base64 (view, place);
    case WIRE_KIND_ANY:
      return TRUE;
    default:
      return type == WIRE_INTEGER && is_integer (view, kind, place);
    }
}

static gboolean check_value (Check *check, const WireMember *member, gboolean list, guint place);

static gboolean
check_alternate (Check *check, const WireShape *shape, guint place)
{
  guint i = wire_shape_find_alternative (shape, check->view->values[place].type);

  return i < shape->n_members ? check_value (check, &shape->members[i], shape->members[i].list, place)
                              : refuse (check, place, shape->name);
}

/* Containers are gone through later. */
static gboolean
check_value (Check *check, const WireMember *member, gboolean list, guint place)
{
  const WireValue *value = &check->view->values[place];

  if (list)
    {
      if (value->type != WIRE_ARRAY)
        return refuse (check, place, "array");
      push (check, (Frame) { NULL, member, place + 1, value->next, G_MAXUINT });
      return TRUE;
    }
  if (member->kind == WIRE_KIND_ALTERNATE)
    return check_alternate (check, member->of, place);
  if (member->kind != WIRE_KIND_OBJECT)
    return is_scalar (check->view, member->kind, place) || refuse (check, place, kinds[member->kind].name);
  if (value->type != WIRE_OBJECT)
    return refuse (check, place, "object");
  push (check, (Frame) { wire_shape_find_branch (member->of, check->view, place), NULL, place + 1, value->next, 0 });
  return TRUE;
}

/* Looks at one member of the innermost object. */
static gboolean
step_object (Check *check, Frame *frame)
{
  guint i = wire_shape_find_member (frame->shape, check->view, frame->next, frame->position);
  guint place = frame->next + 1;

  frame->next = wire_view_after (check->view, place);
  if (i == frame->shape->n_members)
    return TRUE;
  frame->position = i;
  frame->member = &frame->shape->members[i];
  return check_value (check, frame->member, frame->member->list, place);
}

static gboolean
step_list (Check *check, Frame *frame)
{
  guint place = frame->next;

  frame->next = wire_view_after (check->view, place);
  frame->position++;
  return check_value (check, frame->member, FALSE, place);
}

static char *
describe_path (const Check *check, const char *path)
{
  GString *text = g_string_new (path);

  for (guint i = 0; i < check->n_frames; i++)
    {
      const Frame *frame = &check->frames[i];

      if (frame->shape == NULL)
        g_string_append_printf (text, "[%u]", frame->position);
      else if (frame->member != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "." : "", frame->member->name);
    }
  return g_string_free (text, FALSE);
}

/* An integer that does not fit is told by itself, all else by its kind. */
static void
set_error (const Check *check, const char *path, GQuark domain, int code, GError **error)
{
  static const char *const types[] = { "null", "boolean", "integer", "number", "string", "name", "array", "object" };
  g_autofree char *where = describe_path (check, path);
  const WireValue *wrong = &check->view->values[check->wrong];
  gboolean shows = wrong->type == WIRE_INTEGER && strstr (check->expected, "integer") != NULL;
  const char *got = shows ? check->view->text + wrong->offset : types[wrong->type];

  g_set_error (error, domain, code, "%s%sexpected %s, got %.*s", where, where[0] != '\0' ? ": " : "", check->expected,
               shows ? (int) wrong->length : (int) strlen (got), got);
}

gboolean
wire_shape_check (const WireMember *member, const WireView *view, guint place, const char *path, GQuark domain, int code,
                  GError **error)
{
  Check check = { .view = view, .capacity = FIRST_FRAMES };
  gboolean good;

  check.frames = check.first;
  good = check_value (&check, member, member->list, place);
  while (good && check.n_frames > 0)
    {
      Frame *frame = &check.frames[check.n_frames - 1];

      if (frame->next >= frame->end)
        check.n_frames--;
      else
        good = frame->shape != NULL ? step_object (&check, frame) : step_list (&check, frame);
    }
  if (!good)
    set_error (&check, path, domain, code, error);
  if (check.frames != check.first)
    g_free (check.frames);
  return good;
}
