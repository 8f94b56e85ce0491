/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "typed/typed.h"

#include <math.h>
#include <string.h>

/* What can be done with a typed value: reading, setting, and what of it shows
 * where. */

#define TOLD(pattern) g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, pattern)

static void
assert_json (gpointer object, const char *expected)
{
  g_autofree char *json = qmp_struct_to_json (QMP_STRUCT (object));

  g_assert_cmpstr (json, ==, expected);
}

static gpointer
make (const WireShape *shape, const char *json)
{
  g_autoptr (GError) error = NULL;
  gpointer object = qmp_struct_new_from_json (shape, json, &error);

  g_assert_no_error (error);
  return object;
}

static const char *const image_json =
  "{\"filename\":\"top\",\"later\":{\"x\":18446744073709551615},\"virtual-size\":10,"
  "\"backing-image\":{\"filename\":\"base\",\"virtual-size\":5},\"snapshots\":[{\"id\":\"1\"},{\"id\":\"2\"}]}";

static QmpImageInfo *
read_image (void)
{
  return make (&qmp_image_info_shape, image_json);
}

/* --- setting ----------------------------------------------------------------------------- */

static void
test_set (void)
{
  g_autoptr (QmpBlockdevOptionsFileBranch) file = qmp_blockdev_options_file_branch_new ();

  assert_json (file, "{\"driver\":\"file\"}");
  g_assert_false (qmp_blockdev_options_file_branch_has_filename (file));
  g_assert_null (qmp_blockdev_options_file_branch_get_filename (file));
  g_assert_cmpint (qmp_blockdev_options_file_branch_get_locking (file), ==, QMP_ON_OFF_AUTO_UNRECOGNIZED);
  g_assert_null (qmp_blockdev_options_file_branch_get_locking_text (file));

  qmp_blockdev_options_file_branch_set_filename (file, "quote \" and é");
  qmp_blockdev_options_file_branch_set_locking (file, QMP_ON_OFF_AUTO_OFF);
  qmp_blockdev_options_file_branch_set_drop_cache (file, FALSE);
  qmp_blockdev_options_file_branch_set_aio_max_batch (file, G_MININT64);
  g_assert_true (qmp_blockdev_options_file_branch_has_drop_cache (file));
  g_assert_cmpstr (qmp_blockdev_options_file_branch_get_filename (file), ==, "quote \" and é");
  g_assert_cmpstr (qmp_blockdev_options_file_branch_get_locking_text (file), ==, "off");
  g_assert_cmpstr (qmp_blockdev_options_file_branch_get_aio_max_batch_text (file), ==, "-9223372036854775808");
  typed_walk_object (file);
  assert_json (file, "{\"driver\":\"file\",\"filename\":\"quote \\\" and é\",\"locking\":\"off\","
                     "\"aio-max-batch\":-9223372036854775808,\"drop-cache\":false}");

  qmp_blockdev_options_file_branch_unset_filename (file);
  qmp_blockdev_options_file_branch_unset_locking (file);
  qmp_blockdev_options_file_branch_unset_aio_max_batch (file);
  qmp_blockdev_options_file_branch_set_drop_cache (file, TRUE);
  g_assert_false (qmp_blockdev_options_file_branch_has_filename (file));
  g_assert_null (qmp_blockdev_options_file_branch_get_locking_text (file));
  assert_json (file, "{\"driver\":\"file\",\"drop-cache\":true}");
}

/* NULL takes away; what was got can be set again. */
static void
test_set_own (void)
{
  g_autoptr (QmpImageInfo) image = read_image ();
  g_autoptr (GListModel) snapshots = NULL;

  g_object_set (image, "filename", qmp_image_info_get_filename (image), "backing-image",
                qmp_image_info_get_backing_image (image), NULL);
  g_object_set (image, "filename", qmp_image_info_get_filename (image), "backing-image",
                qmp_image_info_get_backing_image (image), NULL);
  g_object_get (image, "snapshots", &snapshots, NULL);
  g_object_set (image, "snapshots", snapshots, NULL);
  g_assert_cmpstr (qmp_image_info_get_filename (image), ==, "top");
  g_assert_cmpstr (qmp_image_info_get_filename (qmp_image_info_get_backing_image (image)), ==, "base");
  g_object_set (image, "filename", NULL, "backing-image", NULL, "snapshots", NULL, NULL);
  g_assert_false (qmp_image_info_has_filename (image) || qmp_image_info_has_backing_image (image));
  assert_json (image, "{\"later\":{\"x\":18446744073709551615},\"virtual-size\":10}");
}

/* Members that are set by name at construction are the only ones. */
static void
test_construct (void)
{
  g_autoptr (QmpImageInfo) image = g_object_new (QMP_TYPE_IMAGE_INFO, "virtual-size", G_MAXINT64, "compressed", TRUE, NULL);

  assert_json (image, "{\"virtual-size\":9223372036854775807,\"compressed\":true}");
}

static void
count_notice (GObject *object, GParamSpec *spec, guint *n)
{
  g_assert_cmpstr (spec->name, ==, "filename");
  ++*n;
}

static void
test_notify (void)
{
  g_autoptr (QmpBlockdevOptionsFileBranch) file = qmp_blockdev_options_file_branch_new ();
  guint n = 0;

  g_signal_connect (file, "notify", G_CALLBACK (count_notice), &n);
  qmp_blockdev_options_file_branch_set_filename (file, "a");
  g_assert_cmpuint (n, ==, 1);
  g_object_set (file, "filename", "b", NULL);
  g_assert_cmpuint (n, ==, 2);
  qmp_blockdev_options_file_branch_unset_filename (file);
  g_assert_cmpuint (n, ==, 3);
  g_object_set (file, "filename", NULL, NULL);
  g_assert_cmpuint (n, ==, 4);
}

/* --- one document, many objects ----------------------------------------------------------- */

/* Two objects of one text: what is set in one is not in the other. */
static void
test_document_is_kept (void)
{
  g_autoptr (QmpImageInfo) image = read_image ();
  WireBody *body = wire_body_of (image);
  WireMember member = { "", WIRE_KIND_OBJECT, .of = &qmp_image_info_shape };
  g_autofree char *text = g_strndup (body->document->view.text, body->document->view.length);
  g_autoptr (QmpImageInfo) twin = wire_value_make (&member, body->document, body->place);

  g_object_set (image, "filename", "changed", "virtual-size", (gint64) 11, NULL);
  g_object_set (qmp_image_info_get_backing_image (image), "filename", "changed, too", NULL);
  g_assert_true (strncmp (text, body->document->view.text, body->document->view.length) == 0);
  assert_json (twin, image_json);
  g_assert_cmpstr (qmp_image_info_get_filename (twin), ==, "top");
  assert_json (image, "{\"later\":{\"x\":18446744073709551615},"
                      "\"backing-image\":{\"virtual-size\":5,\"filename\":\"changed, too\"},"
                      "\"snapshots\":[{\"id\":\"1\"},{\"id\":\"2\"}],\"filename\":\"changed\",\"virtual-size\":11}");
}

static void
test_change_inside (void)
{
  g_autoptr (QmpImageInfo) image = read_image ();
  g_autoptr (GPtrArray) snapshots = qmp_image_info_get_snapshots (image);
  g_autoptr (GPtrArray) again = qmp_image_info_get_snapshots (image);
  g_autofree char *member = NULL;

  g_object_set (g_ptr_array_index (snapshots, 1), "name", "second", NULL);
  g_assert_cmpstr (qmp_snapshot_info_get_name (g_ptr_array_index (again, 1)), ==, "second");
  member = qmp_struct_get_member_json (QMP_STRUCT (image), "snapshots");
  g_assert_cmpstr (member, ==, "[{\"id\":\"1\"},{\"id\":\"2\",\"name\":\"second\"}]");
  assert_json (image, "{\"filename\":\"top\",\"later\":{\"x\":18446744073709551615},\"virtual-size\":10,"
                      "\"backing-image\":{\"filename\":\"base\",\"virtual-size\":5},"
                      "\"snapshots\":[{\"id\":\"1\"},{\"id\":\"2\",\"name\":\"second\"}]}");
}

static void
note_end (gpointer data, GObject *object)
{
  *(gboolean *) data = TRUE;
}

static void
test_copy (void)
{
  g_autofree char *large = g_strnfill (1000000, 'x');
  g_autofree char *json = g_strdup_printf ("{\"filename\":\"%s\",\"backing-image\":{\"filename\":\"base\",\"later\":7}}", large);
  QmpImageInfo *image = make (&qmp_image_info_shape, json);
  QmpImageInfo *part = g_object_ref (qmp_image_info_get_backing_image (image));
  WireDocument *document = wire_document_ref (wire_body_of (image)->document);
  gboolean image_ended = FALSE, part_ended = FALSE;
  g_autoptr (QmpStruct) copy = qmp_struct_copy (QMP_STRUCT (part));

  g_object_weak_ref (G_OBJECT (image), note_end, &image_ended);
  g_object_weak_ref (G_OBJECT (part), note_end, &part_ended);
  assert_json (copy, "{\"filename\":\"base\",\"later\":7}");
  g_assert_true (wire_body_of (copy)->document != document);
  g_assert_cmpuint (wire_body_of (copy)->document->view.length, <, 100);

  /* a part keeps the text, not the object that it was a part of; a copy, neither */
  g_object_unref (image);
  g_assert_true (image_ended && !part_ended);
  g_assert_cmpint (document->references, ==, 2);
  g_object_unref (part);
  g_assert_true (part_ended);
  g_assert_cmpint (document->references, ==, 1);
  wire_document_unref (document);
  g_object_set (copy, "filename", "mine", NULL);
  assert_json (copy, "{\"later\":7,\"filename\":\"mine\"}");
}

/* A copy has the class of what it is a copy of, and all that was set. */
static void
test_copy_of_changed (void)
{
  g_autoptr (QmpBlockdevOptionsFileBranch) file = qmp_blockdev_options_file_branch_new ();
  g_autoptr (QmpStruct) copy = NULL;
  g_autoptr (QmpBlockdevOptionsFile) behind = NULL;

  qmp_blockdev_options_file_branch_set_filename (file, "a");
  g_assert_true (qmp_struct_set_member_json (QMP_STRUCT (file), "later", "[1]", NULL));
  copy = qmp_struct_copy (QMP_STRUCT (file));
  qmp_blockdev_options_file_branch_set_filename (file, "b");
  g_assert_true (QMP_IS_BLOCKDEV_OPTIONS_FILE_BRANCH (copy));
  assert_json (copy, "{\"driver\":\"file\",\"filename\":\"a\",\"later\":[1]}");
  behind = qmp_blockdev_options_file_branch_to_blockdev_options_file ((QmpBlockdevOptionsFileBranch *) copy);
  g_assert_cmpstr (qmp_blockdev_options_file_get_filename (behind), ==, "a");
  assert_json (QMP_STRUCT (behind), "{\"filename\":\"a\",\"later\":[1]}");
}

/* --- members by name -------------------------------------------------------------------------- */

static void
test_unknown_members (void)
{
  g_autoptr (QmpImageInfo) image = read_image ();
  QmpStruct *value = QMP_STRUCT (image);
  g_autofree char *later = qmp_struct_get_member_json (value, "later"), *known = qmp_struct_get_member_json (value, "virtual-size"),
                  *absent = qmp_struct_get_member_json (value, "absent");
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (later, ==, "{\"x\":18446744073709551615}");
  g_assert_cmpstr (known, ==, "10");
  g_assert_null (absent);
  g_object_set (image, "filename", NULL, "backing-image", NULL, "snapshots", NULL, "virtual-size", (gint64) 1, NULL);
  assert_json (image, "{\"later\":{\"x\":18446744073709551615},\"virtual-size\":1}");
  g_assert_true (qmp_struct_set_member_json (value, "newest", " [ 1 , \"a\" ] ", &error));
  g_assert_true (qmp_struct_set_member_json (value, "later", "null", &error));
  g_assert_no_error (error);
  assert_json (image, "{\"virtual-size\":1,\"newest\":[1,\"a\"],\"later\":null}");
}

/* One that was there is taken away like one that was set. */
static void
test_unknown_members_removed (void)
{
  g_autoptr (QmpImageInfo) image = make (&qmp_image_info_shape, "{\"filename\":\"a\",\"later\":1}");
  QmpStruct *value = QMP_STRUCT (image);
  g_autofree char *later = NULL;

  g_assert_true (qmp_struct_set_member_json (value, "newest", "2", NULL));
  g_assert_true (qmp_struct_set_member_json (value, "newest", NULL, NULL));
  assert_json (image, "{\"filename\":\"a\",\"later\":1}");
  g_assert_true (qmp_struct_set_member_json (value, "later", NULL, NULL));
  later = qmp_struct_get_member_json (value, "later");
  g_assert_null (later);
  assert_json (image, "{\"filename\":\"a\"}");
  g_assert_true (qmp_struct_set_member_json (value, "later", "3", NULL));
  assert_json (image, "{\"filename\":\"a\",\"later\":3}");
  g_assert_true (qmp_struct_set_member_json (value, "later", NULL, NULL));
  assert_json (image, "{\"filename\":\"a\"}");
}

/* Any name is sent as it is, and cannot become more than a name. */
static void
test_unknown_members_names (void)
{
  g_autoptr (QmpDeviceAddArguments) arguments = qmp_device_add_arguments_new ();
  g_autofree char *value = NULL, *empty = NULL;

  g_assert_true (qmp_struct_set_member_json (QMP_STRUCT (arguments), "a\":1,\"b\\\n", "2", NULL));
  g_assert_true (qmp_struct_set_member_json (QMP_STRUCT (arguments), "", "3", NULL));
  assert_json (arguments, "{\"a\\\":1,\\\"b\\\\\\u000a\":2,\"\":3}");
  value = qmp_struct_get_member_json (QMP_STRUCT (arguments), "a\":1,\"b\\\n");
  empty = qmp_struct_get_member_json (QMP_STRUCT (arguments), "");
  g_assert_cmpstr (value, ==, "2");
  g_assert_cmpstr (empty, ==, "3");
}

static void
test_member_refused (void)
{
  static const struct { const char *name; const char *json; const char *message; } cases[] = {
    { "filename", "1", "ImageInfo: filename is known, and has a property of its own" },
    { "later", "[1,]", "at byte 3" },
    { "later", "", "at byte 0" },
    { "later", "1 2", "at byte 2" },
    { "later", "1,\"x\":2", "ImageInfo: later: " },
    { "later", "1}", "ImageInfo: later: " },
    { "later", "\"\\u0000\"", "NUL" },
    { "later", "{\"a\":1,\"a\":2}", "ImageInfo: later: " },
    { "later", "18446744073709551616", "beyond 64 bits" },
  };
  g_autoptr (QmpImageInfo) image = read_image ();
  g_autoptr (QmpBlockdevRef) alternate = qmp_blockdev_ref_new_for_reference ("node");
  g_autoptr (GError) refusal = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (qmp_struct_set_member_json (QMP_STRUCT (image), cases[i].name, cases[i].json, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      if (strstr (error->message, cases[i].message) == NULL)
        g_error ("%s: %s", cases[i].json, error->message);
      assert_json (image, image_json);
    }
  g_assert_false (qmp_struct_set_member_json (QMP_STRUCT (alternate), "later", "1", &refusal));
  g_assert_error (refusal, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

/* --- what no value can be --------------------------------------------------------------------- */

static void
test_enum_out_of_range (void)
{
  g_autoptr (QmpBlockdevOptionsFileBranch) file = qmp_blockdev_options_file_branch_new ();

  qmp_blockdev_options_file_branch_set_locking (file, QMP_ON_OFF_AUTO_ON);
  for (int value = -2; value <= 1000; value += 334)
    {
      TOLD ("*value >= 0*");
      qmp_blockdev_options_file_branch_set_locking (file, (QmpOnOffAuto) (value < 0 ? -1 : value + 3));
      g_test_assert_expected_messages ();
    }
  TOLD ("*value >= 0*");
  g_object_set (file, "locking", QMP_ON_OFF_AUTO_UNRECOGNIZED, NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpint (qmp_blockdev_options_file_branch_get_locking (file), ==, QMP_ON_OFF_AUTO_ON);
  assert_json (file, "{\"driver\":\"file\",\"locking\":\"on\"}");
}

static void
test_not_utf8 (void)
{
  const char *texts[] = { "good", "\xff", NULL };
  g_autoptr (QmpBlockdevOptionsFileBranch) file = qmp_blockdev_options_file_branch_new ();
  g_autoptr (QgaGuestExecArguments) arguments = qga_guest_exec_arguments_new ();
  g_autofree char *json = NULL;

  qmp_blockdev_options_file_branch_set_filename (file, "good");
  TOLD ("*needs UTF-8 for filename*");
  qmp_blockdev_options_file_branch_set_filename (file, "bad \xc3");
  TOLD ("*needs UTF-8 for filename*");
  g_object_set (file, "filename", "\xed\xa0\x80", NULL);
  TOLD ("*needs UTF-8 for arg*");
  g_object_set (arguments, "arg", texts, NULL);
  g_test_assert_expected_messages ();
  assert_json (file, "{\"driver\":\"file\",\"filename\":\"good\"}");
  json = qga_struct_to_json (QGA_STRUCT (arguments));
  g_assert_cmpstr (json, ==, "{}");
}

static void
test_not_finite (void)
{
  g_autoptr (QmpMigrationStats) stats = g_object_new (QMP_TYPE_MIGRATION_STATS, "mbps", 0.1, NULL);

  g_test_expect_message ("GLib-GObject", G_LOG_LEVEL_WARNING, "*nan*out of range*");
  g_object_set (stats, "mbps", (double) NAN, NULL);
  TOLD ("*isfinite*");
  wire_set_double (stats, &qmp_migration_stats_shape, wire_shape_find_name (&qmp_migration_stats_shape, "mbps"), (double) NAN);
  TOLD ("*isfinite*");
  wire_set_double (stats, &qmp_migration_stats_shape, wire_shape_find_name (&qmp_migration_stats_shape, "mbps"), (double) INFINITY);
  g_test_assert_expected_messages ();
  g_assert_cmpfloat_with_epsilon (qmp_migration_stats_get_mbps (stats), 0.1, G_MINDOUBLE);
  typed_walk_object (stats);
}

/* An integer of few bits is not sent when it does not fit into them. */
static void
test_too_wide (void)
{
  static const guint64 nodes[] = { 0, 65535 }, too_wide[] = { 0, 65536 };
  g_autoptr (QmpNumaOptionsHmatCacheBranch) cache = qmp_numa_options_hmat_cache_branch_new ();
  g_autoptr (QmpObjectOptionsMemoryBackendRamBranch) memory = qmp_object_options_memory_backend_ram_branch_new ();

  qmp_numa_options_hmat_cache_branch_set_level (cache, 255);
  TOLD ("*level*");
  qmp_numa_options_hmat_cache_branch_set_level (cache, 256);
  g_test_assert_expected_messages ();
  assert_json (cache, "{\"type\":\"hmat-cache\",\"level\":255}");

  qmp_object_options_memory_backend_ram_branch_set_host_nodes (memory, nodes, 2);
  TOLD ("*host-nodes*");
  qmp_object_options_memory_backend_ram_branch_set_host_nodes (memory, too_wide, 2);
  g_test_assert_expected_messages ();
  assert_json (memory, "{\"qom-type\":\"memory-backend-ram\",\"host-nodes\":[0,65535]}");
}

static void
test_wrong_class (void)
{
  g_autoptr (QmpImageInfo) image = read_image ();
  g_autoptr (QmpBlockdevOptionsRawBranch) raw = qmp_blockdev_options_raw_branch_new ();
  QmpBlockdevRef *list[] = { (gpointer) image };
  g_autoptr (QmpBlockdevOptionsQuorumBranch) quorum = qmp_blockdev_options_quorum_branch_new ();

  TOLD ("*needs QmpBlockdevRef for file*");
  qmp_blockdev_options_raw_branch_set_file (raw, (gpointer) image);
  TOLD ("*needs QmpBlockdevRef for children*");
  qmp_blockdev_options_quorum_branch_set_children (quorum, list, 1);
  TOLD ("*needs a QmpImageInfo*given a QmpBlockdevOptionsRawBranch*");
  g_assert_null (qmp_image_info_get_filename ((gpointer) raw));
  TOLD ("*needs a QmpBlockdevOptionsRawBranch*given a QmpImageInfo*");
  qmp_blockdev_options_raw_branch_set_offset ((gpointer) image, 1);
  TOLD ("*given a NULL*");
  g_assert_false (qmp_image_info_has_filename (NULL));
  g_test_assert_expected_messages ();
  assert_json (raw, "{\"driver\":\"raw\"}");
  assert_json (quorum, "{\"driver\":\"quorum\"}");
  assert_json (image, image_json);
}

/* A branch's class and its tag never say different things. */
static void
test_tag_is_fixed (void)
{
  g_autoptr (QmpBlockdevOptionsFileBranch) file = qmp_blockdev_options_file_branch_new ();
  QmpBlockdevOptions *options = (QmpBlockdevOptions *) file;

  qmp_blockdev_options_set_driver (options, QMP_BLOCKDEV_DRIVER_FILE);
  TOLD ("*branch*");
  qmp_blockdev_options_set_driver (options, QMP_BLOCKDEV_DRIVER_RAW);
  TOLD ("*tag*");
  qmp_blockdev_options_unset_driver (options);
  g_test_assert_expected_messages ();
  g_assert_cmpint (qmp_blockdev_options_get_driver (options), ==, QMP_BLOCKDEV_DRIVER_FILE);
  assert_json (file, "{\"driver\":\"file\"}");
}

/* Nor do those of the union itself: whatever is set, getters of the branch that
 * a copy becomes cannot meet what is not of their type. */
static void
test_base_stays_sound (void)
{
  g_autoptr (QmpBlockdevOptions) options = make (&qmp_blockdev_options_shape, "{\"filename\":5}");
  g_autoptr (QmpStruct) copy = NULL;

  TOLD ("*branch*");
  qmp_blockdev_options_set_driver (options, QMP_BLOCKDEV_DRIVER_FILE);
  g_test_assert_expected_messages ();
  copy = qmp_struct_copy (QMP_STRUCT (options));
  g_assert_true (G_OBJECT_TYPE (copy) == QMP_TYPE_BLOCKDEV_OPTIONS);
  typed_walk_object (copy);
}

/* A branch without members is the union itself, and is told by its tag. */
static void
test_empty_branch (void)
{
  const WireShape *shape = &qmp_blockdev_options_shape;

  for (guint i = 0; i < ((const WireEnum *) shape->members[shape->tag].of)->n_values; i++)
    if (shape->branches[i] == NULL)
      {
        g_autoptr (QmpBlockdevOptions) options = qmp_blockdev_options_new ();
        g_autoptr (QmpStruct) copy = NULL;

        qmp_blockdev_options_set_driver (options, (QmpBlockdevDriver) i);
        copy = qmp_struct_copy (QMP_STRUCT (options));
        g_assert_cmpint (qmp_blockdev_options_get_driver ((QmpBlockdevOptions *) copy), ==, i);
      }
}

/* --- alternates ---------------------------------------------------------------------------------- */

static void
test_alternate (void)
{
  static const guint64 numbers[] = { G_MAXUINT64, 0 };
  g_autoptr (QmpStatsValue) value = qmp_stats_value_new_for_scalar (G_MAXUINT64);
  GVariant *variant = g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64, numbers, 2, sizeof numbers[0]);
  const guint64 *list;
  gsize n;

  assert_json (value, "18446744073709551615");
  g_object_set (value, "boolean", FALSE, NULL);
  g_assert_false (qmp_stats_value_has_scalar (value) || qmp_stats_value_has_list (value));
  assert_json (value, "false");
  g_object_set (value, "list", variant, NULL);
  g_assert_false (qmp_stats_value_has_boolean (value));
  list = qmp_stats_value_get_list (value, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (list[0], ==, G_MAXUINT64);
  assert_json (value, "[18446744073709551615,0]");
  typed_walk_object (value);
}

static void
test_alternate_read (void)
{
  g_autoptr (QmpBlockdevRefOrNull) ref = make (&qmp_blockdev_ref_or_null_shape, "null");
  g_autoptr (QmpBlockdevOptionsFileBranch) file = qmp_blockdev_options_file_branch_new ();

  g_assert_true (qmp_blockdev_ref_or_null_get_null (ref) && qmp_blockdev_ref_or_null_has_null (ref));
  typed_walk_object (ref);
  qmp_blockdev_ref_or_null_set_reference (ref, "node");
  g_assert_false (qmp_blockdev_ref_or_null_has_null (ref));
  assert_json (ref, "\"node\"");
  qmp_blockdev_ref_or_null_set_definition (ref, (QmpBlockdevOptions *) file);
  g_assert_null (qmp_blockdev_ref_or_null_get_reference (ref));
  qmp_blockdev_options_file_branch_set_filename (file, "a");
  assert_json (ref, "{\"driver\":\"file\",\"filename\":\"a\"}");
  qmp_blockdev_ref_or_null_set_null (ref, TRUE);
  g_assert_null (qmp_blockdev_ref_or_null_get_definition (ref));
  assert_json (ref, "null");
}

/* --- an object in itself ---------------------------------------------------------------------------- */

/* It is told, and what is written is JSON all the same. */
static void
test_in_itself (void)
{
  g_autoptr (QmpBlockdevOptionsRawBranch) raw = qmp_blockdev_options_raw_branch_new ();
  g_autoptr (QmpBlockdevRef) ref = qmp_blockdev_ref_new_for_definition ((QmpBlockdevOptions *) raw);

  qmp_blockdev_options_raw_branch_set_file (raw, ref);
  TOLD ("*part of itself*");
  assert_json (raw, "{\"driver\":\"raw\",\"file\":null}");
  g_test_assert_expected_messages ();
  qmp_blockdev_options_raw_branch_unset_file (raw);
  assert_json (ref, "{\"driver\":\"raw\"}");
}

/* More than once in itself: that could take longer than anybody lives. */
static void
test_often_in_itself (void)
{
  g_autoptr (QmpBlockdevOptionsQuorumBranch) quorum = qmp_blockdev_options_quorum_branch_new ();
  g_autoptr (QmpBlockdevRef) ref = qmp_blockdev_ref_new_for_definition ((QmpBlockdevOptions *) quorum);
  QmpBlockdevRef *children[] = { ref, ref, ref };

  qmp_blockdev_options_quorum_branch_set_children (quorum, children, 3);
  for (guint i = 0; i < 3; i++)
    TOLD ("*part of itself*");
  assert_json (quorum, "{\"driver\":\"quorum\",\"children\":[null,null,null]}");
  g_test_assert_expected_messages ();
  qmp_blockdev_options_quorum_branch_unset_children (quorum);
}

/* --- 64 bits ------------------------------------------------------------------------------------------ */

static void
test_64_bits (void)
{
  const char *json = "{\"base-memory\":18446744073709551615,\"plugged-memory\":9223372036854775808}";
  g_autoptr (QmpMemoryInfo) memory = make (&qmp_memory_info_shape, json);
  g_autoptr (QmpImageInfo) image = make (&qmp_image_info_shape, "{\"virtual-size\":-9223372036854775808}");
  g_autoptr (QmpStruct) copy = qmp_struct_copy (QMP_STRUCT (memory));
  guint64 number = 0;

  g_assert_cmpuint (qmp_memory_info_get_base_memory (memory), ==, G_MAXUINT64);
  g_assert_cmpstr (qmp_memory_info_get_base_memory_text (memory), ==, "18446744073709551615");
  g_object_get (memory, "plugged-memory", &number, NULL);
  g_assert_cmpuint (number, ==, G_GUINT64_CONSTANT (9223372036854775808));
  assert_json (copy, json);
  g_object_set (memory, "base-memory", number, "plugged-memory", G_MAXUINT64, NULL);
  assert_json (memory, "{\"base-memory\":9223372036854775808,\"plugged-memory\":18446744073709551615}");
  g_assert_cmpstr (qmp_memory_info_get_plugged_memory_text (memory), ==, "18446744073709551615");

  g_assert_cmpint (qmp_image_info_get_virtual_size (image), ==, G_MININT64);
  g_object_set (image, "actual-size", G_MININT64, NULL);
  assert_json (image, "{\"virtual-size\":-9223372036854775808,\"actual-size\":-9223372036854775808}");
}

/* Bytes, all of them; an empty one is there, too. */
static void
test_bytes (void)
{
  g_autoptr (QgaGuestExecArguments) arguments = qga_guest_exec_arguments_new ();
  guint8 all[256];

  for (guint n = 0; n <= 256; n++)
    {
      g_autoptr (GBytes) bytes = NULL, got = NULL;
      g_autoptr (QgaStruct) copy = NULL;

      all[n & 255] = (guint8) n;
      bytes = g_bytes_new (all, n);
      g_object_set (arguments, "input-data", bytes, NULL);
      copy = qga_struct_copy (QGA_STRUCT (arguments));
      g_object_get (copy, "input-data", &got, NULL);
      g_assert_true (got != NULL && g_bytes_equal (got, bytes));
    }
}

/* --- going into commands --------------------------------------------------------------------------------- */

static char *
write_arguments (const WireCommand *command, gpointer rest, GError **error, ...)
{
  va_list list;
  gsize length;
  char *text;

  va_start (list, error);
  text = wire_command_write_arguments (command, rest, &list, &length, error);
  va_end (list);
  g_assert_cmpuint (text != NULL ? strlen (text) : 0, ==, length);
  return text;
}

static void
test_arguments (void)
{
  g_autoptr (QgaGuestExecArguments) rest = qga_guest_exec_arguments_new ();
  g_autofree char *none = write_arguments (&qmp_command_query_block, NULL, NULL);
  g_autofree char *one = write_arguments (&qga_command_guest_exec, NULL, NULL, "a\"b");
  g_autofree char *empty = write_arguments (&qga_command_guest_exec, rest, NULL, "a");
  g_autofree char *both = NULL;

  g_assert_null (none);
  g_assert_cmpstr (one, ==, "{\"path\":\"a\\\"b\"}");
  g_assert_cmpstr (empty, ==, "{\"path\":\"a\"}");
  g_object_set (rest, "arg", (const char *[]) { "x", NULL }, NULL);
  both = write_arguments (&qga_command_guest_exec, rest, NULL, "a");
  g_assert_cmpstr (both, ==, "{\"path\":\"a\",\"arg\":[\"x\"]}");
}

static void
test_arguments_refused (void)
{
  g_autoptr (QgaGuestExecArguments) read_rest = qga_guest_exec_arguments_new_from_json ("{\"path\":\"b\"}", NULL);
  g_autoptr (QgaGuestExecArguments) rest = qga_guest_exec_arguments_new ();
  g_autoptr (GError) missing = NULL, coding = NULL, twice = NULL, again = NULL, wide = NULL;
  g_autofree char *good = NULL, *widest = NULL;

  g_assert_null (write_arguments (&qga_command_guest_exec, NULL, &missing, NULL));
  g_assert_error (missing, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_null (write_arguments (&qga_command_guest_exec, NULL, &coding, "\xff"));
  g_assert_error (coding, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);

  /* the same member, once by itself and once among the rest */
  g_assert_null (write_arguments (&qga_command_guest_exec, read_rest, &twice, "a"));
  g_assert_error (twice, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_true (qga_struct_set_member_json (QGA_STRUCT (rest), "path", "\"b\"", NULL));
  g_assert_null (write_arguments (&qga_command_guest_exec, rest, &again, "a"));
  g_assert_error (again, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_true (qga_struct_set_member_json (QGA_STRUCT (rest), "path", NULL, NULL));
  good = write_arguments (&qga_command_guest_exec, rest, NULL, "a");
  g_assert_cmpstr (good, ==, "{\"path\":\"a\"}");

  widest = write_arguments (&qmp_command_x_query_virtio_queue_status, NULL, NULL, "p", 65535u);
  g_assert_cmpstr (widest, ==, "{\"path\":\"p\",\"queue\":65535}");
  g_assert_null (write_arguments (&qmp_command_x_query_virtio_queue_status, NULL, &wide, "p", 65536u));
  g_assert_error (wide, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

/* --- many threads ---------------------------------------------------------------------------------------- */

#define THREADS 4
#define ROUNDS 300

typedef struct
{
  QmpImageInfo *image;
  int ready;  /* atomic */
  gconstpointer texts[THREADS];
  gconstpointer objects[THREADS];
} Race;

typedef struct
{
  Race *race;
  guint number;
} Runner;

static gpointer
ask (gpointer data)
{
  Runner *runner = data;
  Race *race = runner->race;
  g_autofree char *json = NULL;

  g_atomic_int_inc (&race->ready);
  while (g_atomic_int_get (&race->ready) < THREADS)
    g_thread_yield ();
  g_assert_cmpuint (typed_walk_object (race->image), >, 10);
  race->texts[runner->number] = qmp_image_info_get_filename (race->image);
  race->objects[runner->number] = qmp_image_info_get_backing_image (race->image);
  json = qmp_struct_to_json (QMP_STRUCT (race->image));
  g_assert_cmpstr (json, ==, image_json);
  return NULL;
}

/* All get the same, of an object that nobody had asked for anything. */
static void
test_threads (void)
{
  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autoptr (QmpImageInfo) image = read_image ();
      Race race = { .image = image };
      Runner runners[THREADS];
      GThread *threads[THREADS];

      for (guint i = 0; i < THREADS; i++)
        {
          runners[i] = (Runner) { &race, i };
          threads[i] = g_thread_new ("getter", ask, &runners[i]);
        }
      for (guint i = 0; i < THREADS; i++)
        g_thread_join (threads[i]);
      for (guint i = 1; i < THREADS; i++)
        g_assert_true (race.texts[i] == race.texts[0] && race.objects[i] == race.objects[0]);
    }
}

static void
add_misuse (void)
{
  g_test_add_func ("/typed/struct/enum-out-of-range", test_enum_out_of_range);
  g_test_add_func ("/typed/struct/not-utf8", test_not_utf8);
  g_test_add_func ("/typed/struct/not-finite", test_not_finite);
  g_test_add_func ("/typed/struct/too-wide", test_too_wide);
  g_test_add_func ("/typed/struct/wrong-class", test_wrong_class);
  g_test_add_func ("/typed/struct/tag-is-fixed", test_tag_is_fixed);
  g_test_add_func ("/typed/struct/base-stays-sound", test_base_stays_sound);
  g_test_add_func ("/typed/struct/in-itself", test_in_itself);
  g_test_add_func ("/typed/struct/often-in-itself", test_often_in_itself);
}

int
main (int argc, char **argv)
{
  typed_init (&argc, &argv);
  g_test_add_func ("/typed/struct/set", test_set);
  g_test_add_func ("/typed/struct/set-own", test_set_own);
  g_test_add_func ("/typed/struct/construct", test_construct);
  g_test_add_func ("/typed/struct/notify", test_notify);
  g_test_add_func ("/typed/struct/document-is-kept", test_document_is_kept);
  g_test_add_func ("/typed/struct/change-inside", test_change_inside);
  g_test_add_func ("/typed/struct/copy", test_copy);
  g_test_add_func ("/typed/struct/copy-of-changed", test_copy_of_changed);
  g_test_add_func ("/typed/struct/unknown-members", test_unknown_members);
  g_test_add_func ("/typed/struct/unknown-members-removed", test_unknown_members_removed);
  g_test_add_func ("/typed/struct/unknown-members-names", test_unknown_members_names);
  g_test_add_func ("/typed/struct/member-refused", test_member_refused);
  g_test_add_func ("/typed/struct/empty-branch", test_empty_branch);
  g_test_add_func ("/typed/struct/alternate", test_alternate);
  g_test_add_func ("/typed/struct/alternate-read", test_alternate_read);
  g_test_add_func ("/typed/struct/64-bits", test_64_bits);
  g_test_add_func ("/typed/struct/bytes", test_bytes);
  g_test_add_func ("/typed/struct/arguments", test_arguments);
  g_test_add_func ("/typed/struct/arguments/refused", test_arguments_refused);
  g_test_add_func ("/typed/struct/threads", test_threads);
  add_misuse ();
  return g_test_run ();
}
