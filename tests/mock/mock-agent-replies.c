/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mock/mock-agent-private.h"

#include <string.h>

/* How the agent does a command, and how the reply to it comes to be, sound or
 * spoilt. */

/* --- replies ------------------------------------------------------------------------------------ */

static char *
get_sync_id (const MockAgentCommand *command)
{
  gint64 id = 0;

  mock_agent_get_integer (command, "id", &id);
  return g_strdup_printf ("%" G_GINT64_FORMAT, id);
}

/* What went before it, of the same kind. */
static const MockAgentCommand *
get_earlier (MockAgent *self, const MockAgentCommand *command)
{
  const MockAgentCommand *earlier = NULL;

  for (guint i = 0; i < self->commands->len && g_ptr_array_index (self->commands, i) != command; i++)
    if (mock_agent_is_sync (g_ptr_array_index (self->commands, i)) == mock_agent_is_sync (command))
      earlier = g_ptr_array_index (self->commands, i);
  return earlier;
}

static char *
spoil_id (MockAgent *self, const MockAgentCommand *command, const char *id, guint fault)
{
  gboolean is_number = id != NULL && g_ascii_isdigit (*id);
  const MockAgentCommand *earlier;

  switch (fault)
    {
    case MOCK_AGENT_WRONG_ID + 1:
      return is_number ? g_strdup_printf ("%" G_GINT64_FORMAT, g_ascii_strtoll (id, NULL, 10) + 1) : g_strdup ("\"wrong\"");
    case MOCK_AGENT_PAST_ID + 1:
      earlier = get_earlier (self, command);
      g_assert_nonnull (earlier);
      return mock_agent_is_sync (earlier) ? get_sync_id (earlier) : g_strdup (earlier->id);
    case MOCK_AGENT_OTHER_TYPE_OF_ID + 1:
      return is_number ? g_strdup_printf ("\"%s\"", id) : g_strdup ("17");
    case MOCK_AGENT_NO_ID + 1:
      return NULL;
    default:
      return g_strdup (id);
    }
}

/* The line around a reply: what stands before its body, and what after it.
 * As the agent has it, the id stands behind a return and ahead of an error. */
static void
make_frame (const char *id, gboolean is_error, char **before, char **after)
{
  gboolean leads = id != NULL && is_error;
  gboolean trails = id != NULL && !is_error;

  *before = leads ? g_strdup_printf ("{\"id\": %s, ", id) : g_strdup ("{");
  *after = trails ? g_strdup_printf (", \"id\": %s}\n", id) : g_strdup ("}\n");
}

static void
push_text (MockAgent *self, const char *text, gsize length)
{
  mock_agent_push (self, text, length, length);
}

static guint
take_fault (MockSkill *skill)
{
  MockSpoil *spoil = skill != NULL ? g_queue_peek_head (&skill->spoils) : NULL;
  guint fault;

  if (spoil == NULL)
    return 0;
  fault = spoil->fault;
  if (spoil->n_times != MOCK_AGENT_ALWAYS && --spoil->n_times == 0)
    g_free (g_queue_pop_head (&skill->spoils));
  return fault;
}

static void
mark_answered (MockAgent *self, MockAgentCommand *command)
{
  command->answered = TRUE;
  if (self->open_sync == command)
    self->open_sync = NULL;
  if (self->open_command == command)
    self->open_command = NULL;
}

static void
say_prefaces (MockAgent *self, MockSkill *skill)
{
  GBytes *bytes;

  while (skill != NULL && (bytes = g_queue_pop_head (&skill->prefaces)) != NULL)
    {
      push_text (self, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_bytes_unref (bytes);
    }
}

/* The id is the command's own, but for a sync: there, what it returns is
 * spoilt. */
static char *
make_line (MockAgent *self, const MockAgentCommand *command, const char *body, guint fault)
{
  gboolean is_sync = mock_agent_is_sync (command) && g_str_has_prefix (body, "\"return\"");
  g_autofree char *sync_id = is_sync ? get_sync_id (command) : NULL;
  g_autofree char *id = spoil_id (self, command, is_sync ? sync_id : command->id, fault);
  g_autofree char *before = NULL, *after = NULL, *sync_body = NULL;
  gboolean delimits = is_sync && g_str_equal (command->name, "guest-sync-delimited") &&
                      fault != MOCK_AGENT_NO_DELIMITER + 1;

  if (is_sync && fault != 0)
    sync_body = mock_agent_return ("%s", id != NULL ? id : "{}");
  make_frame (is_sync ? command->id : id, g_str_has_prefix (body, "\"error\""), &before, &after);
  return g_strconcat (delimits ? "\xff" : "", before, sync_body != NULL ? sync_body : body, after, NULL);
}

static gboolean
is_harmless (guint fault)
{
  return fault == 0 || fault == MOCK_AGENT_DOUBLED + 1;
}

void
mock_agent_say_reply (MockAgent *self, MockAgentCommand *command, const char *body)
{
  MockSkill *skill = mock_agent_find_skill (self, command->name);
  guint fault = take_fault (skill);
  g_autofree char *line = make_line (self, command, body, fault);
  gsize length = strlen (line);

  say_prefaces (self, skill);
  push_text (self, line, fault == MOCK_AGENT_CUT + 1 ? length / 2 : length);
  if (fault == MOCK_AGENT_DOUBLED + 1)
    push_text (self, line, length);
  if (!mock_agent_is_sync (command) || is_harmless (fault))
    mark_answered (self, command);
}

static void
say_at_length (MockAgent *self, MockAgentCommand *command, MockSkill *skill)
{
  const MockLength *length = skill->length;
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (GString) filler = g_string_new (length->filler);

  while (filler->len < 65536)
    g_string_append (filler, length->filler);
  make_frame (command->id, FALSE, &before, &after);
  push_text (self, before, strlen (before));
  push_text (self, "\"return\": ", strlen ("\"return\": "));
  push_text (self, length->before, strlen (length->before));
  mock_agent_push (self, filler->str, filler->len, length->size);
  push_text (self, length->after, strlen (length->after));
  push_text (self, after, strlen (after));
  mark_answered (self, command);
}

void
mock_agent_say_return (MockAgent *self, const MockAgentCommand *command, const char *json)
{
  g_autofree char *body = mock_agent_return ("%s", json);

  mock_agent_lock (self);
  mock_agent_say_reply (self, (MockAgentCommand *) command, body);
  mock_agent_unlock (self);
}

void
mock_agent_say_sync (MockAgent *self, guint n)
{
  const MockAgentCommand *command = mock_agent_get_sync (self, n);
  g_autofree char *id = get_sync_id (command);

  mock_agent_say_return (self, command, id);
}

/* --- doing ---------------------------------------------------------------------------------------- */

/* Of what it could not read; without an id. */
static void
complain (MockAgent *self, const char *description)
{
  g_autofree char *line = g_strdup_printf ("{\"error\": {\"class\": \"GenericError\", \"desc\": \"%s\"}}\n", description);

  push_text (self, line, strlen (line));
}

/* A refusal that needs no skill; NULL when the command may be done. */
static char *
refuse (MockAgent *self, const MockAgentCommand *command, MockSkill *skill)
{
  const char *words = mock_agent_is_old (self) ? "" : ": the command is not allowed";

  if (skill == NULL)
    return mock_agent_error ("CommandNotFound", "The command %s has not been found", command->name);
  if (self->frozen && !mock_agent_is_allowed_when_frozen (command->name))
    {
      if (mock_agent_is_old (self))
        words = ": the agent is in frozen state";
    }
  else if (!skill->disabled)
    return NULL;
  return mock_agent_error ("CommandNotFound", "Command %s has been disabled%s", command->name, words);
}

static char *
make_body (MockAgent *self, MockAgentCommand *command, MockSkill *skill)
{
  char *body = refuse (self, command, skill);

  if (body != NULL)
    return body;
  if (!g_queue_is_empty (&skill->once))
    return g_queue_pop_head (&skill->once);
  if (skill->body != NULL)
    return g_strdup (skill->body);
  if (skill->answer != NULL)
    return skill->answer (self, command, skill->data);
  if (!skill->no_response)
    g_error ("the test has no answer for: %s", command->text);
  return NULL;
}

static gboolean
is_silent (MockSkill *skill)
{
  if (skill == NULL || skill->n_silent == 0)
    return FALSE;
  if (skill->n_silent != MOCK_AGENT_ALWAYS)
    skill->n_silent--;
  return TRUE;
}

static void
do_command (MockAgent *self, MockAgentCommand *command)
{
  MockSkill *skill = mock_agent_find_skill (self, command->name);
  gboolean is_long = skill != NULL && skill->length != NULL && g_queue_is_empty (&skill->once);
  g_autofree char *body = NULL;

  if (self->refuses_ids && command->id != NULL)
    {
      complain (self, "QMP input object member 'id' is unexpected");
      mark_answered (self, command);
      return;
    }
  body = is_long ? refuse (self, command, skill) : make_body (self, command, skill);
  if (is_silent (skill))
    return;
  if (is_long && body == NULL)
    say_at_length (self, command, skill);
  else if (body != NULL)
    mock_agent_say_reply (self, command, body);
}

/* FALSE when there is nothing to do, or something is still being done. */
gboolean
mock_agent_do_next (MockAgent *self)
{
  MockInput *input = g_queue_peek_head (&self->inputs);
  MockSkill *skill;

  if (input == NULL)
    return FALSE;
  skill = input->command != NULL ? mock_agent_find_skill (self, input->command->name) : NULL;
  if (skill != NULL && skill->held)
    return FALSE;
  g_queue_pop_head (&self->inputs);
  if (input->command != NULL)
    do_command (self, input->command);
  else
    complain (self, input->complaint);
  mock_agent_free_input (input);
  return TRUE;
}
