/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "typed/mutation.h"

#include <string.h>

/* --- what stands in the place of what ---------------------------------------------------- */

typedef struct
{
  const char *json;
  WireType type;
  const char *got;     /* as errors say it */
  gboolean is_bytes;   /* base64 */
} Substitute;

static const Substitute substitutes[] = {
  { "null", WIRE_NULL, "null" },
  { "\"no such thing!\"", WIRE_STRING, "string" },
  { "\"QUJD\"", WIRE_STRING, "string", TRUE },
  { "5", WIRE_INTEGER, "integer" },
  { "-7", WIRE_INTEGER, "integer" },
  { "300000", WIRE_INTEGER, "integer" },
  { "18446744073709551615", WIRE_INTEGER, "integer" },
  { "2.5", WIRE_REAL, "number" },
  { "true", WIRE_BOOLEAN, "boolean" },
  { "[]", WIRE_ARRAY, "array" },
  { "{}", WIRE_OBJECT, "object" },
};

/* A place in the seed. */
typedef struct
{
  const WireMember *member;  /* NULL: nobody knows it, and anything may stand there */
  gboolean list;
  char *path;
  gsize at;                  /* of the value's text */
  gsize length;
  gsize cut_at;              /* of what goes with it when it is taken away; 0 length: it cannot be */
  gsize cut_length;
} Site;

static void
clear_site (gpointer data)
{
  g_free (((Site *) data)->path);
}

/* --- the rules ------------------------------------------------------------------------------ */

static gboolean
is_within (WireKind kind, const char *json)
{
  gboolean negative = json[0] == '-';
  guint64 number = g_ascii_strtoull (negative ? json + 1 : json, NULL, 10);

  switch (kind)
    {
    case WIRE_KIND_INT8:
      return number <= 127;
    case WIRE_KIND_INT16:
      return number <= 32767;
    case WIRE_KIND_INT32:
      return number <= 2147483647;
    case WIRE_KIND_INT64:
      return number <= 9223372036854775807;
    case WIRE_KIND_UINT8:
      return !negative && number <= 255;
    case WIRE_KIND_UINT16:
      return !negative && number <= 65535;
    case WIRE_KIND_UINT32:
      return !negative && number <= 4294967295;
    default:
      return !negative;
    }
}

static const char *
name_integer (WireKind kind)
{
  switch (kind)
    {
    case WIRE_KIND_INT8:
      return "integer of 8 bits";
    case WIRE_KIND_INT16:
      return "integer of 16 bits";
    case WIRE_KIND_INT32:
      return "integer of 32 bits";
    case WIRE_KIND_INT64:
      return "integer";
    case WIRE_KIND_UINT8:
      return "unsigned integer of 8 bits";
    case WIRE_KIND_UINT16:
      return "unsigned integer of 16 bits";
    case WIRE_KIND_UINT32:
      return "unsigned integer of 32 bits";
    default:
      return "unsigned integer";
    }
}

static gboolean
is_of_kind (const WireMember *member, gboolean list, WireType type)
{
  if (list)
    return type == WIRE_ARRAY;
  switch ((WireKind) member->kind)
    {
    case WIRE_KIND_NULL:
      return type == WIRE_NULL;
    case WIRE_KIND_BOOLEAN:
      return type == WIRE_BOOLEAN;
    case WIRE_KIND_STRING:
    case WIRE_KIND_ENUM:
    case WIRE_KIND_BASE64:
      return type == WIRE_STRING;
    case WIRE_KIND_OBJECT:
      return type == WIRE_OBJECT;
    case WIRE_KIND_DOUBLE:
      return type == WIRE_REAL || type == WIRE_INTEGER;
    default:
      return type == WIRE_INTEGER;
    }
}

/* What the error says of it behind the path; NULL for what fits. */
static char *
judge (const WireMember *member, gboolean list, const Substitute *substitute)
{
  const WireShape *shape = member != NULL ? member->of : NULL;
  const char *expected;

  if (member == NULL || (!list && member->kind == WIRE_KIND_ANY))
    return NULL;
  if (!list && member->kind == WIRE_KIND_ALTERNATE)
    {
      for (guint i = 0; i < shape->n_members; i++)
        if (is_of_kind (&shape->members[i], shape->members[i].list, substitute->type))
          return judge (&shape->members[i], shape->members[i].list, substitute);
      return g_strdup_printf ("expected %s, got %s", shape->name, substitute->got);
    }
  if (list)
    expected = "array";
  else if (wire_member_is_signed (member) || wire_member_is_unsigned (member))
    expected = name_integer (member->kind);
  else
    expected = member->kind == WIRE_KIND_NULL      ? "null"
               : member->kind == WIRE_KIND_BOOLEAN ? "boolean"
               : member->kind == WIRE_KIND_DOUBLE  ? "number"
               : member->kind == WIRE_KIND_OBJECT  ? "object"
               : member->kind == WIRE_KIND_BASE64  ? "base64"
                                                   : "string";
  if (is_of_kind (member, list, substitute->type))
    {
      if (!list && member->kind == WIRE_KIND_BASE64 && !substitute->is_bytes)
        return g_strdup ("expected base64, got string");
      if (list || substitute->type != WIRE_INTEGER || member->kind == WIRE_KIND_DOUBLE || is_within (member->kind, substitute->json))
        return NULL;
    }
  return g_strdup_printf ("expected %s, got %s", expected,
                          substitute->type == WIRE_INTEGER && strstr (expected, "integer") != NULL ? substitute->json : substitute->got);
}

/* --- the places -------------------------------------------------------------------------------- */

static void find_sites (GArray *sites, const WireView *view, const WireMember *member, gboolean list, const char *path,
                        guint place, gsize cut_at, gsize cut_end);

/* What is taken away is the member or element and one comma, if there is one. */
static void
find_sites_inside (GArray *sites, const WireView *view, const WireMember *member, gboolean list, const char *path, guint place)
{
  gboolean object = view->values[place].type == WIRE_OBJECT;
  const WireShape *shape =
      object && member != NULL && !list && member->kind == WIRE_KIND_OBJECT ? wire_shape_find_branch (member->of, view, place) : NULL;
  guint n = 0, end = view->values[place].next;

  for (guint i = place + 1; i < end; n++)
    {
      guint value = i + object, next = wire_view_after (view, value);
      const WireMember *inner = list ? member : NULL;
      g_autofree char *inner_path = NULL;
      gsize first_length, last_length;
      const char *first = wire_view_get_json (view, i, &first_length), *last = wire_view_get_json (view, value, &last_length);
      gsize from = (gsize) (first - view->text), to = (gsize) (last - view->text) + last_length;

      if (object)
        {
          g_autofree char *name = wire_view_dup_string (view, i);
          guint known = shape != NULL ? wire_shape_find_name (shape, name) : G_MAXUINT;

          inner = shape != NULL && known < shape->n_members ? &shape->members[known] : NULL;
          inner_path = g_strdup_printf ("%s%s%s", path, path[0] != '\0' ? "." : "", name);
        }
      else
        inner_path = g_strdup_printf ("%s[%u]", path, n);
      if (next < end)
        to++;
      else if (n > 0)
        from--;
      find_sites (sites, view, inner, object && inner != NULL && inner->list, inner_path, value, from, to);
      i = next;
    }
}

static void
find_sites (GArray *sites, const WireView *view, const WireMember *member, gboolean list, const char *path, guint place,
            gsize cut_at, gsize cut_end)
{
  gsize length;
  const char *text = wire_view_get_json (view, place, &length);
  WireType type = view->values[place].type;
  const WireShape *shape = member != NULL ? member->of : NULL;
  Site site = { member, list, g_strdup (path), (gsize) (text - view->text), length, cut_at, cut_end - cut_at };

  g_array_append_val (sites, site);
  if (member != NULL && !list && member->kind == WIRE_KIND_ALTERNATE)
    {
      guint i = 0;

      while (!is_of_kind (&shape->members[i], shape->members[i].list, type))
        i++;
      member = &shape->members[i];
      list = member->list;
    }
  if (type >= WIRE_ARRAY)
    find_sites_inside (sites, view, member, list, path, place);
}

/* --- cases ---------------------------------------------------------------------------------------- */

/* It was read: then it says what its text says, and everything in it can be
 * asked for. */
static void
check_good (const Seed *seed, const TypedValue *value, const char *json, MutationCount *count)
{
  g_autofree char *same = typed_to_json (value);

  if (wire_member_is_object (seed->member))
    g_assert_cmpstr (same, ==, json);
  count->n_walked += typed_walk (value);
  count->n_read++;
}

static void
try_text (const Seed *seed, const GString *text, const char *path, const char *expected, MutationCount *count)
{
  g_autoptr (WireDocument) document = typed_read (text->str, text->len);
  g_auto (TypedValue) value = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL, *json = NULL;
  gboolean done;

  count->n_cases++;
  if (document == NULL)
    g_error ("the test's own text is no message: %s", text->str);
  done = typed_read_value (seed->member, document, 2, seed->name, &value, &error);
  if (expected == NULL)
    {
      if (!done)
        g_error ("%s: refused: %s", text->str, error->message);
      json = typed_part (&document->view, 2);
      check_good (seed, &value, json, count);
      return;
    }
  if (done)
    g_error ("%s: should be refused at %s: %s", text->str, path, expected);
  message = g_strdup_printf ("%s%s%s", path, path[0] != '\0' ? ": " : "", expected);
  g_assert_error (error, QMP_ERROR, (gint) QMP_ERROR_UNEXPECTED_VALUE);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_null (value.member);
  count->n_refused++;
}

static void
mutate (const Seed *seed, const WireView *view, const Site *site, GString *text, MutationCount *count)
{
  for (guint i = 0; i < G_N_ELEMENTS (substitutes); i++)
    {
      g_autofree char *expected = judge (site->member, site->list, &substitutes[i]);

      g_string_truncate (text, 0);
      g_string_append_len (text, view->text, (gssize) site->at);
      g_string_append (text, substitutes[i].json);
      g_string_append_len (text, view->text + site->at + site->length, (gssize) (view->length - site->at - site->length));
      try_text (seed, text, site->path, expected, count);
    }
  if (site->cut_length == 0)
    return;
  g_string_truncate (text, 0);
  g_string_append_len (text, view->text, (gssize) site->cut_at);
  g_string_append_len (text, view->text + site->cut_at + site->cut_length,
                       (gssize) (view->length - site->cut_at - site->cut_length));
  try_text (seed, text, site->path, NULL, count);
}

void
mutate_all (const Seed *seed, MutationCount *count)
{
  g_autofree char *message = g_strdup_printf ("{\"return\":%s}", seed->json);
  g_autoptr (WireDocument) document = typed_read (message, strlen (message));
  g_autoptr (GArray) sites = g_array_new (FALSE, FALSE, sizeof (Site));
  g_autoptr (GString) text = g_string_new (message);

  g_array_set_clear_func (sites, clear_site);
  if (document == NULL)
    g_error ("the test's own text is no message: %s", message);
  try_text (seed, text, seed->name, NULL, count);
  find_sites (sites, &document->view, seed->member, seed->member->list, seed->name, 2, 0, 0);
  for (guint i = 0; i < sites->len; i++)
    mutate (seed, &document->view, &g_array_index (sites, Site, i), text, count);
}
