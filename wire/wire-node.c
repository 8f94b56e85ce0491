/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-node.h"

static JsonNode *
new_number (const WireView *view, guint value)
{
  JsonNode *node = json_node_alloc ();
  gint64 integer;
  guint64 wide;
  double real;

  if (wire_view_get_int64 (view, value, &integer))
    return json_node_init_int (node, integer);
  if (wire_view_get_uint64 (view, value, &wide))
    return json_node_init_int (node, (gint64) wide);
  if (!wire_view_get_double (view, value, &real))
    real = 0;
  return json_node_init_double (node, real);
}

static JsonNode *
new_string (const WireView *view, guint value)
{
  g_autofree char *text = wire_view_dup_string (view, value);

  return json_node_init_string (json_node_alloc (), text);
}

static JsonNode *
new_container (WireType type)
{
  JsonNode *node = json_node_alloc ();

  if (type == WIRE_ARRAY)
    {
      g_autoptr (JsonArray) array = json_array_new ();

      return json_node_init_array (node, array);
    }
  else
    {
      g_autoptr (JsonObject) object = json_object_new ();

      return json_node_init_object (node, object);
    }
}

static JsonNode *
new_value (const WireView *view, guint value)
{
  gboolean truth;

  switch ((WireType) view->values[value].type)
    {
    case WIRE_BOOLEAN:
      wire_view_get_boolean (view, value, &truth);
      return json_node_init_boolean (json_node_alloc (), truth);
    case WIRE_INTEGER:
    case WIRE_REAL:
      return new_number (view, value);
    case WIRE_STRING:
    case WIRE_KEY:
      return new_string (view, value);
    case WIRE_ARRAY:
    case WIRE_OBJECT:
      return new_container (view->values[value].type);
    case WIRE_NULL:
    default:
      return json_node_init_null (json_node_alloc ());
    }
}

/* A container whose values are still being read. */
typedef struct
{
  JsonNode *node;
  guint next;
} Open;

static void
add (const Open *open, const char *name, JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (open->node))
    json_array_add_element (json_node_get_array (open->node), node);
  else
    json_object_set_member (json_node_get_object (open->node), name, node);
}

/**
 * wire_node_new:
 * @view: a message
 * @value: one of its values
 *
 * Makes the tree with a stack of its own: how deep a message goes is the
 * peer's choice, and this thread's stack is not.
 */
JsonNode *
wire_node_new (const WireView *view, guint value)
{
  guint end = wire_view_after (view, value);
  g_autoptr (GArray) stack = NULL;
  g_autofree char *name = NULL;
  JsonNode *root = new_value (view, value);

  if (view->values[value].type < WIRE_ARRAY)
    return root;
  stack = g_array_new (FALSE, FALSE, sizeof (Open));
  g_array_append_vals (stack, &(Open) { root, end }, 1);
  for (guint i = value + 1; i < end; i++)
    {
      JsonNode *node;

      while (g_array_index (stack, Open, stack->len - 1).next <= i)
        g_array_set_size (stack, stack->len - 1);
      if (view->values[i].type == WIRE_KEY)
        {
          g_free (name);
          name = wire_view_dup_string (view, i);
          continue;
        }
      node = new_value (view, i);
      add (&g_array_index (stack, Open, stack->len - 1), name, node);
      if (view->values[i].type >= WIRE_ARRAY)
        g_array_append_vals (stack, &(Open) { node, view->values[i].next }, 1);
    }
  return root;
}

guint64
wire_node_get_uint64 (JsonNode *node)
{
  return (guint64) json_node_get_int (node);
}

/* An object without members. */
JsonNode *
wire_node_new_empty (void)
{
  JsonNode *node = json_node_alloc ();

  json_node_init (node, JSON_NODE_OBJECT);
  json_node_take_object (node, json_object_new ());
  return node;
}
