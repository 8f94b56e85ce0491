/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <string.h>

/* The tree of a whole machine. */

static QmpConnection *
start (Live *live)
{
  live_start_monitor (live, "-machine", "q35", "-m", "64", "-vga", "std", "-device", "virtio-rng-pci,id=rng", "-object",
                      "memory-backend-ram,id=ram,size=1M", NULL);
  return live_open (live);
}

static void
load (QmpQomNode *node)
{
  g_autoptr (GError) error = NULL;
  gboolean loaded = qmp_qom_node_load (node, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (loaded);
}

static QmpQomNode *
load_path (QmpConnection *connection, const char *path)
{
  QmpQomNode *node = qmp_qom_node_new (connection, path);

  load (node);
  return node;
}

typedef struct
{
  guint nodes;
  guint values;
  guint refused;
  guint links;
} Count;

static void
follow (QmpQomNode *node, const char *name, Count *count)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpQomNode) target = qmp_qom_node_follow (node, name, NULL, &error);

  if (target == NULL)
    {
      g_assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) || error->domain == QMP_ERROR);
      return;
    }
  load (target);
  count->links++;
}

static void
assert_kind (const char *type, QmpValue *value)
{
  static const struct
  {
    const char *type;
    QmpValueKind kind;
  } known[] = {
    { "bool", QMP_VALUE_BOOLEAN }, { "uint8", QMP_VALUE_INTEGER },  { "uint16", QMP_VALUE_INTEGER },
    { "uint32", QMP_VALUE_INTEGER }, { "uint64", QMP_VALUE_INTEGER }, { "string", QMP_VALUE_STRING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (type, known[i].type) == 0)
      g_assert_cmpint (qmp_value_get_kind (value), ==, known[i].kind);
}

static void
read_all (QmpQomNode *node, Count *count)
{
  g_autoptr (GPtrArray) properties = qmp_qom_node_get_properties (node);

  for (guint i = 0; i < properties->len; i++)
    {
      g_autoptr (GError) error = NULL;
      const char *name = qmp_object_property_info_get_name (properties->pdata[i]);
      const char *type = qmp_object_property_info_get_type_member (properties->pdata[i]);
      g_autoptr (QmpValue) value = qmp_qom_node_read (node, name, NULL, &error);

      if (value == NULL)
        {
          g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
          count->refused++;
          continue;
        }
      count->values++;
      assert_kind (type, value);
      if (g_str_has_prefix (type, "link<"))
        follow (node, name, count);
    }
}

static void
test_whole_tree (Live *live, gconstpointer data)
{
  g_autoptr (QmpConnection) connection = start (live);
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);
  Count count = { 0 };

  g_ptr_array_add (waiting, qmp_qom_node_new (connection, "/"));
  while (waiting->len > 0)
    {
      g_autoptr (QmpQomNode) node = g_ptr_array_steal_index_fast (waiting, waiting->len - 1);

      load (node);
      g_assert_nonnull (qmp_qom_node_get_type_name (node));
      count.nodes++;
      read_all (node, &count);
      for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (node)); i++)
        g_ptr_array_add (waiting, g_list_model_get_item (G_LIST_MODEL (node), i));
    }
  g_test_message ("%u nodes, %u values, %u refused, %u links", count.nodes, count.values, count.refused, count.links);
  g_assert_cmpuint (count.nodes, >, 100);
  g_assert_cmpuint (count.values, >, 1000);
  g_assert_cmpuint (count.links, >, 10);
}

static void
test_device (Live *live, gconstpointer data)
{
  g_autoptr (QmpConnection) connection = start (live);
  g_autoptr (QmpQomNode) peripheral = load_path (connection, "/machine/peripheral");
  g_autoptr (QmpQomNode) bus = NULL;
  g_autoptr (QmpValue) hotplugged = NULL;
  g_autoptr (GError) error = NULL;
  QmpQomNode *rng = qmp_qom_node_find_child (peripheral, "rng");
  gboolean truth = TRUE;

  g_assert_nonnull (rng);
  g_assert_cmpstr (qmp_qom_node_get_type_name (peripheral), ==, "container");
  g_assert_cmpstr (qmp_qom_node_get_type_name (rng), ==, "virtio-rng-pci");
  load (rng);
  g_assert_cmpstr (qmp_object_property_info_get_type_member (qmp_qom_node_find_property (rng, "hotplugged")), ==, "bool");
  hotplugged = qmp_qom_node_read (rng, "hotplugged", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (qmp_value_get_boolean (hotplugged, &truth) && !truth);
  bus = qmp_qom_node_follow (rng, "parent_bus", NULL, &error);
  g_assert_no_error (error);
  load (bus);
  g_assert_cmpstr (qmp_qom_node_get_type_name (bus), ==, "PCIE");
}

static gboolean
get_merge (QmpQomNode *ram)
{
  g_autoptr (QmpValue) value = qmp_qom_node_read (ram, "merge", NULL, NULL);
  gboolean merge = FALSE;

  g_assert_true (qmp_value_get_boolean (value, &merge));
  return merge;
}

static void
test_write (Live *live, gconstpointer data)
{
  g_autoptr (QmpConnection) connection = start (live);
  g_autoptr (QmpQomNode) ram = load_path (connection, "/objects/ram");
  g_autoptr (QmpQomNode) gone = qmp_qom_node_new (connection, "/objects/gone");
  g_autoptr (GError) error = NULL;

  g_assert_true (get_merge (ram));
  g_assert_true (qmp_qom_node_write (ram, "merge", "false", NULL, &error));
  g_assert_no_error (error);
  g_assert_false (get_merge (ram));
  g_assert_false (qmp_qom_node_write (ram, "merge", "7", NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_clear_error (&error);
  g_assert_false (qmp_qom_node_write (ram, "size", "2097152", NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_clear_error (&error);
  g_assert_false (qmp_qom_node_write (gone, "merge", "true", NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_DEVICE_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (qmp_qom_node_load (gone, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_DEVICE_NOT_FOUND);
}

static void
test_come_and_gone (Live *live, gconstpointer data)
{
  g_autoptr (QmpConnection) connection = start (live);
  g_autoptr (QmpQomNode) objects = load_path (connection, "/objects"), ram = NULL;
  g_autofree char *added = NULL, *deleted = NULL;

  ram = g_object_ref (qmp_qom_node_find_child (objects, "ram"));
  added = live_run (connection, "object-add", "{\"qom-type\":\"throttle-group\",\"id\":\"group\"}");
  load (objects);
  g_assert_cmpstr (qmp_qom_node_get_type_name (qmp_qom_node_find_child (objects, "group")), ==, "throttle-group");
  g_assert_true (qmp_qom_node_find_child (objects, "ram") == ram);
  deleted = live_run (connection, "object-del", "{\"id\":\"group\"}");
  load (objects);
  g_assert_null (qmp_qom_node_find_child (objects, "group"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/live/qom/whole-tree", test_whole_tree);
  LIVE_TEST ("/live/qom/device", test_device);
  LIVE_TEST ("/live/qom/write", test_write);
  LIVE_TEST ("/live/qom/come-and-gone", test_come_and_gone);
  return g_test_run ();
}
