/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "typed/recorded.h"

#include <string.h>


typedef struct
{
  GPtrArray *found;
  GHashTable *strangers;
  gboolean old;
  GHashTable *commands;  /* channel and id -> the command's name */
} Loading;

static void
free_recorded (gpointer data)
{
  Recorded *recorded = data;

  wire_document_unref (recorded->document);
  g_free (recorded);
}

static void
add (Loading *self, const char *channel, WireDocument *document, const WireCommand *command, const char *event, guint place)
{
  Recorded *recorded = g_new0 (Recorded, 1);

  *recorded = (Recorded) { g_str_has_prefix (channel, "qga") ? TYPED_QGA : TYPED_QMP, self->old, wire_document_ref (document),
                           command, event, place };
  g_ptr_array_add (self->found, recorded);
}

/* Of what has no id: the last command that had none, but each sync is told by
 * its number. */
static char *
make_key (const char *channel, const WireView *view, guint id, guint number)
{
  g_autofree char *text = id != 0 ? typed_part (view, id) : NULL;
  g_autofree char *sync = number != 0 && view->values[number].type == WIRE_INTEGER ? typed_part (view, number) : NULL;

  return g_strdup_printf ("%s %s %s", channel, text != NULL ? text : "", text == NULL && sync != NULL ? sync : "");
}

static void
hear_command (Loading *self, const char *channel, const WireView *view, guint name)
{
  guint arguments = wire_view_member (view, 0, "arguments");
  g_autofree char *text = wire_view_dup_string (view, name);
  guint number = g_str_has_prefix (text, "guest-sync") ? wire_view_member (view, arguments, "id") : 0;

  g_hash_table_insert (self->commands, make_key (channel, view, wire_view_member (view, 0, "id"), number), g_steal_pointer (&text));
}

static void
hear_reply (Loading *self, const char *channel, WireDocument *document, guint place)
{
  guint id = wire_view_member (&document->view, 0, "id");
  g_autofree char *key = make_key (channel, &document->view, id, place);
  const char *name = g_hash_table_lookup (self->commands, key);
  const WireCommand *command;

  if (name == NULL)
    return;
  command = typed_find_command (g_str_has_prefix (channel, "qga") ? TYPED_QGA : TYPED_QMP, name);
  if (command != NULL)
    add (self, channel, document, command, NULL, place);
  else if (self->strangers != NULL)
    g_hash_table_add (self->strangers, g_strdup (name));
}

static void
hear_event (Loading *self, const char *channel, WireDocument *document, guint place)
{
  g_autofree char *name = wire_view_dup_string (&document->view, place);
  const WireEventShape *event = wire_event_shape_find (qmp_event_shapes, qmp_n_event_shapes, name);

  if (event != NULL)
    add (self, channel, document, NULL, event->name, wire_view_member (&document->view, 0, "data"));
  else if (self->strangers != NULL)
    g_hash_table_add (self->strangers, g_strdup (name));
}

static void
hear (Loading *self, const char *channel, const char *text, gsize length)
{
  g_autoptr (WireDocument) document = typed_read (text, length);
  guint place;

  if (document == NULL)
    return;
  if ((place = wire_view_member (&document->view, 0, "execute")) != 0)
    hear_command (self, channel, &document->view, place);
  else if ((place = wire_view_member (&document->view, 0, "return")) != 0)
    hear_reply (self, channel, document, place);
  else if ((place = wire_view_member (&document->view, 0, "event")) != 0)
    hear_event (self, channel, document, place);
}

/* Only whole messages of what was recorded byte by byte. */
static void
hear_bytes (Loading *self, const char *channel, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *first = strchr (lines[i], '{');

      if (first != NULL)
        hear (self, channel, first, strlen (first));
    }
}

static void
load_line (Loading *self, const char *line)
{
  g_autoptr (WireDocument) document = typed_read (line, strlen (line));
  const WireView *view = &document->view;
  g_autofree char *channel = NULL, *bytes = NULL;
  guint message = wire_view_member (view, 0, "msg"), text = wire_view_member (view, 0, "bytes");
  gsize length;
  const char *json;

  g_assert_nonnull (document);
  channel = wire_view_dup_string (view, wire_view_member (view, 0, "ch"));
  if (text != 0)
    {
      bytes = wire_view_dup_string (view, text);
      hear_bytes (self, channel, bytes);
    }
  else if (view->values[message].type == WIRE_OBJECT)
    {
      json = wire_view_get_json (view, message, &length);
      hear (self, channel, json, length);
    }
}

GPtrArray *
recorded_load (const char *path, GHashTable *strangers)
{
  g_autofree char *contents = NULL, *name = g_path_get_basename (path);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;
  Loading loading = { .strangers = strangers, .old = g_str_has_prefix (name, "7.2-") };

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  loading.found = g_ptr_array_new_with_free_func (free_recorded);
  loading.commands = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  lines = g_strsplit (contents, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0')
      load_line (&loading, lines[i]);
  g_hash_table_unref (loading.commands);
  return loading.found;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The paths of all talks, by name. */
GPtrArray *
recorded_list (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "transcripts", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".jsonl"))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, compare_names);
  g_assert_cmpuint (paths->len, >, 30);
  return paths;
}
