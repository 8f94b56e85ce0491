/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "typed/typed.h"

#include <string.h>

/* Values that are right, and yet strange: names that are escaped or stand
 * twice, nesting, length, and what is newer than the library. */

static QmpBlockdevOptions *
read_options (const char *json)
{
  g_autoptr (GError) error = NULL;
  QmpBlockdevOptions *options = qmp_blockdev_options_new_from_json (json, &error);

  g_assert_no_error (error);
  typed_walk_object (options);
  return options;
}

static void
assert_json (gpointer object, const char *expected)
{
  g_autofree char *json = qmp_struct_to_json (QMP_STRUCT (object));

  g_assert_cmpstr (json, ==, expected);
}

/* --- names ----------------------------------------------------------------------------- */

static void
test_twice (void)
{
  static const char *const texts[] = {
    "{\"driver\":\"file\",\"filename\":\"a\",\"filename\":\"a\"}",
    "{\"driver\":\"file\",\"filename\":\"a\",\"file\\u006eame\":\"a\"}",
    "{\"driver\":\"file\",\"\\u0064river\":\"file\"}",
    "{\"driver\":\"file\",\"later\":{\"x\":1,\"x\":2}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (qmp_blockdev_options_new_from_json (texts[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_escaped (void)
{
  const char *json = "{\"\\u0064river\":\"\\u0066ile\",\"file\\u006eame\":\"a\\/b\",\"l\\u0061ter\":1,\"locking\":\"\\u006fn\"}";
  g_autoptr (QmpBlockdevOptions) options = read_options (json);
  QmpBlockdevOptionsFileBranch *file = (QmpBlockdevOptionsFileBranch *) options;
  g_autofree char *later = NULL, *changed = NULL;
  WireMember anything = { "", WIRE_KIND_ANY };
  guint n_unknown = 0;

  g_assert_true (QMP_IS_BLOCKDEV_OPTIONS_FILE_BRANCH (options));
  g_assert_cmpstr (qmp_blockdev_options_file_branch_get_filename (file), ==, "a/b");
  g_assert_cmpint (qmp_blockdev_options_file_branch_get_locking (file), ==, QMP_ON_OFF_AUTO_ON);
  g_assert_cmpstr (qmp_blockdev_options_file_branch_get_locking_text (file), ==, "on");
  g_assert_cmpstr (qmp_blockdev_options_get_driver_text (options), ==, "file");
  later = qmp_struct_get_member_json (QMP_STRUCT (options), "later");
  g_assert_cmpstr (later, ==, "1");
  assert_json (options, json);

  /* what is set stands in the place of the one that is escaped, not beside it */
  qmp_blockdev_options_file_branch_set_filename (file, "c");
  g_assert_true (qmp_struct_set_member_json (QMP_STRUCT (options), "later", "2", NULL));
  changed = qmp_struct_to_json (QMP_STRUCT (options));
  typed_compare (&anything, "{\"driver\":\"file\",\"locking\":\"on\",\"filename\":\"c\",\"later\":2}", changed, "escaped", &n_unknown);
}

/* The wire's names differ where those of properties do not. */
static void
test_dash_and_underscore (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpBlockDeviceInfo) info = qmp_block_device_info_new_from_json (
      "{\"bps_rd\":1,\"bps-rd\":\"of another type\",\"BPS_RD\":[]}", &error);

  g_assert_no_error (error);
  g_assert_cmpint (qmp_block_device_info_get_bps_rd (info), ==, 1);
  typed_walk_object (info);
}

/* --- nesting --------------------------------------------------------------------------- */

static char *
nest (const char *begin, const char *innermost, guint depth)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append (text, begin);
  g_string_append (text, innermost);
  for (guint i = 0; i < depth; i++)
    g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

#define FILE_IN "{\"driver\":\"raw\",\"file\":"

static QmpBlockdevOptions *
find_innermost (QmpBlockdevOptions *options, guint *depth)
{
  while (QMP_IS_BLOCKDEV_OPTIONS_RAW_BRANCH (options))
    {
      QmpBlockdevRef *file = qmp_blockdev_options_raw_branch_get_file ((QmpBlockdevOptionsRawBranch *) options);

      ++*depth;
      options = qmp_blockdev_ref_get_definition (file);
    }
  return options;
}

static void
test_deep (void)
{
  g_autofree char *json = nest (FILE_IN, "{\"driver\":\"file\",\"filename\":\"x\"}", 1000);
  g_autofree char *wrong = nest (FILE_IN, "{\"driver\":\"file\",\"filename\":1}", 1000);
  g_autoptr (QmpBlockdevOptions) options = read_options (json);
  g_autoptr (QmpStruct) copy = qmp_struct_copy (QMP_STRUCT (options));
  g_autoptr (GError) error = NULL;
  QmpBlockdevOptions *inner;
  guint depth = 0;

  inner = find_innermost (options, &depth);
  g_assert_cmpuint (depth, ==, 1000);
  g_assert_cmpstr (qmp_blockdev_options_file_branch_get_filename ((QmpBlockdevOptionsFileBranch *) inner), ==, "x");
  assert_json (options, json);
  assert_json (copy, json);
  typed_walk_object (copy);

  g_assert_null (qmp_blockdev_options_new_from_json (wrong, &error));
  g_assert_error (error, QMP_ERROR, (gint) QMP_ERROR_UNEXPECTED_VALUE);
  g_assert_true (g_str_has_prefix (error->message, "BlockdevOptions: file.file.file."));
  g_assert_true (g_str_has_suffix (error->message, ".file.filename: expected string, got integer"));
}

/* What can be read can also be changed, and sent: as deep as QEMU takes it. */
static void
test_deep_change (void)
{
  g_autofree char *json = nest (FILE_IN, "{\"driver\":\"file\",\"filename\":\"x\"}", 1000);
  g_autofree char *expected = nest (FILE_IN, "{\"driver\":\"file\",\"filename\":\"y\"}", 1000);
  g_autoptr (QmpBlockdevOptions) options = qmp_blockdev_options_new_from_json (json, NULL);
  guint depth = 0;

  qmp_blockdev_options_file_branch_set_filename ((QmpBlockdevOptionsFileBranch *) find_innermost (options, &depth), "y");
  assert_json (options, expected);
}

/* The same, made by hand. */
static void
test_deep_made (void)
{
  g_autofree char *expected = nest (FILE_IN, "{\"driver\":\"file\",\"filename\":\"x\"}", 1000);
  QmpBlockdevOptions *options = (QmpBlockdevOptions *) qmp_blockdev_options_file_branch_new ();

  qmp_blockdev_options_file_branch_set_filename ((QmpBlockdevOptionsFileBranch *) options, "x");
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (QmpBlockdevRef) ref = qmp_blockdev_ref_new_for_definition (options);
      QmpBlockdevOptionsRawBranch *raw = qmp_blockdev_options_raw_branch_new ();

      qmp_blockdev_options_raw_branch_set_file (raw, ref);
      g_object_unref (options);
      options = (QmpBlockdevOptions *) raw;
    }
  assert_json (options, expected);
  g_object_unref (options);
}

static void
test_deep_images (void)
{
  g_autofree char *json = nest ("{\"backing-image\":", "{\"filename\":\"base\"}", 1000);
  g_autofree char *wrong = nest ("{\"backing-image\":", "{\"filename\":null}", 1000);
  g_autoptr (QmpImageInfo) image = qmp_image_info_new_from_json (json, NULL);
  g_autoptr (GError) error = NULL;
  QmpImageInfo *inner = image;

  g_assert_nonnull (image);
  g_assert_cmpuint (typed_walk_object (image), >, 1000);
  while (qmp_image_info_has_backing_image (inner))
    inner = qmp_image_info_get_backing_image (inner);
  g_assert_cmpstr (qmp_image_info_get_filename (inner), ==, "base");
  assert_json (image, json);
  g_assert_null (qmp_image_info_new_from_json (wrong, &error));
  g_assert_error (error, QMP_ERROR, (gint) QMP_ERROR_UNEXPECTED_VALUE);
  g_assert_true (g_str_has_suffix (error->message, ".backing-image.filename: expected string, got null"));
}

/* --- length ----------------------------------------------------------------------------- */

#define MANY 100000u

static char *
repeat (const char *before, const char *element, guint n, const char *last, const char *after)
{
  GString *text = g_string_new (before);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s,", element);
  g_string_append_printf (text, "%s%s", last, after);
  return g_string_free (text, FALSE);
}

static void
test_long_integers (void)
{
  g_autofree char *json = repeat ("{\"boundaries\":[", "18446744073709551615", MANY, "0", "],\"bins\":[]}");
  g_autofree char *wrong = repeat ("{\"boundaries\":[", "18446744073709551615", MANY, "-1", "],\"bins\":[]}");
  g_autoptr (QmpBlockLatencyHistogramInfo) info = qmp_block_latency_histogram_info_new_from_json (json, NULL);
  g_autoptr (GError) error = NULL;
  const guint64 *numbers;
  gsize n;

  numbers = qmp_block_latency_histogram_info_get_boundaries (info, &n);
  g_assert_cmpuint (n, ==, MANY + 1);
  g_assert_cmpuint (numbers[MANY - 1], ==, G_MAXUINT64);
  g_assert_cmpuint (numbers[MANY], ==, 0);
  qmp_block_latency_histogram_info_get_bins (info, &n);
  g_assert_cmpuint (n, ==, 0);
  g_assert_true (qmp_block_latency_histogram_info_has_bins (info));

  g_assert_null (qmp_block_latency_histogram_info_new_from_json (wrong, &error));
  g_assert_error (error, QMP_ERROR, (gint) QMP_ERROR_UNEXPECTED_VALUE);
  g_assert_cmpstr (error->message, ==,
                   "BlockLatencyHistogramInfo: boundaries[100000]: expected unsigned integer, got -1");
}

static void
test_long_objects (void)
{
  g_autofree char *json = repeat ("{\"snapshots\":[", "{\"id\":\"1\",\"vm-state-size\":7}", MANY, "{\"id\":\"last\"}", "]}");
  g_autofree char *wrong = repeat ("{\"snapshots\":[", "{\"id\":\"1\"}", MANY, "{\"id\":[]}", "]}");
  g_autoptr (QmpImageInfo) image = qmp_image_info_new_from_json (json, NULL);
  g_autoptr (GPtrArray) snapshots = qmp_image_info_get_snapshots (image);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (snapshots->len, ==, MANY + 1);
  g_assert_cmpstr (qmp_snapshot_info_get_id (g_ptr_array_index (snapshots, MANY)), ==, "last");
  assert_json (image, json);
  g_assert_null (qmp_image_info_new_from_json (wrong, &error));
  g_assert_error (error, QMP_ERROR, (gint) QMP_ERROR_UNEXPECTED_VALUE);
  g_assert_cmpstr (error->message, ==, "ImageInfo: snapshots[100000].id: expected string, got array");
}

/* --- what is newer ------------------------------------------------------------------------ */

static void
test_new_value (void)
{
  const char *json = "{\"driver\":\"file\",\"locking\":\"at-dawn\",\"aio\":\"\"}";
  g_autoptr (QmpBlockdevOptions) options = read_options (json);
  QmpBlockdevOptionsFileBranch *file = (QmpBlockdevOptionsFileBranch *) options;

  g_assert_true (qmp_blockdev_options_file_branch_has_locking (file));
  g_assert_cmpint (qmp_blockdev_options_file_branch_get_locking (file), ==, QMP_ON_OFF_AUTO_UNRECOGNIZED);
  g_assert_cmpstr (qmp_blockdev_options_file_branch_get_locking_text (file), ==, "at-dawn");
  g_assert_cmpint (qmp_blockdev_options_file_branch_get_aio (file), ==, QMP_BLOCKDEV_AIO_OPTIONS_UNRECOGNIZED);
  g_assert_cmpstr (qmp_blockdev_options_file_branch_get_aio_text (file), ==, "");
  assert_json (options, json);
}

static void
test_new_tag (void)
{
  static const char *const texts[] = {
    "{\"driver\":\"quantum\",\"filename\":5,\"node-name\":\"n\"}",
    "{\"filename\":5,\"node-name\":\"n\"}",
    "{\"driver\":\"fil\",\"filename\":5,\"node-name\":\"n\"}",
    "{\"driver\":\"files\",\"filename\":5,\"node-name\":\"n\"}",
    "{\"driver\":\"FILE\",\"filename\":5,\"node-name\":\"n\"}",
    "{\"driver\":\"\",\"filename\":5,\"node-name\":\"n\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (QmpBlockdevOptions) options = read_options (texts[i]);
      g_autofree char *filename = qmp_struct_get_member_json (QMP_STRUCT (options), "filename");

      g_assert_true (G_OBJECT_TYPE (options) == QMP_TYPE_BLOCKDEV_OPTIONS);
      g_assert_cmpint (qmp_blockdev_options_get_driver (options), ==, QMP_BLOCKDEV_DRIVER_UNRECOGNIZED);
      g_assert_cmpstr (qmp_blockdev_options_get_node_name (options), ==, "n");
      g_assert_cmpstr (filename, ==, "5");
      assert_json (options, texts[i]);
    }
}

/* A tag need not be the first member; what stands before it is judged by it. */
static void
test_tag_last (void)
{
  g_autoptr (QmpBlockdevOptions) options = read_options ("{\"filename\":\"a\",\"node-name\":\"n\",\"driver\":\"file\"}");
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (qmp_blockdev_options_file_branch_get_filename ((QmpBlockdevOptionsFileBranch *) options), ==, "a");
  g_assert_null (qmp_blockdev_options_new_from_json ("{\"filename\":5,\"driver\":\"file\"}", &error));
  g_assert_error (error, QMP_ERROR, (gint) QMP_ERROR_UNEXPECTED_VALUE);
  g_assert_cmpstr (error->message, ==, "BlockdevOptions: filename: expected string, got integer");
}

/* All branches: each has its own class, or is the union itself. */
static void
test_all_tags (void)
{
  const WireShape *shape = &qmp_blockdev_options_shape;
  const WireEnum *drivers = shape->members[shape->tag].of;

  for (guint i = 0; i < drivers->n_values; i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"driver\":\"%s\"}", wire_enum_get_name (drivers, (int) i));
      g_autoptr (QmpBlockdevOptions) options = read_options (json);
      const WireShape *expected = shape->branches[i] != NULL ? shape->branches[i] : shape;

      g_assert_true (G_OBJECT_TYPE (options) == expected->get_type ());
      g_assert_cmpuint (qmp_blockdev_options_get_driver (options), ==, i);
    }
}

int
main (int argc, char **argv)
{
  typed_init (&argc, &argv);
  g_test_add_func ("/typed/odd-values/twice", test_twice);
  g_test_add_func ("/typed/odd-values/escaped", test_escaped);
  g_test_add_func ("/typed/odd-values/dash-and-underscore", test_dash_and_underscore);
  g_test_add_func ("/typed/odd-values/deep", test_deep);
  g_test_add_func ("/typed/odd-values/deep/change", test_deep_change);
  g_test_add_func ("/typed/odd-values/deep/made", test_deep_made);
  g_test_add_func ("/typed/odd-values/deep/images", test_deep_images);
  g_test_add_func ("/typed/odd-values/long/integers", test_long_integers);
  g_test_add_func ("/typed/odd-values/long/objects", test_long_objects);
  g_test_add_func ("/typed/odd-values/new/value", test_new_value);
  g_test_add_func ("/typed/odd-values/new/tag", test_new_tag);
  g_test_add_func ("/typed/odd-values/tag-last", test_tag_last);
  g_test_add_func ("/typed/odd-values/all-tags", test_all_tags);
  return g_test_run ();
}
