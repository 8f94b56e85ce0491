/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "schema-mutants.h"
#include "small-schema.h"

/* Schemas of a QEMU that was taken over: each ends in a clear error, or in an
 * object that is as bounded as any. */

typedef struct
{
  const char *text;     /* with single quotes */
  const char *message;
} Case;

#define COMMAND "{'name':'c','meta-type':'command','arg-type':'o','ret-type':'o'}"
#define OBJECT "{'name':'o','meta-type':'object','members':[]}"
#define ENUM "{'name':'e','meta-type':'enum','values':['a','b']}"

static void
refuse (const Case *one)
{
  g_autofree char *json = small_schema_quote (one->text), *message = g_strconcat ("This is no schema: ", one->message, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (qmp_schema_new_from_json (json, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_text (void)
{
  static const Case cases[] = {
    { "", "expected a value, at byte 0" },
    { "{}", "it is no array" },
    { "null", "it is no array" },
    { "[]", "it has no command" },
    { "[" OBJECT "]", "it has no command" },
    { "[", "expected a value, at byte 1" },
    { "[],'x':1", "more text follows, at byte 8" },
    { "[]}", "more text follows, at byte 3" },
    { "[1e999]", "a number that is not finite or beyond a double, at byte 1" },
    { "['\\u0000']", "a NUL character, at byte 2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    refuse (&cases[i]);
}

static void
test_entries (void)
{
  static const Case cases[] = {
    { "[7]", "entry 0: it is no object" },
    { "[{}]", "entry 0: name is not there, or no string" },
    { "[{'name':7,'meta-type':'command'}]", "entry 0: name is not there, or no string" },
    { "[{'name':'c'}]", "entry 0 (c): meta-type is not there, or no string" },
    { "[{'name':'c','meta-type':'command'}]", "entry 0 (c): arg-type is not there, or no string" },
    { "[{'name':'c','meta-type':'command','arg-type':'o'}]", "entry 0 (c): ret-type is not there, or no string" },
    { "[" OBJECT ",{'name':'c','meta-type':'command','arg-type':'o','ret-type':'o','allow-oob':1}]",
      "entry 1 (c): allow-oob is no boolean" },
    { "[" COMMAND "]", "entry 0 (c): there is no type o" },
    { "[" COMMAND "," OBJECT "," COMMAND "]", "entry 2 (c): another command has that name" },
    { "[" COMMAND "," OBJECT "," OBJECT "]", "entry 2 (o): another type has that name" },
    { "[{'name':'c','meta-type':'command','arg-type':'e','ret-type':'e'}," ENUM "]", "entry 0 (c): its data is no object" },
    { "[{'name':'a\\nb\\u001b','meta-type':7}]", "entry 0 (a b\\x1b): meta-type is not there, or no string" },
    { "[{'name':'a','meta-type':'builtin'}]", "entry 0 (a): json-type is not there, or no string" },
    { "[{'name':'a','meta-type':'array','element-type':'x'}," COMMAND "," OBJECT "]", "entry 0 (a): there is no type x" },
    { "[{'name':'a','meta-type':'enum'}]", "entry 0 (a): values is not there, or no array" },
    { "[{'name':'a','meta-type':'enum','values':[1]}]", "entry 0 (a): values has one that is no string" },
    { "[{'name':'a','meta-type':'enum','members':[{}]}]", "entry 0 (a): members has one without a name" },
    { "[{'name':'a','meta-type':'enum','values':['x','y','x']}," COMMAND "," OBJECT "]", "entry 0 (a): x stands in it twice" },
    { "[{'name':'a','meta-type':'object'}]", "entry 0 (a): members is not there, or no array" },
    { "[{'name':'a','meta-type':'object','members':[7]}]", "entry 0 (a): members has one that is no object" },
    { "[{'name':'a','meta-type':'object','members':[{'name':'x'}]}]", "entry 0 (a): members has one without a type" },
    { "[{'name':'a','meta-type':'object','members':[],'features':7}]", "entry 0 (a): features is no array" },
    { "[{'name':'a','meta-type':'object','members':[],'features':[7]}]", "entry 0 (a): features has one that is no string" },
    { "[{'name':'a','meta-type':'object','members':[{'name':'x','type':'o'},{'name':'x','type':'o'}]}," COMMAND "," OBJECT "]",
      "entry 0 (a): x stands in it twice" },
    { "[{'name':'a','meta-type':'alternate','members':[{'type':'a'}]}," COMMAND "," OBJECT "]",
      "entry 0 (a): an alternative of it is an alternate" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    refuse (&cases[i]);
}

static void
test_branches (void)
{
  static const Case cases[] = {
    { "[{'name':'a','meta-type':'object','members':[],'tag':'x'}]", "entry 0 (a): variants is not there, or no array" },
    { "[{'name':'a','meta-type':'object','members':[],'variants':[]}]", "entry 0 (a): tag is not there, or no string" },
    { "[{'name':'a','meta-type':'object','members':[],'tag':'x','variants':[]}," COMMAND "," OBJECT "]",
      "entry 0 (a): its tag is none of its members" },
    { "[{'name':'a','meta-type':'object','members':[{'name':'x','type':'o'}],'tag':'x','variants':[]}," COMMAND "," OBJECT "]",
      "entry 0 (a): its tag is no enum" },
    { "[{'name':'a','meta-type':'object','members':[{'name':'x','type':'e'}],'tag':'x',"
      "'variants':[{'case':'a','type':'e'}]}," COMMAND "," OBJECT "," ENUM "]",
      "entry 0 (a): a branch of it is no object" },
    { "[{'name':'a','meta-type':'object','members':[{'name':'x','type':'e'}],'tag':'x',"
      "'variants':[{'case':'a','type':'a'}]}," COMMAND "," OBJECT "," ENUM "]",
      "entry 0 (a): it is a branch of itself, or of one that is" },
    { "[{'name':'a','meta-type':'object','members':[{'name':'x','type':'e'}],'tag':'x',"
      "'variants':[{'case':'a','type':'o'},{'case':'a','type':'o'}]}," COMMAND "," OBJECT "," ENUM "]",
      "entry 0 (a): a stands in it twice" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    refuse (&cases[i]);
}

/* Lists begin with what all of them need. */
static GString *
begin (void)
{
  g_autofree char *text = small_schema_quote ("[{'name':'c','meta-type':'command','arg-type':'t0','ret-type':'t0'}," ENUM);

  return g_string_new (text);
}

static QmpSchema *
finish (GString *text, GError **error)
{
  QmpSchema *schema;

  g_string_append_c (text, ']');
  g_strdelimit (text->str, "'", '"');
  schema = qmp_schema_new_from_json (text->str, error);
  g_string_free (text, TRUE);
  return schema;
}

static QmpSchema *
make_chain (guint length, GError **error)
{
  GString *text = begin ();

  for (guint i = 0; i < length; i++)
    g_string_append_printf (text, ",{'name':'t%u','meta-type':'object','members':[{'name':'x%u','type':'e'}],'tag':'x%u',"
                                  "'variants':[{'case':'a','type':'t%u'},{'case':'b','type':'t%u'}]}", i, i, i, i + 1, i + 1);
  g_string_append_printf (text, ",{'name':'t%u','meta-type':'object','members':[]}", length);
  return finish (text, error);
}

/* Branches within branches, each twice: 2^16 ways, or no end of them. */
static void
test_nested_branches (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpSchema) deepest = make_chain (16, &error), too_deep = NULL;
  g_autoptr (GString) text = g_string_new ("{");

  g_assert_no_error (error);
  for (guint i = 0; i < 16; i++)
    g_string_append_printf (text, "%s\"x%u\":\"b\"", i > 0 ? "," : "", i);
  g_string_append_c (text, '}');
  g_assert_true (qmp_schema_check_arguments_json (deepest, "c", text->str, &error));
  g_assert_no_error (error);
  g_assert_true (qmp_schema_has_argument (deepest, "c", "x15"));
  g_assert_false (qmp_schema_has_argument (deepest, "c", "x16"));
  g_assert_false (qmp_schema_check_arguments_json (deepest, "c", "{\"x15\":\"b\"}", &error));
  g_clear_error (&error);

  too_deep = make_chain (17, &error);
  g_assert_null (too_deep);
  g_assert_cmpstr (error->message, ==, "This is no schema: entry 19 (t17): its branches are nested too deep");
  g_clear_error (&error);
  g_assert_null (make_chain (30000, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

/* Arrays of themselves, members that contain their own type, alternatives
 * that lead back: all legal. */
static void
test_cycles (void)
{
  GString *text = begin ();
  g_autoptr (QmpSchema) schema = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpSchemaType) type = NULL;

  g_string_append (text, ",{'name':'t0','meta-type':'object','members':[{'name':'me','type':'t0','default':null},"
                         "{'name':'list','type':'t1','default':null},{'name':'any','type':'t2','default':null}]}"
                         ",{'name':'t1','meta-type':'array','element-type':'t1'}"
                         ",{'name':'t2','meta-type':'alternate','members':[{'type':'t1'},{'type':'t0'}]}");
  schema = finish (text, &error);
  g_assert_no_error (error);
  g_assert_true (qmp_schema_has_argument (schema, "c", "me.me.any.me.any.list"));
  g_assert_false (qmp_schema_has_argument (schema, "c", "list.me"));
  g_assert_false (qmp_schema_has_argument (schema, "c", "me.any.nonsense"));
  g_assert_false (qmp_schema_has_argument_value (schema, "c", "list", "a"));
  g_assert_true (qmp_schema_check_arguments_json (schema, "c", "{\"list\":[[[],[]],[]],\"any\":[[]],\"me\":{\"any\":{}}}", &error));
  g_assert_no_error (error);
  g_assert_false (qmp_schema_check_arguments_json (schema, "c", "{\"list\":[[[],[1]],[]]}", &error));
  g_assert_cmpstr (error->message, ==, "c: list[0][1][0]: expected an array, got an integer");
  type = qmp_schema_get_arguments_type (schema, "c");
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (QmpSchemaMember) member = qmp_schema_type_get_member (type, "me");

      g_object_unref (type);
      type = qmp_schema_member_get_value_type (member);
    }
  g_assert_cmpstr (qmp_schema_type_get_name (type), ==, "t0");
}

/* 10^5 of everything, with names that share all but their ends. */
static void
test_many (void)
{
  static const guint n = 100000;
  GString *text = begin ();
  g_autoptr (QmpSchema) schema = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *huge = g_strnfill (1000000, 'n');

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, ",{'name':'t%u','meta-type':'array','element-type':'t%u'}", i + 1, (i + 2) % n);
  g_string_append (text, ",{'name':'t0','meta-type':'object','members':[");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s{'name':'member-%06u','type':'t%u'}", i > 0 ? "," : "", i, i);
  g_string_append_printf (text, "]},{'name':'%s','meta-type':'enum','values':['%s','x%s']}", huge, huge, huge);
  schema = finish (text, &error);
  g_assert_no_error (error);
  g_assert_true (qmp_schema_has_argument (schema, "c", "member-099999.member-000001"));
  g_assert_false (qmp_schema_has_argument (schema, "c", "member-099999.member-0000011"));
  g_assert_false (qmp_schema_check_arguments_json (schema, "c", "{\"membr-000007\":[]}", &error));
  g_assert_cmpstr (error->message, ==, "c: membr-000007: no such member; did you mean member-000007?");
  g_clear_error (&error);
  g_assert_false (qmp_schema_check_arguments_json (schema, "c", "{\"member-000000\":{}}", &error));
  g_assert_cmpstr (error->message, ==, "c: member-000001: is missing");
}

static void
test_too_many_alternatives (void)
{
  GString *text = begin ();
  g_autoptr (GError) error = NULL;

  g_string_append (text, ",{'name':'t0','meta-type':'object','members':[]},"
                         "{'name':'a','meta-type':'alternate','members':[{'type':'e'}");
  for (guint i = 0; i < 16; i++)
    g_string_append (text, ",{'type':'e'}");
  g_string_append (text, "]}");
  g_assert_null (finish (text, &error));
  g_assert_cmpstr (error->message, ==, "This is no schema: entry 3 (a): it has too many alternatives");
}

/* A tag that is missing, and branches without number that may have what is
 * there. */
static void
test_many_branches (void)
{
  GString *text = begin (), *arguments = g_string_new ("{");
  g_autoptr (QmpSchema) schema = NULL;
  g_autoptr (GError) error = NULL;

  g_string_append (text, ",{'name':'t0','meta-type':'object','members':[{'name':'x','type':'e'}],'tag':'x','variants':[");
  for (guint i = 0; i < 50000; i++)
    g_string_append_printf (text, "%s{'case':'c%u','type':'t1'}", i > 0 ? "," : "", i);
  g_string_append (text, "]},{'name':'t1','meta-type':'object','members':[");
  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "%s{'name':'m%u','type':'e'}", i > 0 ? "," : "", i);
  g_string_append (text, "]}");
  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (arguments, "%s\"m%u\":\"a\"", i > 0 ? "," : "", i);
  g_string_append_c (arguments, '}');
  schema = finish (text, &error);
  g_assert_no_error (error);
  g_assert_false (qmp_schema_check_arguments_json (schema, "c", arguments->str, &error));
  g_assert_cmpstr (error->message, ==, "c: x: is missing");
  g_string_free (arguments, TRUE);
}

static void
test_mutants (void)
{
  g_autofree char *json = small_schema_json ();
  guint n_refused = 0, n;

  n = schema_mutants_run (json, 1, &n_refused);
  g_assert_cmpuint (n, >, 500);
  g_assert_cmpuint (n_refused, >, n / 3);
  g_assert_cmpuint (n_refused, <, n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema-hostile/text", test_text);
  g_test_add_func ("/schema-hostile/entries", test_entries);
  g_test_add_func ("/schema-hostile/branches", test_branches);
  g_test_add_func ("/schema-hostile/nested-branches", test_nested_branches);
  g_test_add_func ("/schema-hostile/cycles", test_cycles);
  g_test_add_func ("/schema-hostile/many", test_many);
  g_test_add_func ("/schema-hostile/too-many-alternatives", test_too_many_alternatives);
  g_test_add_func ("/schema-hostile/many-branches", test_many_branches);
  g_test_add_func ("/schema-hostile/mutants", test_mutants);
  return g_test_run ();
}
