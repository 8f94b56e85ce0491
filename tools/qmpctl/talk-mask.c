/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "talk-mask.h"

#include <string.h>

#include "tool-json.h"

static void append (GString *json, const char *command, const char *name, QmpValue *value, QmpValue *object);

/* `object` is what the member is of; NULL for elements of lists. */
static gboolean
is_secret (const char *command, const char *name, QmpValue *object)
{
  const char *const names[] = { "password", "passwd", "keydata", NULL };
  g_autofree char *type = NULL;

  if (name == NULL || object == NULL)
    return FALSE;
  if (g_strv_contains (names, name))
    return TRUE;
  if (strcmp (name, "secret") == 0)
    return strcmp (command, "sev-inject-launch-secret") == 0;
  if (strcmp (name, "data") != 0)
    return FALSE;
  type = qmp_value_dup_member_string (object, "qom-type");
  return type != NULL && g_str_has_prefix (type, "secret");
}

/* scheme://user:password@host */
static char *
mask_urls (const char *text)
{
  static GRegex *pattern;

  if (g_once_init_enter (&pattern))
    g_once_init_leave (&pattern, g_regex_new ("(://[^/@:\\s]*:)[^/@\\s]+@", G_REGEX_OPTIMIZE, 0, NULL));
  return g_regex_replace (pattern, text, -1, 0, "\\1" TALK_MASK "@", 0, NULL);
}

static void
append_string (GString *json, const char *command, QmpValue *value)
{
  g_autofree char *text = qmp_value_dup_string (value);
  g_autofree char *harmless = text != NULL ? mask_urls (text) : NULL;
  g_autofree char *quoted = NULL;

  if (strcmp (command, "human-monitor-command") == 0 && text != NULL &&
      (strstr (text, "passw") != NULL || strstr (text, "secret") != NULL))
    g_string_append (json, "\"" TALK_MASK "\"");
  else
    {
      quoted = harmless != NULL ? tool_json_quote (harmless) : qmp_value_to_json (value);
      g_string_append (json, quoted);
    }
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
append_object (GString *json, const char *command, QmpValue *object)
{
  g_auto (GStrv) names = qmp_value_dup_member_names (object);

  qsort (names, g_strv_length (names), sizeof (char *), compare);
  g_string_append_c (json, '{');
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (QmpValue) member = qmp_value_get_member (object, names[i]);
      g_autofree char *quoted = tool_json_quote (names[i]);

      g_string_append_printf (json, "%s%s:", i > 0 ? "," : "", quoted);
      append (json, command, names[i], member, object);
    }
  g_string_append_c (json, '}');
}

static void
append_list (GString *json, const char *command, QmpValue *list)
{
  g_string_append_c (json, '[');
  for (guint i = 0; i < qmp_value_get_length (list); i++)
    {
      g_autoptr (QmpValue) element = qmp_value_get_element (list, i);

      g_string_append (json, i > 0 ? "," : "");
      append (json, command, NULL, element, NULL);
    }
  g_string_append_c (json, ']');
}

/* As deep as the library lets a value be. */
static void
append (GString *json, const char *command, const char *name, QmpValue *value, QmpValue *object)
{
  QmpValueKind kind = qmp_value_get_kind (value);

  if (is_secret (command, name, object))
    g_string_append (json, "\"" TALK_MASK "\"");
  else if (kind == QMP_VALUE_OBJECT)
    append_object (json, command, value);
  else if (kind == QMP_VALUE_ARRAY)
    append_list (json, command, value);
  else if (kind == QMP_VALUE_STRING)
    append_string (json, command, value);
  else
    {
      g_autofree char *text = qmp_value_to_json (value);

      g_string_append (json, text);
    }
}

char *
talk_mask (const char *command, QmpValue *arguments)
{
  GString *json = g_string_new (NULL);

  append (json, command, NULL, arguments, NULL);
  return g_string_free (json, FALSE);
}

/* --- comparing ------------------------------------------------------------------- */

static gboolean
match_objects (QmpValue *recorded, QmpValue *given)
{
  g_auto (GStrv) names = qmp_value_dup_member_names (recorded);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (QmpValue) one = qmp_value_get_member (recorded, names[i]);
      g_autoptr (QmpValue) other = qmp_value_get_member (given, names[i]);

      if (other == NULL || !talk_matches (one, other))
        return FALSE;
    }
  return TRUE;
}

static gboolean
match_lists (QmpValue *recorded, QmpValue *given)
{
  for (guint i = 0; i < qmp_value_get_length (recorded); i++)
    {
      g_autoptr (QmpValue) one = qmp_value_get_element (recorded, i);
      g_autoptr (QmpValue) other = qmp_value_get_element (given, i);

      if (!talk_matches (one, other))
        return FALSE;
    }
  return TRUE;
}

/* Text in which a password may be masked. */
static gboolean
match_strings (QmpValue *recorded, QmpValue *given)
{
  g_autofree char *one = qmp_value_dup_string (recorded);
  g_autofree char *other = qmp_value_dup_string (given);
  g_autofree char *masked = other != NULL ? mask_urls (other) : NULL;

  return g_strcmp0 (one, other) == 0 || g_strcmp0 (one, masked) == 0;
}

gboolean
talk_matches (QmpValue *recorded, QmpValue *given)
{
  QmpValueKind kind = qmp_value_get_kind (recorded);
  g_autofree char *text = kind == QMP_VALUE_STRING ? qmp_value_dup_string (recorded) : NULL;
  g_autofree char *one = NULL;
  g_autofree char *other = NULL;

  if (g_strcmp0 (text, TALK_MASK) == 0)
    return TRUE;
  if (kind != qmp_value_get_kind (given))
    return FALSE;
  if (kind == QMP_VALUE_OBJECT || kind == QMP_VALUE_ARRAY)
    return qmp_value_get_length (recorded) == qmp_value_get_length (given) &&
           (kind == QMP_VALUE_OBJECT ? match_objects (recorded, given) : match_lists (recorded, given));
  if (kind == QMP_VALUE_STRING)
    return match_strings (recorded, given);

  one = qmp_value_to_json (recorded);
  other = qmp_value_to_json (given);
  return strcmp (one, other) == 0;
}
