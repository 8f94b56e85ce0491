/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mock/mock-agent-private.h"

#include <string.h>

/* What the agent knows to do, and what it answers. */

/* guest-info of 10.0.2 on Linux lists these, in this order. */
static const char *const usual_names[] = {
  "guest-network-get-route", "guest-get-load", "guest-get-cpustats", "guest-get-diskstats",
  "guest-ssh-remove-authorized-keys", "guest-ssh-add-authorized-keys", "guest-ssh-get-authorized-keys",
  "guest-get-osinfo", "guest-get-timezone", "guest-get-users", "guest-get-host-name", "guest-exec", "guest-exec-status",
  "guest-get-memory-block-info", "guest-set-memory-blocks", "guest-get-memory-blocks", "guest-set-user-password",
  "guest-get-fsinfo", "guest-get-disks", "guest-set-vcpus", "guest-get-vcpus", "guest-network-get-interfaces",
  "guest-suspend-hybrid", "guest-suspend-ram", "guest-suspend-disk", "guest-fstrim", "guest-fsfreeze-thaw",
  "guest-fsfreeze-freeze-list", "guest-fsfreeze-freeze", "guest-fsfreeze-status", "guest-file-flush", "guest-file-seek",
  "guest-file-write", "guest-file-read", "guest-file-close", "guest-file-open", "guest-shutdown", "guest-info",
  "guest-set-time", "guest-get-time", "guest-ping", "guest-sync", "guest-sync-delimited",
};

static const char *const silent_names[] = {
  "guest-shutdown", "guest-suspend-disk", "guest-suspend-ram", "guest-suspend-hybrid",
};

/* --- what it knows ---------------------------------------------------------------------- */

static void
free_length (MockLength *length)
{
  g_free (length->before);
  g_free (length->filler);
  g_free (length->after);
  g_free (length);
}

void
mock_agent_free_skill (gpointer data)
{
  MockSkill *skill = data;

  g_free (skill->name);
  g_free (skill->body);
  g_clear_pointer (&skill->length, free_length);
  g_queue_clear_full (&skill->once, g_free);
  g_queue_clear_full (&skill->spoils, g_free);
  g_queue_clear_full (&skill->prefaces, (GDestroyNotify) g_bytes_unref);
  g_free (skill);
}

MockSkill *
mock_agent_find_skill (MockAgent *self, const char *name)
{
  for (guint i = 0; i < self->skills->len; i++)
    {
      MockSkill *skill = g_ptr_array_index (self->skills, i);

      if (g_str_equal (skill->name, name))
        return skill;
    }
  return NULL;
}

MockSkill *
mock_agent_need_skill (MockAgent *self, const char *name)
{
  MockSkill *skill = mock_agent_find_skill (self, name);

  if (skill != NULL)
    return skill;
  skill = g_new0 (MockSkill, 1);
  skill->name = g_strdup (name);
  g_ptr_array_add (self->skills, skill);
  return skill;
}

/* As of now, any answer but this one is forgotten. */
static MockSkill *
set_answer (MockAgent *self, const char *name, char *body)
{
  MockSkill *skill = mock_agent_need_skill (self, name);

  g_clear_pointer (&skill->length, free_length);
  g_free (skill->body);
  skill->body = body;
  return skill;
}

gboolean
mock_agent_is_old (MockAgent *self)
{
  return g_ascii_strtoull (self->version, NULL, 10) < 10;
}

char *
mock_agent_return (const char *format, ...)
{
  g_autofree char *json = NULL;
  va_list values;

  va_start (values, format);
  json = g_strdup_vprintf (format, values);
  va_end (values);
  return g_strconcat ("\"return\": ", json, NULL);
}

char *
mock_agent_error (const char *class_name, const char *format, ...)
{
  g_autofree char *description = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *json = NULL;
  va_list values;

  va_start (values, format);
  description = g_strdup_vprintf (format, values);
  va_end (values);
  node = json_node_init_string (json_node_alloc (), description);
  json = json_to_string (node, FALSE);
  return g_strdup_printf ("\"error\": {\"class\": \"%s\", \"desc\": %s}", class_name, json);
}

void
mock_agent_answer (MockAgent *self, const char *name, const char *json)
{
  mock_agent_lock (self);
  set_answer (self, name, mock_agent_return ("%s", json));
  mock_agent_unlock (self);
}

void
mock_agent_refuse (MockAgent *self, const char *name, const char *class_name, const char *description)
{
  mock_agent_lock (self);
  set_answer (self, name, mock_agent_error (class_name, "%s", description));
  mock_agent_unlock (self);
}

void
mock_agent_answer_once (MockAgent *self, const char *name, const char *json)
{
  mock_agent_lock (self);
  g_queue_push_tail (&mock_agent_need_skill (self, name)->once, mock_agent_return ("%s", json));
  mock_agent_unlock (self);
}

void
mock_agent_refuse_once (MockAgent *self, const char *name, const char *class_name, const char *description)
{
  mock_agent_lock (self);
  g_queue_push_tail (&mock_agent_need_skill (self, name)->once, mock_agent_error (class_name, "%s", description));
  mock_agent_unlock (self);
}

void
mock_agent_answer_with (MockAgent *self, const char *name, MockAgentAnswer answer, gpointer data)
{
  MockSkill *skill;

  mock_agent_lock (self);
  skill = set_answer (self, name, NULL);
  skill->answer = answer;
  skill->data = data;
  mock_agent_unlock (self);
}

void
mock_agent_answer_at_length (MockAgent *self, const char *name, const char *before, const char *filler, gsize size,
                             const char *after)
{
  MockLength length = { g_strdup (before), g_strdup (filler), size, g_strdup (after) };

  mock_agent_lock (self);
  set_answer (self, name, NULL)->length = g_memdup2 (&length, sizeof length);
  mock_agent_unlock (self);
}

/* --- what it is --------------------------------------------------------------------------- */

void
mock_agent_set_version (MockAgent *self, const char *version)
{
  mock_agent_lock (self);
  g_free (self->version);
  self->version = g_strdup (version);
  mock_agent_unlock (self);
}

void
mock_agent_set_echoes_ids (MockAgent *self, gboolean echoes)
{
  mock_agent_lock (self);
  self->refuses_ids = !echoes;
  mock_agent_unlock (self);
}

void
mock_agent_disable (MockAgent *self, const char *name)
{
  mock_agent_lock (self);
  mock_agent_need_skill (self, name)->disabled = TRUE;
  mock_agent_unlock (self);
}

void
mock_agent_enable (MockAgent *self, const char *name)
{
  mock_agent_lock (self);
  mock_agent_need_skill (self, name)->disabled = FALSE;
  mock_agent_unlock (self);
}

void
mock_agent_remove (MockAgent *self, const char *name)
{
  mock_agent_lock (self);
  g_ptr_array_remove (self->skills, mock_agent_find_skill (self, name));
  mock_agent_unlock (self);
}

void
mock_agent_set_success_response (MockAgent *self, const char *name, gboolean responds)
{
  mock_agent_lock (self);
  mock_agent_need_skill (self, name)->no_response = !responds;
  mock_agent_unlock (self);
}

/* --- what goes wrong ------------------------------------------------------------------------- */

void
mock_agent_stay_silent (MockAgent *self, const char *name, guint n_times)
{
  mock_agent_lock (self);
  mock_agent_need_skill (self, name)->n_silent = n_times;
  mock_agent_unlock (self);
}

void
mock_agent_hold (MockAgent *self, const char *name)
{
  mock_agent_lock (self);
  mock_agent_need_skill (self, name)->held = TRUE;
  mock_agent_unlock (self);
}

void
mock_agent_release (MockAgent *self, const char *name)
{
  mock_agent_lock (self);
  mock_agent_need_skill (self, name)->held = FALSE;
  mock_agent_wake (self);
  mock_agent_unlock (self);
}

void
mock_agent_spoil (MockAgent *self, const char *name, MockAgentFault fault, guint n_times)
{
  MockSpoil spoil = { fault + 1, n_times };

  g_assert_cmpuint (n_times, >, 0);
  mock_agent_lock (self);
  g_queue_push_tail (&mock_agent_need_skill (self, name)->spoils, g_memdup2 (&spoil, sizeof spoil));
  mock_agent_unlock (self);
}

void
mock_agent_say_before (MockAgent *self, const char *name, const char *text)
{
  mock_agent_lock (self);
  g_queue_push_tail (&mock_agent_need_skill (self, name)->prefaces, g_bytes_new (text, strlen (text)));
  mock_agent_unlock (self);
}

/* --- of itself ---------------------------------------------------------------------------------------- */

static char *
answer_sync (MockAgent *self, const MockAgentCommand *command, gpointer data)
{
  gint64 id;

  if (!mock_agent_get_integer (command, "id", &id))
    return mock_agent_error ("GenericError", "Parameter 'id' is missing");
  return mock_agent_return ("%" G_GINT64_FORMAT, id);
}

static char *
answer_info (MockAgent *self, const MockAgentCommand *command, gpointer data)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < self->skills->len; i++)
    {
      const MockSkill *skill = g_ptr_array_index (self->skills, i);
      gboolean enabled = !skill->disabled && (!self->frozen || mock_agent_is_allowed_when_frozen (skill->name));

      g_string_append_printf (list, "%s{\"enabled\": %s, \"name\": \"%s\", \"success-response\": %s}", i > 0 ? ", " : "",
                              enabled ? "true" : "false", skill->name, skill->no_response ? "false" : "true");
    }
  return mock_agent_return ("{\"version\": \"%s\", \"supported_commands\": [%s]}", self->version, list->str);
}

void
mock_agent_init_skills (MockAgent *self)
{
  self->skills = g_ptr_array_new_with_free_func (mock_agent_free_skill);
  for (guint i = 0; i < G_N_ELEMENTS (usual_names); i++)
    mock_agent_need_skill (self, usual_names[i]);
  for (guint i = 0; i < G_N_ELEMENTS (silent_names); i++)
    mock_agent_need_skill (self, silent_names[i])->no_response = TRUE;
  mock_agent_answer (self, "guest-ping", "{}");
  mock_agent_answer_with (self, "guest-sync", answer_sync, NULL);
  mock_agent_answer_with (self, "guest-sync-delimited", answer_sync, NULL);
  mock_agent_answer_with (self, "guest-info", answer_info, NULL);
}

gboolean
mock_agent_get_integer (const MockAgentCommand *command, const char *name, gint64 *number)
{
  JsonNode *node = json_object_get_member (command->members, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *number = json_node_get_int (node);
  return TRUE;
}

/* NULL when there is none. */
const char *
mock_agent_get_string (const MockAgentCommand *command, const char *name)
{
  JsonNode *node = json_object_get_member (command->members, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
         ? json_node_get_string (node) : NULL;
}
