/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "typed/mutation.h"

#include <string.h>

#include "typed/recorded.h"

/* Every member of every value, at every depth, taken away, made null, and made
 * a thing of another type: it is refused with the very place, or read. */

static const WireShape *const all_shapes[] = {
#include "typed/all-shapes.inc"
};

static void
tell (const char *what, guint n_seeds, const MutationCount *count)
{
  g_test_message ("%s: %u values, %" G_GUINT64_FORMAT " cases: %" G_GUINT64_FORMAT " refused, %" G_GUINT64_FORMAT
                  " read, in which %" G_GUINT64_FORMAT " things were asked for",
                  what, n_seeds, count->n_cases, count->n_refused, count->n_read, count->n_walked);
}

/* --- what was recorded ------------------------------------------------------------------ */

static WireMember
describe (const Recorded *recorded)
{
  const WireEventShape *event;

  if (recorded->command != NULL)
    return recorded->command->result;
  event = wire_event_shape_find (qmp_event_shapes, qmp_n_event_shapes, recorded->event);
  return (WireMember) { "", WIRE_KIND_OBJECT, .of = event->shape };
}

static guint
mutate_recorded (const Recorded *recorded, GHashTable *seen, MutationCount *count)
{
  g_autofree char *signature = NULL, *json = NULL, *name = NULL, *key = NULL;
  WireMember member = describe (recorded);
  Seed seed = { .member = &member };

  if (recorded->place == 0 || (recorded->command != NULL && !recorded->command->has_result) ||
      !wire_member_is_pointer (&member))
    return 0;
  json = sample_reduce (&member, &recorded->document->view, recorded->place, &signature);
  name = recorded->command != NULL ? g_strdup_printf ("%s: return", recorded->command->name) : g_strdup (recorded->event);
  key = g_strconcat (name, signature, NULL);
  if (!g_hash_table_add (seen, g_steal_pointer (&key)))
    return 0;
  seed.name = name;
  seed.json = json;
  mutate_all (&seed, count);
  return 1;
}

static void
test_recorded (void)
{
  g_autoptr (GPtrArray) paths = recorded_list ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  MutationCount count = { 0 };
  guint n = 0;

  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (GPtrArray) talk = recorded_load (g_ptr_array_index (paths, i), NULL);

      for (guint j = 0; j < talk->len; j++)
        n += mutate_recorded (g_ptr_array_index (talk, j), seen, &count);
    }
  tell ("recorded", n, &count);
  g_assert_cmpuint (n, >, 80);
}

/* --- what was made up ---------------------------------------------------------------------- */

static guint
mutate_samples (const WireMember *member, const char *name, guint n_choices, MutationCount *count)
{
  for (guint i = 0; i < n_choices; i++)
    {
      g_autofree char *json = sample_make (member, i);
      Seed seed = { name, member, json };

      mutate_all (&seed, count);
    }
  return n_choices;
}

static guint
mutate_results (const WireCommand *const *commands, guint n_commands, MutationCount *count)
{
  guint n = 0;

  for (guint i = 0; i < n_commands; i++)
    {
      const WireMember *member = &commands[i]->result;
      g_autofree char *name = g_strdup_printf ("%s: return", commands[i]->name);

      if (commands[i]->has_result && wire_member_is_pointer (member))
        n += mutate_samples (member, name, wire_member_is_object (member) ? sample_count_choices (member->of) : 1, count);
    }
  return n;
}

/* Results of all commands, and what all events carry. */
static void
test_results (void)
{
  MutationCount count = { 0 };
  guint n = mutate_results (qmp_commands, qmp_n_commands, &count) + mutate_results (qga_commands, qga_n_commands, &count);

  for (guint i = 0; i < qmp_n_event_shapes; i++)
    {
      WireMember member = { "", WIRE_KIND_OBJECT, .of = qmp_event_shapes[i].shape };

      n += mutate_samples (&member, qmp_event_shapes[i].name, 1, &count);
    }
  tell ("results and events", n, &count);
  g_assert_cmpuint (n, >, 200);
}

/* All types, also those that only go into commands; each branch of each union
 * and each alternative by itself. */
static void
test_types (void)
{
  MutationCount count = { 0 };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (all_shapes); i++)
    {
      const WireShape *shape = all_shapes[i];
      WireMember member = { "", shape->alternate ? WIRE_KIND_ALTERNATE : WIRE_KIND_OBJECT, .of = shape };

      if (shape->base == NULL)
        n += mutate_samples (&member, "", sample_count_choices (shape), &count);
    }
  tell ("types", n, &count);
  g_assert_cmpuint (n, >, 800);
}

int
main (int argc, char **argv)
{
  typed_init (&argc, &argv);
  g_test_add_func ("/typed/mutations/recorded", test_recorded);
  g_test_add_func ("/typed/mutations/results", test_results);
  g_test_add_func ("/typed/mutations/types", test_types);
  return g_test_run ();
}
