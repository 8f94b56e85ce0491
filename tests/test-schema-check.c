/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "small-schema.h"

/* What checks say of arguments: their messages are read by people. */

typedef struct
{
  const char *command;
  const char *arguments;  /* with single quotes; or NULL */
  const char *message;    /* NULL: nothing is wrong */
} Case;

static void
check (QmpSchema *schema, const Case *one)
{
  g_autofree char *text = one->arguments != NULL ? g_strdelimit (small_schema_quote (one->arguments), "\n", ' ') : NULL;
  g_autofree char *shown = g_strescape (one->command, NULL);
  g_autoptr (GError) error = NULL;
  gboolean good = qmp_schema_check_arguments_json (schema, one->command, text, &error);

  g_test_message ("%s %s", shown, text != NULL ? text : "");
  g_assert_true (good == (error == NULL));
  if (error != NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (error != NULL ? error->message : NULL, ==, one->message);
}

static void
check_all (const Case *cases, guint n)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();

  for (guint i = 0; i < n; i++)
    check (schema, &cases[i]);
}

static void
test_commands (void)
{
  static const Case cases[] = {
    { "query-status", NULL, NULL },
    { "query-status", "{}", NULL },
    { "query-statsu", NULL, "query-statsu: no such command; did you mean query-status?" },
    { "query_block", NULL, "query_block: no such command; did you mean query-block?" },
    { "block-resize", NULL, "block-resize: no such command; did you mean block_resize?" },
    { "make-coffee", NULL, "make-coffee: no such command" },
    { "STOP", NULL, "STOP: no such command" },
    { "", NULL, ": no such command" },
    { "two\nlines", NULL, "two lines: no such command" },
  };

  check_all (cases, G_N_ELEMENTS (cases));
}

static void
test_members (void)
{
  static const Case cases[] = {
    { "set_link", "{'name':'net0','up':true}", NULL },
    { "set_link", "{'up':true,'name':'net0'}", NULL },
    { "set_link", "{'name':'net0','up':'yes'}", "set_link: up: expected a boolean, got a string" },
    { "set_link", "{'name':'net0'}", "set_link: up: is missing" },
    { "set_link", NULL, "set_link: name: is missing" },
    { "device_del", NULL, "device_del: id: is missing" },
    { "device_del", "{'id':'a','force':true}", "device_del: force: no such member" },
    { "device_del", "{'di':'a'}", "device_del: di: no such member; did you mean id?" },
    { "device_del", "{'\\u0069d':'a'}", NULL },
    { "query-status", "{'x':1}", "query-status: x: no such member" },
    { "block_resize", "{'device':'a','size':'1M'}", "block_resize: size: expected an integer, got a string" },
    { "block_resize", "{'device':7,'size':'1M'}", "block_resize: device: expected a string, got an integer" },
    { "block_resize", "{'device':null,'size':1}", "block_resize: device: expected a string, got null" },
    { "block_resize", "{'device':[],'size':1}", "block_resize: device: expected a string, got an array" },
    { "block_resize", "{'device':{},'size':1}", "block_resize: device: expected a string, got an object" },
    { "block_resize", "{'a\\nb\\u202e':1}", "block_resize: a b\\u{202e}: no such member" },
  };

  check_all (cases, G_N_ELEMENTS (cases));
}

static void
test_integers (void)
{
  static const Case cases[] = {
    { "yank", "{'n':18446744073709551615}", NULL },
    { "yank", "{'n':-9223372036854775808}", NULL },
    { "yank", "{'n':0}", NULL },
    { "yank", "{'n':1.0}", "yank: n: expected an integer, got a number" },
    { "yank", "{'n':1e3}", "yank: n: expected an integer, got a number" },
    { "yank", "{'n':true}", "yank: n: expected an integer, got a boolean" },
    { "yank", "{'n':18446744073709551616}",
      "yank: The arguments cannot be sent: an integer beyond 64 bits, at byte 5" },
    { "yank", "{'share':1.5}", NULL },
    { "yank", "{'share':1}", NULL },
    { "yank", "{'share':'1'}", "yank: share: expected a number, got a string" },
  };

  check_all (cases, G_N_ELEMENTS (cases));
}

static void
test_text (void)
{
  static const Case cases[] = {
    { "yank", "{'n':1", "yank: The arguments cannot be sent: the text ends in the middle, at byte 5" },
    { "yank", "{'n':1}}", "yank: The arguments cannot be sent: more text follows the value, at byte 7" },
    { "yank", " {\n'n' : 1 } ", NULL },
  };
  g_autoptr (QmpSchema) schema = small_schema_new ();
  g_autoptr (GError) error = NULL;

  check_all (cases, G_N_ELEMENTS (cases));
  g_assert_false (qmp_schema_check_arguments_json (schema, "yank", "[1]", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_unions (void)
{
  static const Case cases[] = {
    { "blockdev-add", "{'driver':'file','filename':'a'}", NULL },
    { "blockdev-add", "{'filename':'a','driver':'file'}", NULL },
    { "blockdev-add", "{'driver':'null-co'}", NULL },
    { "blockdev-add", "{'driver':'null-co','filename':'a'}", "blockdev-add: filename: no such member" },
    { "blockdev-add", "{'driver':'qcow2','file':{'driver':'file','filename':'a'}}", NULL },
    { "blockdev-add", "{'driver':'qcow2','file':'node0'}", NULL },
    { "blockdev-add", "{'driver':'qcow2'}", "blockdev-add: file: is missing" },
    { "blockdev-add", "{'driver':'qcow2','file':{'driver':'file'}}", "blockdev-add: file.filename: is missing" },
    { "blockdev-add", "{'driver':'qcow2','file':{'drver':'file','filename':'a'}}",
      "blockdev-add: file.drver: no such member; did you mean driver?" },
    { "blockdev-add", "{'driver':'qcow2','file':{'filename':'a','drver':'file'}}",
      "blockdev-add: file.drver: no such member; did you mean driver?" },
    { "blockdev-add", "{'filename':'a','node-name':'b'}", "blockdev-add: driver: is missing" },
    { "blockdev-add", "{'driver':'qcow3','file':'a'}", "blockdev-add: driver: no such value; did you mean qcow2?" },
    { "blockdev-add", "{'driver':'secret','file':'a'}", "blockdev-add: driver: no such value" },
    { "blockdev-add", "{'driver':7}", "blockdev-add: driver: expected a string, got an integer" },
    { "blockdev-add", "{'driver':'qcow2','file':7}", "blockdev-add: file: expected an object or a string, got an integer" },
    { "blockdev-add", "{'driver':'qcow2','node_name':'x','file':'a'}",
      "blockdev-add: node_name: no such member; did you mean node-name?" },
    { "blockdev-add", "{'driver':'file','filename':'a','aio':'nativ'}",
      "blockdev-add: aio: no such value; did you mean native?" },
    { "blockdev-add", "{'driver':'file','filename':'a','aio':1}", "blockdev-add: aio: expected a string, got an integer" },
    { "x-tree", "{'kind':'flat'}", NULL },
    { "x-tree", "{'kind':'deep'}", "x-tree: inner: is missing" },
    { "x-tree", "{'kind':'deep','inner':'flat'}", NULL },
    { "x-tree", "{'kind':'deep','inner':'deep'}", "x-tree: level: is missing" },
    { "x-tree", "{'level':3,'inner':'deep','kind':'deep'}", NULL },
    { "x-tree", "{'kind':'flat','level':3}", "x-tree: level: no such member" },
  };

  check_all (cases, G_N_ELEMENTS (cases));
}

static void
test_arrays (void)
{
  static const Case cases[] = {
    { "blockdev-add", "{'driver':'quorum','vote-threshold':1,'children':[]}", NULL },
    { "blockdev-add", "{'driver':'quorum','vote-threshold':1,'children':{}}",
      "blockdev-add: children: expected an array, got an object" },
    { "blockdev-add", "{'driver':'quorum','vote-threshold':1,'children':[{'driver':'null-co'},{'driver':'file'}]}",
      "blockdev-add: children[1].filename: is missing" },
    { "blockdev-add", "{'driver':'quorum','vote-threshold':1,'children':[{'driver':'quorum','vote-threshold':1,"
                      "'children':[{'driver':'null-co','read-only':0}]},7]}",
      "blockdev-add: children[0].children[0].read-only: expected a boolean, got an integer" },
    { "x-tree", "{'kind':'flat','grid':[[1,2],[],[3]]}", NULL },
    { "x-tree", "{'kind':'flat','grid':[[1,2],[3,null]]}", "x-tree: grid[1][1]: expected an integer, got null" },
    { "x-tree", "{'kind':'flat','grid':[1]}", "x-tree: grid[0]: expected an array, got an integer" },
    { "x-tree", "{'kind':'flat','modes':['native','threads']}", NULL },
    { "x-tree", "{'kind':'flat','modes':['native','thread']}", "x-tree: modes[1]: no such value; did you mean threads?" },
  };

  check_all (cases, G_N_ELEMENTS (cases));
}

static void
test_alternates (void)
{
  static const Case cases[] = {
    { "x-tree", "{'kind':'flat','mode':'deep'}", NULL },
    { "x-tree", "{'kind':'flat','mode':'native'}", NULL },
    { "x-tree", "{'kind':'flat','mode':3}", NULL },
    { "x-tree", "{'kind':'flat','mode':'dep'}", "x-tree: mode: no such value; did you mean deep?" },
    { "x-tree", "{'kind':'flat','mode':3.5}", "x-tree: mode: expected a string or an integer, got a number" },
    { "x-tree", "{'kind':'flat','many':null}", NULL },
    { "x-tree", "{'kind':'flat','many':true}", NULL },
    { "x-tree", "{'kind':'flat','many':1}", NULL },
    { "x-tree", "{'kind':'flat','many':1.5}", NULL },
    { "x-tree", "{'kind':'flat','many':[1]}", NULL },
    { "x-tree", "{'kind':'flat','many':['1']}", "x-tree: many[0]: expected an integer, got a string" },
    { "x-tree", "{'kind':'flat','many':{'level':'x'}}", "x-tree: many.level: expected an integer, got a string" },
    { "x-tree", "{'kind':'flat','many':'x'}",
      "x-tree: many: expected null or a boolean or a number or an array or an object, got a string" },
  };

  check_all (cases, G_N_ELEMENTS (cases));
}

/* Members that introspection does not tell, and types newer than this. */
static void
test_open (void)
{
  static const Case cases[] = {
    { "device_add", "{'driver':'virtio-blk','drive':'a','num-queues':4,'x':{'y':[null]}}", NULL },
    { "device_add", "{'drive':'a'}", "device_add: driver: is missing" },
    { "device_add", "{'driver':3}", "device_add: driver: expected a string, got an integer" },
    { "qom-set", "{'path':'/','value':{'a':[1,2.5,null]}}", NULL },
    { "qom-set", "{'path':'/','value':null}", NULL },
    { "qom-set", "{'path':'/'}", "qom-set: value: is missing" },
    { "x-tree", "{'kind':'flat','new':[[1],{'a':2}]}", NULL },
    { "x-tree", "{'kind':'flat','nothing':null}", NULL },
    { "x-tree", "{'kind':'flat','nothing':0}", "x-tree: nothing: expected null, got an integer" },
  };

  check_all (cases, G_N_ELEMENTS (cases));
}

/* As deep as it may be: 500 block devices within each other. */
static void
test_deep (void)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 500; i++)
    g_string_append (text, "{\"driver\":\"qcow2\",\"file\":");
  g_string_append (text, "{\"driver\":\"file\"}");
  for (guint i = 0; i < 500; i++)
    g_string_append_c (text, '}');
  g_assert_false (qmp_schema_check_arguments_json (schema, "blockdev-add", text->str, &error));
  g_assert_cmpstr (error->message, ==, "blockdev-add: file.file.file.file.file.file.file.file….file.file.file.file.file."
                                       "file.file.filename: is missing");
  g_clear_error (&error);

  g_string_truncate (text, 0);
  for (guint i = 0; i < 5000; i++)
    g_string_append (text, "{\"file\":");
  g_assert_false (qmp_schema_check_arguments_json (schema, "blockdev-add", text->str, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

/* A name without end is shown in part, and has no nearest. */
static void
test_long_name (void)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();
  g_autofree char *name = g_strnfill (3000, 'x'), *text = g_strdup_printf ("{\"%s\":1}", name);
  g_autofree char *expected = g_strdup_printf ("yank: %.64s…: no such member", name);
  g_autoptr (GError) error = NULL;

  g_assert_false (qmp_schema_check_arguments_json (schema, "yank", text, &error));
  g_assert_cmpstr (error->message, ==, expected);
  g_clear_error (&error);
  g_assert_false (qmp_schema_check_arguments_json (schema, name, NULL, &error));
  g_assert_cmpuint (strlen (error->message), <, 100);
}

/* Trees are judged as they would be sent: a double without a fraction is an
 * integer there. */
static void
test_node (void)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();
  g_autoptr (JsonNode) arguments = json_from_string ("{\"n\":1048576.0}", NULL), array = json_from_string ("[1]", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (qmp_schema_check_arguments (schema, "yank", arguments, &error));
  g_assert_no_error (error);
  g_assert_true (qmp_schema_check_arguments (schema, "yank", NULL, &error));
  json_object_set_double_member (json_node_get_object (arguments), "n", 1.5);
  g_assert_false (qmp_schema_check_arguments (schema, "yank", arguments, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (error->message, ==, "yank: n: expected an integer, got a number");
  g_clear_error (&error);
  g_assert_false (qmp_schema_check_arguments (schema, "yank", array, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (error->message, ==, "yank: The arguments must be an object");
  g_clear_error (&error);
  g_assert_false (qmp_schema_check_arguments (schema, "yakn", NULL, &error));
  g_assert_cmpstr (error->message, ==, "yakn: no such command; did you mean yank?");
}

static void
expect_result (const char *command, const char *result, const char *message)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();
  g_autofree char *text = small_schema_quote (result);
  g_autoptr (GError) error = NULL;

  g_assert_true (qmp_schema_check_result_json (schema, command, text, &error) == (message == NULL));
  g_assert_cmpstr (error != NULL ? error->message : NULL, ==, message);
}

static void
test_results (void)
{
  expect_result ("query-status", "{'running':true,'status':'running'}", NULL);
  expect_result ("query-status", "{'running':true}", "query-status: status: is missing");
  expect_result ("query-status", "'running'", "query-status: expected an object, got a string");
  expect_result ("query-block", "[]", NULL);
  expect_result ("query-block", " [ {'device':'a','inserted':{'ro':false,'backing':{'ro':true}}} ] ", NULL);
  expect_result ("query-block", "[{'device':'a'},{'device':'a','inserted':{'ro':false,'backing':{}}}]",
                 "query-block: [1].inserted.backing.ro: is missing");
  expect_result ("qom-set", "null", NULL);
  expect_result ("qom-set", "18446744073709551615", NULL);
  expect_result ("qom-set", "1,'x':2", "qom-set: more text follows, at byte 7");
  expect_result ("qom-set", "1}{", "qom-set: more text follows, at byte 2");
  expect_result ("qom-set", "", "qom-set: expected a value, at byte 0");
  expect_result ("yak", "{}", "yak: no such command; did you mean yank?");
}

static void
expect_event (const char *event, const char *data, const char *message)
{
  g_autoptr (QmpSchema) schema = small_schema_new ();
  g_autofree char *text = data != NULL ? small_schema_quote (data) : NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (qmp_schema_check_event_json (schema, event, text, &error) == (message == NULL));
  g_assert_cmpstr (error != NULL ? error->message : NULL, ==, message);
}

static void
test_event_data (void)
{
  expect_event ("STOP", NULL, NULL);
  expect_event ("STOP", "{'x':1}", "STOP: x: no such member");
  expect_event ("BLOCK_IO_ERROR", "{'device':'a'}", NULL);
  expect_event ("BLOCK_IO_ERROR", NULL, "BLOCK_IO_ERROR: device: is missing");
  expect_event ("STOPP", NULL, "STOPP: no such event; did you mean STOP?");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema-check/commands", test_commands);
  g_test_add_func ("/schema-check/members", test_members);
  g_test_add_func ("/schema-check/integers", test_integers);
  g_test_add_func ("/schema-check/text", test_text);
  g_test_add_func ("/schema-check/unions", test_unions);
  g_test_add_func ("/schema-check/arrays", test_arrays);
  g_test_add_func ("/schema-check/alternates", test_alternates);
  g_test_add_func ("/schema-check/open", test_open);
  g_test_add_func ("/schema-check/deep", test_deep);
  g_test_add_func ("/schema-check/long-name", test_long_name);
  g_test_add_func ("/schema-check/node", test_node);
  g_test_add_func ("/schema-check/results", test_results);
  g_test_add_func ("/schema-check/event-data", test_event_data);
  return g_test_run ();
}
