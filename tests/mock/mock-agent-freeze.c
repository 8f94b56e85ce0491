/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mock/mock-agent-private.h"

/* guest-fsfreeze-*: while frozen, the agent does these alone. */

static const char *const allowed_names[] = {
  "guest-ping", "guest-info", "guest-sync", "guest-sync-delimited", "guest-fsfreeze-status", "guest-fsfreeze-thaw", NULL,
};

gboolean
mock_agent_is_allowed_when_frozen (const char *name)
{
  return g_strv_contains (allowed_names, name);
}

static char *
answer_status (MockAgent *self, const MockAgentCommand *command, gpointer data)
{
  return mock_agent_return ("\"%s\"", self->frozen ? "frozen" : "thawed");
}

static char *
answer_freeze (MockAgent *self, const MockAgentCommand *command, gpointer data)
{
  JsonNode *list = json_object_get_member (command->members, "mountpoints");
  guint n = self->n_filesystems;

  if (list != NULL && JSON_NODE_HOLDS_ARRAY (list))
    n = MIN (n, json_array_get_length (json_node_get_array (list)));
  self->frozen = TRUE;
  return mock_agent_return ("%u", n);
}

static char *
answer_thaw (MockAgent *self, const MockAgentCommand *command, gpointer data)
{
  guint n = self->frozen ? self->n_filesystems : 0;

  self->frozen = FALSE;
  return mock_agent_return ("%u", n);
}

void
mock_agent_set_frozen (MockAgent *self, gboolean frozen)
{
  mock_agent_lock (self);
  self->frozen = frozen;
  mock_agent_unlock (self);
}

gboolean
mock_agent_is_frozen (MockAgent *self)
{
  gboolean frozen;

  mock_agent_lock (self);
  frozen = self->frozen;
  mock_agent_unlock (self);
  return frozen;
}

void
mock_agent_set_filesystems (MockAgent *self, guint n)
{
  mock_agent_lock (self);
  self->n_filesystems = n;
  mock_agent_unlock (self);
}

void
mock_agent_init_freeze (MockAgent *self)
{
  self->n_filesystems = 2;
  mock_agent_answer_with (self, "guest-fsfreeze-status", answer_status, NULL);
  mock_agent_answer_with (self, "guest-fsfreeze-freeze", answer_freeze, NULL);
  mock_agent_answer_with (self, "guest-fsfreeze-freeze-list", answer_freeze, NULL);
  mock_agent_answer_with (self, "guest-fsfreeze-thaw", answer_thaw, NULL);
}
