/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "talk.h"

#include <string.h>

#include "tool-app.h"

static void
talk_entry_free (TalkEntry *entry)
{
  g_free (entry->name);
  g_clear_pointer (&entry->value, qmp_value_unref);
  g_free (entry->class_name);
  g_free (entry->description);
  g_free (entry);
}

static TalkEntry *
add_entry (Talk *talk, TalkKind kind, double time)
{
  TalkEntry *entry = g_new0 (TalkEntry, 1);

  entry->kind = kind;
  entry->time = time;
  g_ptr_array_add (talk->entries, entry);
  return entry;
}

void
talk_free (Talk *talk)
{
  g_ptr_array_unref (talk->entries);
  g_clear_object (&talk->version);
  g_free (talk);
}

/* --- the kinds of messages ---------------------------------------------------------- */

static void
read_greeting (Talk *talk, QmpValue *greeting)
{
  g_autoptr (QmpValue) version = qmp_value_get_member (greeting, "version");
  g_autoptr (QmpValue) numbers = version != NULL ? qmp_value_get_member (version, "qemu") : NULL;
  g_autofree char *package = version != NULL ? qmp_value_dup_member_string (version, "package") : NULL;
  guint64 major, minor, micro;

  if (numbers == NULL || talk->version != NULL || !qmp_value_get_member_uint64 (numbers, "major", &major) ||
      !qmp_value_get_member_uint64 (numbers, "minor", &minor) || !qmp_value_get_member_uint64 (numbers, "micro", &micro))
    return;
  talk->version = qmp_version_new ((guint) MIN (major, 999), (guint) MIN (minor, 999), (guint) MIN (micro, 999), package);
}

/* The latest command of that id that has no reply yet. */
static void
read_reply (Talk *talk, double time, QmpValue *message, GHashTable *waiting)
{
  TalkEntry *entry = add_entry (talk, TALK_REPLY, time);
  g_autoptr (QmpValue) error = qmp_value_get_member (message, "error");
  g_autoptr (QmpValue) id = qmp_value_get_member (message, "id");
  g_autofree char *key = id != NULL ? qmp_value_to_json (id) : NULL;
  TalkEntry *command = key != NULL ? g_hash_table_lookup (waiting, key) : NULL;

  entry->value = qmp_value_get_member (message, "return");
  if (error != NULL)
    {
      entry->class_name = qmp_value_dup_member_string (error, "class");
      entry->description = qmp_value_dup_member_string (error, "desc");
    }
  if (command != NULL)
    command->reply = talk->entries->len - 1;
  if (key != NULL)
    g_hash_table_remove (waiting, key);
}

static void
read_command (TalkEntry *entry, QmpValue *message, GHashTable *waiting)
{
  g_autoptr (QmpValue) id = qmp_value_get_member (message, "id");

  entry->value = qmp_value_get_member (message, "arguments");
  if (id != NULL)
    g_hash_table_insert (waiting, qmp_value_to_json (id), entry);
}

static gboolean
read_message (Talk *talk, double time, gboolean from_qemu, QmpValue *message, GHashTable *waiting)
{
  g_autoptr (QmpValue) greeting = qmp_value_get_member (message, "QMP");
  g_autofree char *event = qmp_value_dup_member_string (message, "event");
  g_autofree char *command = qmp_value_dup_member_string (message, "execute");
  TalkEntry *entry;

  if (command == NULL)
    command = qmp_value_dup_member_string (message, "exec-oob");
  if (from_qemu && greeting != NULL)
    read_greeting (talk, greeting);
  else if (from_qemu && event != NULL)
    {
      entry = add_entry (talk, TALK_EVENT, time);
      entry->name = g_steal_pointer (&event);
      entry->value = qmp_value_get_member (message, "data");
    }
  else if (from_qemu && (qmp_value_has_member (message, "return") || qmp_value_has_member (message, "error")))
    read_reply (talk, time, message, waiting);
  else if (!from_qemu && command != NULL)
    {
      entry = add_entry (talk, TALK_COMMAND, time);
      entry->name = g_steal_pointer (&command);
      read_command (entry, message, waiting);
    }
  else
    return FALSE;
  return TRUE;
}

/* --- lines ---------------------------------------------------------------------------- */

static gboolean
read_line (Talk *talk, const char *text, guint number, GHashTable *waiting, GError **error)
{
  g_autoptr (QmpValue) line = qmp_value_new_from_json (text, error);
  g_autoptr (QmpValue) message = NULL;
  g_autofree char *direction = NULL;
  double time = 0;

  if (line == NULL)
    {
      g_prefix_error (error, "line %u: ", number);
      return FALSE;
    }
  message = qmp_value_get_member (line, "msg");
  direction = qmp_value_dup_member_string (line, "dir");
  if (message != NULL && qmp_value_get_member_double (line, "t", &time) && direction != NULL &&
      (strcmp (direction, "<") == 0 || strcmp (direction, ">") == 0) &&
      read_message (talk, time, *direction == '<', message, waiting))
    return TRUE;

  g_set_error (error, TOOL_ERROR, TOOL_ERROR_FAILED, "line %u: no {\"t\": SECONDS, \"dir\": \"<\" or \">\", \"msg\": {…}}",
               number);
  return FALSE;
}

Talk *
talk_read (const char *path, GError **error)
{
  g_autoptr (Talk) talk = g_new0 (Talk, 1);
  g_autoptr (GHashTable) waiting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  talk->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) talk_entry_free);
  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;

  /* places begin at 1, so that 0 is none */
  add_entry (talk, TALK_REPLY, 0)->used = TRUE;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && !read_line (talk, lines[i], i + 1, waiting, error))
      {
        g_prefix_error (error, "%s: ", path);
        return NULL;
      }
  return g_steal_pointer (&talk);
}
