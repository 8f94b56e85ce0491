/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <qmp-glib/qmp-glib.h>

/* A schema with one thing wrong at a time: each member of each entry, and of
 * each object within, is left out, of another type, null, or the name of
 * something else. What comes of it is an error, or a schema that can be used
 * from one end to the other. */

static inline void
schema_mutants_use (QmpSchema *schema)
{
  g_auto (GStrv) commands = qmp_schema_dup_command_names (schema), events = qmp_schema_dup_event_names (schema);

  for (guint i = 0; commands[i] != NULL; i++)
    {
      g_autoptr (QmpSchemaType) type = qmp_schema_get_arguments_type (schema, commands[i]);
      g_autoptr (QmpSchemaType) result = qmp_schema_get_result_type (schema, commands[i]);
      g_autoptr (GPtrArray) members = qmp_schema_type_get_members (type);

      g_assert_nonnull (result);
      qmp_schema_check_arguments_json (schema, commands[i], "{\"driver\":\"file\",\"file\":{\"driver\":[]}}", NULL);
      qmp_schema_check_result_json (schema, commands[i], "[{\"device\":[{}]}]", NULL);
      qmp_schema_has_argument (schema, commands[i], "file.file.driver");
      for (guint k = 0; k < members->len; k++)
        {
          const char *name = qmp_schema_member_get_name (members->pdata[k]);
          g_autofree char *text = g_strdup_printf ("{\"%s\":{}}", name);

          qmp_schema_has_argument_value (schema, commands[i], name, "file");
          qmp_schema_check_arguments_json (schema, commands[i], text, NULL);
        }
    }
  for (guint i = 0; events[i] != NULL; i++)
    qmp_schema_check_event_json (schema, events[i], "{\"device\":7}", NULL);
}

static inline JsonNode *
schema_mutants_get_other (JsonNode *old, guint way)
{
  JsonNode *node = json_node_alloc ();

  if (way == 0)
    return json_node_init_null (node);
  if (way == 1)
    return json_node_init_string (node, "int");
  if (JSON_NODE_HOLDS_VALUE (old))
    {
      g_autoptr (JsonArray) array = json_array_new ();

      return json_node_init_array (node, array);
    }
  return json_node_init_int (node, 7);
}

#define SCHEMA_MUTANTS_WAYS 4u

static inline gboolean
schema_mutants_try (JsonNode *root, JsonObject *object, const char *name, guint way)
{
  g_autoptr (JsonNode) kept = json_object_dup_member (object, name);
  g_autofree char *text = NULL;
  g_autoptr (QmpSchema) schema = NULL;
  g_autoptr (GError) error = NULL;

  if (way == SCHEMA_MUTANTS_WAYS - 1)
    json_object_remove_member (object, name);
  else
    json_object_set_member (object, name, schema_mutants_get_other (kept, way));
  text = json_to_string (root, FALSE);
  json_object_set_member (object, name, g_steal_pointer (&kept));
  schema = qmp_schema_new_from_json (text, &error);
  if (schema != NULL)
    schema_mutants_use (schema);
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  return schema == NULL;
}

static inline void
schema_mutants_collect (JsonNode *node, GPtrArray *objects)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      g_autoptr (GList) values = json_object_get_values (json_node_get_object (node));

      g_ptr_array_add (objects, json_node_get_object (node));
      for (GList *value = values; value != NULL; value = value->next)
        schema_mutants_collect (value->data, objects);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      schema_mutants_collect (json_array_get_element (json_node_get_array (node), i), objects);
}

/* Tries every n-th mutant; tells how many it tried. */
static inline guint
schema_mutants_run (const char *json, guint nth, guint *n_refused)
{
  g_autoptr (JsonNode) root = json_from_string (json, NULL);
  g_autoptr (GPtrArray) objects = g_ptr_array_new ();
  guint n = 0, n_tried = 0;

  schema_mutants_collect (root, objects);
  for (guint i = 0; i < objects->len; i++)
    {
      g_autoptr (GList) names = json_object_get_members (objects->pdata[i]);
      g_autoptr (GPtrArray) copies = g_ptr_array_new_with_free_func (g_free);

      for (GList *name = names; name != NULL; name = name->next)
        g_ptr_array_add (copies, g_strdup (name->data));
      for (guint k = 0; k < copies->len; k++)
        for (guint way = 0; way < SCHEMA_MUTANTS_WAYS; way++)
          if (n++ % nth == 0)
            {
              *n_refused += schema_mutants_try (root, objects->pdata[i], copies->pdata[k], way);
              n_tried++;
            }
    }
  return n_tried;
}
