/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "small-schema.h"

static void
assert_names (char **names, const char *expected)
{
  g_autofree char *joined = g_strjoinv (" ", names);

  g_assert_cmpstr (joined, ==, expected);
  g_strfreev (names);
}

/* --- what there is --------------------------------------------------------------- */

static void
test_commands (void)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();

  assert_names (qmp_schema_dup_command_names (schema),
                "block_resize blockdev-add device_add device_del qom-set query-block query-status set_link x-tree yank");
  g_assert_true (qmp_schema_has_command (schema, "blockdev-add"));
  g_assert_false (qmp_schema_has_command (schema, "blockdev_add"));
  g_assert_false (qmp_schema_has_command (schema, "STOP"));
  g_assert_false (qmp_schema_has_command (schema, ""));
  g_assert_true (qmp_schema_has_command_feature (schema, "x-tree", "unstable"));
  g_assert_false (qmp_schema_has_command_feature (schema, "x-tree", "deprecated"));
  g_assert_false (qmp_schema_has_command_feature (schema, "nonsense", "unstable"));
  g_assert_true (qmp_schema_allows_out_of_band (schema, "yank"));
  g_assert_false (qmp_schema_allows_out_of_band (schema, "set_link"));
  g_assert_false (qmp_schema_allows_out_of_band (schema, "device_del"));
  g_assert_false (qmp_schema_allows_out_of_band (schema, "nonsense"));
}

static void
test_events (void)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();

  assert_names (qmp_schema_dup_event_names (schema), "BLOCK_IO_ERROR MEM_UNPLUG_ERROR STOP");
  g_assert_true (qmp_schema_has_event (schema, "STOP"));
  g_assert_false (qmp_schema_has_event (schema, "yank"));
  g_assert_true (qmp_schema_has_event_feature (schema, "MEM_UNPLUG_ERROR", "deprecated"));
  g_assert_false (qmp_schema_has_event_feature (schema, "STOP", "deprecated"));
  g_assert_false (qmp_schema_has_event_feature (schema, "NONSENSE", "deprecated"));
  g_assert_true (qmp_schema_has_event_member (schema, "BLOCK_IO_ERROR", "device"));
  g_assert_false (qmp_schema_has_event_member (schema, "STOP", "device"));
  g_assert_false (qmp_schema_has_event_member (schema, "NONSENSE", "device"));
}

static void
test_arguments (void)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();
  static const char *const there[] = {
    "driver", "node-name", "file", "filename", "aio", "file.driver", "file.filename", "file.file.file.aio", "children",
    "children.driver", "children.children.aio", "__com.redhat_trace", "__com.redhat_trace.level",
    "file.__com.redhat_trace.level",
  };
  static const char *const absent[] = {
    "", ".", "drver", "node_name", "file.", ".file", "file..driver", "driver.x", "aio.threads", "children.nonsense",
    "__com", "__com.redhat", "__com.redhat_trace.", "__",
  };

  for (guint i = 0; i < G_N_ELEMENTS (there); i++)
    if (!qmp_schema_has_argument (schema, "blockdev-add", there[i]))
      g_error ("%s is not found", there[i]);
  for (guint i = 0; i < G_N_ELEMENTS (absent); i++)
    if (qmp_schema_has_argument (schema, "blockdev-add", absent[i]))
      g_error ("%s is found", absent[i]);
  g_assert_false (qmp_schema_has_argument (schema, "nonsense", "driver"));
  g_assert_true (qmp_schema_has_argument (schema, "device_add", "driver"));
  g_assert_false (qmp_schema_has_argument (schema, "device_add", "chardev"));
}

static void
test_argument_features (void)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();

  g_assert_true (qmp_schema_has_argument_feature (schema, "blockdev-add", "children.aio", "unstable"));
  g_assert_false (qmp_schema_has_argument_feature (schema, "blockdev-add", "children.aio", "deprecated"));
  g_assert_false (qmp_schema_has_argument_feature (schema, "blockdev-add", "nonsense", "unstable"));
  g_assert_false (qmp_schema_has_argument_feature (schema, "nonsense", "aio", "unstable"));
}

static void
test_argument_values (void)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();

  g_assert_true (qmp_schema_has_argument_value (schema, "blockdev-add", "driver", "qcow2"));
  g_assert_true (qmp_schema_has_argument_value (schema, "blockdev-add", "file.aio", "io_uring"));
  g_assert_false (qmp_schema_has_argument_value (schema, "blockdev-add", "file.aio", "io-uring"));
  g_assert_false (qmp_schema_has_argument_value (schema, "blockdev-add", "node-name", "qcow2"));
  g_assert_false (qmp_schema_has_argument_value (schema, "blockdev-add", "nonsense", "qcow2"));
  g_assert_false (qmp_schema_has_argument_value (schema, "nonsense", "driver", "qcow2"));
  /* a list of an enum's values, and one among other types */
  g_assert_true (qmp_schema_has_argument_value (schema, "x-tree", "modes", "threads"));
  g_assert_true (qmp_schema_has_argument_value (schema, "x-tree", "mode", "native"));
}

static void
test_result_members (void)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();

  g_assert_true (qmp_schema_has_result_member (schema, "query-status", "running"));
  g_assert_false (qmp_schema_has_result_member (schema, "query-status", "device"));
  g_assert_true (qmp_schema_has_result_member (schema, "query-block", "device"));
  g_assert_true (qmp_schema_has_result_member (schema, "query-block", "inserted.backing.backing.ro"));
  g_assert_false (qmp_schema_has_result_member (schema, "nonsense", "device"));
}

/* --- the tree ---------------------------------------------------------------------- */

static void
test_object (void)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();
  g_autoptr (QmpSchemaType) type = qmp_schema_get_arguments_type (schema, "blockdev-add");
  g_autoptr (QmpSchemaType) branch = qmp_schema_type_get_branch (type, "qcow2"), aio_type = NULL, driver_type = NULL;
  g_autoptr (QmpSchemaMember) driver = qmp_schema_type_get_member (type, "driver"), aio = NULL;
  g_autoptr (QmpSchemaType) file = qmp_schema_type_get_branch (type, "file");
  g_autoptr (GPtrArray) members = qmp_schema_type_get_members (type);

  g_clear_object (&schema);
  g_assert_cmpint (qmp_schema_type_get_kind (type), ==, QMP_SCHEMA_KIND_OBJECT);
  g_assert_cmpint (qmp_schema_type_get_json_type (type), ==, QMP_SCHEMA_JSON_TYPE_OBJECT);
  g_assert_cmpstr (qmp_schema_type_get_name (type), ==, "10");
  g_assert_cmpuint (members->len, ==, 4);
  g_assert_cmpstr (qmp_schema_member_get_name (members->pdata[0]), ==, "driver");
  g_assert_cmpstr (qmp_schema_member_get_name (members->pdata[1]), ==, "node-name");
  g_assert_false (qmp_schema_member_is_optional (members->pdata[0]));
  g_assert_true (qmp_schema_member_is_optional (members->pdata[1]));
  g_assert_cmpstr (qmp_schema_type_get_tag_name (type), ==, "driver");
  assert_names (qmp_schema_type_dup_cases (type), "file qcow2 quorum");
  g_assert_null (qmp_schema_type_get_branch (type, "null-co"));
  g_assert_null (qmp_schema_type_get_branch (type, "nonsense"));
  g_assert_null (qmp_schema_type_get_member (type, "filename"));
  assert_names (qmp_schema_type_dup_features (branch), "");
  assert_names (qmp_schema_type_dup_features (file), "dynamic-auto-read-only");
  g_assert_true (qmp_schema_type_has_feature (file, "dynamic-auto-read-only"));
  g_assert_false (qmp_schema_type_has_feature (branch, "dynamic-auto-read-only"));

  aio = qmp_schema_type_get_member (file, "aio");
  g_assert_true (qmp_schema_member_has_feature (aio, "unstable"));
  assert_names (qmp_schema_member_dup_features (aio), "unstable");
  assert_names (qmp_schema_member_dup_features (driver), "");
  driver_type = qmp_schema_member_get_value_type (driver);
  aio_type = qmp_schema_member_get_value_type (aio);
  assert_names (qmp_schema_type_dup_values (driver_type), "qcow2 file quorum null-co");
  g_assert_cmpint (qmp_schema_type_get_kind (aio_type), ==, QMP_SCHEMA_KIND_ENUM);
  g_assert_cmpint (qmp_schema_type_get_json_type (aio_type), ==, QMP_SCHEMA_JSON_TYPE_STRING);
  g_assert_true (qmp_schema_type_has_value (aio_type, "native"));
  g_assert_false (qmp_schema_type_has_value (aio_type, "nativ"));
  g_assert_true (qmp_schema_type_has_value_feature (aio_type, "io_uring", "unstable"));
  g_assert_false (qmp_schema_type_has_value_feature (aio_type, "native", "unstable"));
  g_assert_false (qmp_schema_type_has_value_feature (aio_type, "nonsense", "unstable"));
}

static void
test_array_and_alternate (void)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();
  g_autoptr (QmpSchemaType) block = qmp_schema_get_result_type (schema, "query-block");
  g_autoptr (QmpSchemaType) element = qmp_schema_type_get_element_type (block), reference = NULL;
  g_autoptr (QmpSchemaType) arguments = qmp_schema_get_arguments_type (schema, "blockdev-add");
  g_autoptr (QmpSchemaType) qcow2 = qmp_schema_type_get_branch (arguments, "qcow2");
  g_autoptr (QmpSchemaMember) file = qmp_schema_type_get_member (qcow2, "file");
  g_autoptr (GPtrArray) alternatives = NULL;

  g_assert_cmpint (qmp_schema_type_get_kind (block), ==, QMP_SCHEMA_KIND_ARRAY);
  g_assert_cmpint (qmp_schema_type_get_json_type (block), ==, QMP_SCHEMA_JSON_TYPE_ARRAY);
  g_assert_cmpint (qmp_schema_type_get_kind (element), ==, QMP_SCHEMA_KIND_OBJECT);
  reference = qmp_schema_member_get_value_type (file);
  g_assert_cmpint (qmp_schema_type_get_kind (reference), ==, QMP_SCHEMA_KIND_ALTERNATE);
  g_assert_cmpint (qmp_schema_type_get_json_type (reference), ==, QMP_SCHEMA_JSON_TYPE_ANY);
  alternatives = qmp_schema_type_get_alternatives (reference);
  g_assert_cmpuint (alternatives->len, ==, 2);
  g_assert_cmpint (qmp_schema_type_get_json_type (alternatives->pdata[0]), ==, QMP_SCHEMA_JSON_TYPE_OBJECT);
  g_assert_cmpint (qmp_schema_type_get_json_type (alternatives->pdata[1]), ==, QMP_SCHEMA_JSON_TYPE_STRING);
  g_assert_cmpint (qmp_schema_type_get_kind (alternatives->pdata[1]), ==, QMP_SCHEMA_KIND_BUILTIN);
}

/* What a type is not, it has nothing of. */
static void
test_other_kinds (void)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();
  g_autoptr (QmpSchemaType) array = qmp_schema_get_result_type (schema, "query-block");
  g_autoptr (QmpSchemaType) object = qmp_schema_get_event_type (schema, "STOP");
  g_autoptr (GPtrArray) members = qmp_schema_type_get_members (array), types = qmp_schema_type_get_alternatives (object);

  g_assert_cmpuint (members->len, ==, 0);
  g_assert_cmpuint (types->len, ==, 0);
  g_assert_null (qmp_schema_type_get_member (array, "device"));
  g_assert_null (qmp_schema_type_get_tag_name (array));
  g_assert_null (qmp_schema_type_get_branch (array, "device"));
  g_assert_null (qmp_schema_type_get_element_type (object));
  g_assert_false (qmp_schema_type_has_value (object, "x"));
  assert_names (qmp_schema_type_dup_values (object), "");
  assert_names (qmp_schema_type_dup_cases (object), "");
  g_assert_null (qmp_schema_get_arguments_type (schema, "nonsense"));
  g_assert_null (qmp_schema_get_result_type (schema, "nonsense"));
  g_assert_null (qmp_schema_get_event_type (schema, "nonsense"));
}

/* --- threads -------------------------------------------------------------------------- */

static gpointer
use (gpointer data)
{
  QmpSchema *schema = data;

  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QmpSchemaType) type = qmp_schema_get_arguments_type (schema, "blockdev-add");
      g_autoptr (GPtrArray) members = qmp_schema_type_get_members (type);

      g_assert_cmpuint (members->len, ==, 4);
      g_assert_true (qmp_schema_has_argument (schema, "blockdev-add", "file.file.aio"));
      g_assert_true (qmp_schema_check_arguments_json (schema, "yank", "{\"n\":1}", &error));
      g_assert_false (qmp_schema_check_arguments_json (schema, "yank", "{\"m\":1}", &error));
      g_assert_cmpstr (error->message, ==, "yank: m: no such member");
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();
  GThread *threads[2];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("user", use, schema);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/commands", test_commands);
  g_test_add_func ("/schema/events", test_events);
  g_test_add_func ("/schema/arguments", test_arguments);
  g_test_add_func ("/schema/argument-features", test_argument_features);
  g_test_add_func ("/schema/argument-values", test_argument_values);
  g_test_add_func ("/schema/result-members", test_result_members);
  g_test_add_func ("/schema/object", test_object);
  g_test_add_func ("/schema/array-and-alternate", test_array_and_alternate);
  g_test_add_func ("/schema/other-kinds", test_other_kinds);
  g_test_add_func ("/schema/threads", test_threads);
  return g_test_run ();
}
