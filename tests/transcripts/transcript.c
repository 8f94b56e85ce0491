/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "transcripts/transcript.h"

#include <json-glib/json-glib.h>
#include <string.h>

static void
free_line (gpointer data)
{
  TalkLine *line = data;

  g_free (line->channel);
  g_free (line->bytes);
  g_free (line);
}

void
talk_free (Talk *talk)
{
  g_ptr_array_unref (talk->lines);
  g_ptr_array_unref (talk->channels);
  g_free (talk->name);
  g_free (talk);
}

/* Bytes are written down as the characters of the same numbers. */
static char *
decode_bytes (const char *text, gsize *length)
{
  char *bytes = g_malloc (strlen (text) + 1), *to = bytes;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    *to++ = (char) g_utf8_get_char (p);
  *to = '\0';
  *length = (gsize) (to - bytes);
  return bytes;
}

/* QEMU ends what it says with a newline: behind the last one stands the
 * recorder's own remark, or what it cut off. */
static void
cut_remark (char *bytes, gsize *length)
{
  while (*length > 0 && bytes[*length - 1] != '\n')
    --*length;
}

static char *
get_bytes (JsonObject *object, TalkSide side, const char *channel, gsize *length)
{
  g_autofree char *text = NULL;
  char *bytes;

  if (json_object_has_member (object, "bytes"))
    {
      bytes = decode_bytes (json_object_get_string_member (object, "bytes"), length);
      if (side == TALK_PEER)
        cut_remark (bytes, length);
      return bytes;
    }
  text = json_to_string (json_object_get_member (object, "msg"), FALSE);
  bytes = g_strconcat (text, side == TALK_PEER && g_str_has_prefix (channel, "qmp") ? "\r\n" : "\n", NULL);
  *length = strlen (bytes);
  return bytes;
}

static TalkLine *
parse_line (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);
  TalkLine *line = g_new0 (TalkLine, 1);
  JsonObject *object;
  const char *side;

  g_assert_no_error (error);
  object = json_node_get_object (node);
  side = json_object_get_string_member (object, "dir");
  line->side = *side == '<' ? TALK_PEER : *side == '>' ? TALK_CLIENT : TALK_NOTE;
  line->channel = g_strdup (json_object_get_string_member (object, "ch"));
  line->bytes = get_bytes (object, line->side, line->channel, &line->length);
  return line;
}

Talk *
talk_load (const char *path)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) texts = NULL;
  Talk *talk = g_new0 (Talk, 1);

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  talk->name = g_path_get_basename (path);
  talk->lines = g_ptr_array_new_with_free_func (free_line);
  talk->channels = g_ptr_array_new_with_free_func (g_free);
  texts = g_strsplit (contents, "\n", -1);
  for (guint i = 0; texts[i] != NULL; i++)
    {
      TalkLine *line;

      if (*texts[i] == '\0')
        continue;
      line = parse_line (texts[i]);
      g_ptr_array_add (talk->lines, line);
      if (line->side == TALK_PEER &&
          !g_ptr_array_find_with_equal_func (talk->channels, line->channel, g_str_equal, NULL))
        g_ptr_array_add (talk->channels, g_strdup (line->channel));
    }
  return talk;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* All of them, by name. */
GPtrArray *
transcripts_load (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "transcripts", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *talks = g_ptr_array_new_with_free_func ((GDestroyNotify) talk_free);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".jsonl"))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, compare_names);
  for (guint i = 0; i < paths->len; i++)
    g_ptr_array_add (talks, talk_load (g_ptr_array_index (paths, i)));
  g_assert_cmpuint (talks->len, >, 30);
  return talks;
}

/* Everything that came over a channel. */
GString *
talk_get_peer_bytes (const Talk *talk, const char *channel)
{
  GString *bytes = g_string_new (NULL);

  for (guint i = 0; i < talk->lines->len; i++)
    {
      const TalkLine *line = g_ptr_array_index (talk->lines, i);

      if (line->side == TALK_PEER && g_str_equal (line->channel, channel))
        g_string_append_len (bytes, line->bytes, (gssize) line->length);
    }
  return bytes;
}
