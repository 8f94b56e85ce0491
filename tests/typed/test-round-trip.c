/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "typed/recorded.h"

#include <string.h>

#include "qmp-glib/qmp-event-private.h"

/* Everything that was recorded, of two versions of QEMU and its agent, goes
 * through the one class that it has, and comes out as it went in. */

static struct
{
  guint n_replies;
  guint n_events;
  guint n_unknown;       /* members that no class knows */
  GHashTable *strangers; /* commands and events that no description has */
  GHashTable *old;       /* commands and events heard of 7.2 */
  GHashTable *both;      /* those of them heard of 10.0, too */
} all;

static void
check_reply (const Recorded *recorded)
{
  g_auto (TypedValue) value = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = typed_part (&recorded->document->view, recorded->place);

  typed_read_result (recorded->library, recorded->command, recorded->document, recorded->place, &value, &error);
  g_assert_no_error (error);
  all.n_unknown += typed_round_trip (&value, text, recorded->command->name);
  all.n_replies++;
}

static void
check_event (const Recorded *recorded)
{
  const WireView *view = &recorded->document->view;
  QmpEvent *event = qmp_event_new (wire_document_ref (recorded->document), wire_view_member (view, 0, "event"), recorded->place,
                                   wire_view_member (view, 0, "timestamp"));
  g_autofree char *text = recorded->place != 0 ? typed_part (view, recorded->place) : g_strdup ("{}");
  g_autoptr (GError) error = NULL;
  QmpStruct *object = qmp_event_to_struct (event, &error);
  WireMember member = { "", WIRE_KIND_OBJECT };
  g_auto (TypedValue) value = { 0 };

  g_assert_no_error (error);
  member.of = wire_body_of (object)->shape;
  value = (TypedValue) { &member, { WIRE_SLOT_SET, { .pointer = object } } };
  all.n_unknown += typed_round_trip (&value, text, recorded->event);
  all.n_events++;
  typed_clear (&value);
  qmp_event_unref (event);
}

static void
check (const Recorded *recorded)
{
  const char *name = recorded->command != NULL ? recorded->command->name : recorded->event;

  if (recorded->old)
    g_hash_table_add (all.old, (gpointer) name);
  else if (g_hash_table_contains (all.old, name))
    g_hash_table_add (all.both, (gpointer) name);
  if (recorded->command != NULL)
    check_reply (recorded);
  else
    check_event (recorded);
}

static int
compare_age (gconstpointer a, gconstpointer b)
{
  return !(*(const Recorded *const *) a)->old - !(*(const Recorded *const *) b)->old;
}

static void
tell (const char *what, GHashTable *names)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_test_message ("%s: %s", what, (char *) name);
}

/* Only what nobody could describe is not described: names that were made up to
 * be refused are not there, since a refusal returns nothing. */
static void
test_recorded (void)
{
  g_autoptr (GPtrArray) paths = recorded_list ();
  g_autoptr (GPtrArray) messages = g_ptr_array_new ();
  g_autoptr (GPtrArray) talks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  all.strangers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  all.old = g_hash_table_new (g_str_hash, g_str_equal);
  all.both = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < paths->len; i++)
    {
      GPtrArray *talk = recorded_load (g_ptr_array_index (paths, i), all.strangers);

      g_ptr_array_add (talks, talk);
      g_ptr_array_extend (messages, talk, NULL, NULL);
    }
  g_ptr_array_sort (messages, compare_age);
  g_ptr_array_foreach (messages, (GFunc) check, NULL);

  tell ("not described", all.strangers);
  tell ("heard of both versions", all.both);
  g_test_message ("%u replies and %u events; %u commands and events of both versions; %u members not known", all.n_replies,
                  all.n_events, g_hash_table_size (all.both), all.n_unknown);
  g_assert_cmpuint (all.n_replies, >, 1000);
  g_assert_cmpuint (all.n_events, >, 400);
  g_assert_cmpuint (g_hash_table_size (all.both), >, 80);
  g_assert_cmpuint (g_hash_table_size (all.strangers), ==, 0);
  g_assert_cmpuint (all.n_unknown, ==, 0);
  g_hash_table_unref (all.strangers);
  g_hash_table_unref (all.old);
  g_hash_table_unref (all.both);
}

int
main (int argc, char **argv)
{
  typed_init (&argc, &argv);
  g_test_add_func ("/typed/round-trip/recorded", test_recorded);
  return g_test_run ();
}
