/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "transcripts/transcript.h"

/* Runs a fuzz target as an ordinary test: a fixed number of times, with
 * inputs made from seeds by a random number generator whose start is told. */

#define LONGEST 4000

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static int runs = 1000;
static int start = 0;

static const char *crafted[] = {
  "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 2, \"minor\": 0, \"major\": 10}, \"package\": \"\"}, \"capabilities\": [\"oob\"]}}\r\n",
  "{\"return\": {}, \"id\": 0}\r\n", "{\"id\": 1, \"error\": {\"class\": \"GenericError\", \"desc\": \"x\"}}\r\n",
  "{\"event\": \"STOP\", \"timestamp\": {\"seconds\": 1, \"microseconds\": 2}}\r\n", "{\"event\": \"SHUTDOWN\", \"data\": {}}\r\n",
  "{\"return\": [[[[[[[[[1]]]]]]]]], \"id\": 2}", "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[", "{\"return\": \"\\u0000\", \"id\": 0}",
  "{\"return\": \"\\ud83d\\ude00\\ud800\", \"id\": 0}", "{\"return\": 18446744073709551615, \"id\": 0}", "{\"return\": 18446744073709551616, \"id\": 0}",
  "{\"return\": 1e400, \"id\": 0}", "{\"return\": [inf, -nan], \"id\": 1}", "{\"a\":1,\"\\u0061\":2}", "{\"a\":1,\"b\":2,\"c\":3,\"a\":4}",
  "{\r\n    \"return\": {\r\n        \"x\": [\r\n        ]\r\n    }\r\n}\r\n", "\xff{\"return\": 1}\n", "{\"error\": {\"class\": \"GenericError\"}}\r\n",
  "{\"a\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}", "{\"a\":\"\xed\xa0\x80\"}", "{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":1}",
  "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":10,\"k\":11,\"l\":12,\"m\":13,\"n\":14,\"o\":15,\"p\":16,\"q\":17,\"a\":18}",
  "{\"n\":[0,-0,1.5,-1e-5,123456789012345678,1234567890123456789,0.1,1E+2,01,1.,-]}", "{\"return\": {}, \"error\": {}, \"event\": \"x\"}",
  "{\"execute\": \"query-status\", \"id\": 1}\n", "{\"exec-oob\": \"yank\", \"arguments\": {\"instances\": []}, \"id\": [{}]}",
  "{\"execute\": \"qmp_capabilities\", \"arguments\": {\"enable\": [\"oob\"]}}\r\n", "{\"execute\": \"a\"}{\"execute\": \"b\"}{\"exec-oob\": \"c\"}",
  "{\"w\":[true,false,null,tru,nul,inf,nan]}", "{}{}{}[]", "{\"a\" : \"b\" , \"c\" : { } , \"d\" : [ ] }",
};

static const char *words[] = {
  "{", "}", "[", "]", "\"", ":", ",", "\\", "\\u", "\\u0000", "\\ud83d", "\\ude00", "\\\"", "null", "true", "false", "inf", "-nan", "1e400",
  "18446744073709551615", "18446744073709551616", "-9223372036854775809", "0", "-", ".", "e", "\xff", "\xc3", "\xa9", "\xf0\x9f", "\r\n", " ",
  "\"return\":", "\"error\":", "\"execute\":", "\"exec-oob\":", "\"arguments\":{}", "\"event\":", "\"QMP\":", "\"id\":0", "\"id\":1", "\"data\":{}", "\"SHUTDOWN\"", "\x01", "{}", "[]", "\"\"",
  "{\"return\":{},\"id\":0}", "{\"event\":\"STOP\"}", "[[[[[[[[", "\"a\":1,\"a\":2",
};

/* --- seeds --------------------------------------------------------------------------- */

static GPtrArray *
load_seeds (void)
{
  GPtrArray *seeds = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GPtrArray) talks = transcripts_load ();

  for (guint i = 0; i < G_N_ELEMENTS (crafted); i++)
    for (guint n = 0; n < 8; n++)
      g_ptr_array_add (seeds, g_bytes_new_static (crafted[i], strlen (crafted[i])));
  for (guint i = 0; i < talks->len; i++)
    {
      Talk *talk = g_ptr_array_index (talks, i);

      for (guint n = 0; n < talk->lines->len; n++)
        {
          TalkLine *line = g_ptr_array_index (talk->lines, n);

          if (line->side == TALK_PEER && line->length > 0 && line->length < LONGEST)
            g_ptr_array_add (seeds, g_bytes_new (line->bytes, line->length));
        }
    }
  return seeds;
}

/* --- changing them ------------------------------------------------------------------------ */

static void
add_seed (GString *input, GPtrArray *seeds, GRand *rand)
{
  GBytes *seed = g_ptr_array_index (seeds, g_rand_int_range (rand, 0, (gint32) seeds->len));

  g_string_append_len (input, g_bytes_get_data (seed, NULL), (gssize) g_bytes_get_size (seed));
}

static gsize
pick (GRand *rand, gsize most)
{
  return most == 0 ? 0 : (gsize) g_rand_int_range (rand, 0, (gint32) most);
}

static void
change_once (GString *input, GPtrArray *seeds, GRand *rand)
{
  gsize at = pick (rand, input->len), wanted = 1 + pick (rand, pick (rand, 2) == 0 ? 3 : 60);
  gsize n = MIN (input->len - at, wanted);
  g_autofree char *part = g_strndup (input->str + at, n);

  switch (g_rand_int_range (rand, 0, 9))
    {
    case 0:
      input->str[at] = (char) g_rand_int (rand);
      break;
    case 1:
      input->str[at] ^= (char) (1 << g_rand_int_range (rand, 0, 8));
      break;
    case 2:
      g_string_erase (input, (gssize) at, (gssize) n);
      break;
    case 3:
      g_string_truncate (input, at);
      break;
    case 4:
      g_string_insert_len (input, (gssize) pick (rand, input->len + 1), part, (gssize) strlen (part));
      break;
    case 5:
      for (guint i = 0; i < 20 && input->len < LONGEST; i++)
        g_string_insert_len (input, (gssize) at, part, (gssize) strlen (part));
      break;
    case 6:
      add_seed (input, seeds, rand);
      break;
    default:
      g_string_insert (input, (gssize) at, words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))]);
    }
}

static void
make_input (GString *input, GPtrArray *seeds, GRand *rand)
{
  guint n_changes = (guint) g_rand_int_range (rand, 0, 6);

  g_string_truncate (input, 0);
  for (guint i = (guint) g_rand_int_range (rand, 1, 4); i > 0; i--)
    add_seed (input, seeds, rand);
  for (guint i = 0; i < n_changes && input->len > 0; i++)
    change_once (input, seeds, rand);
  if (input->len > LONGEST)
    g_string_truncate (input, LONGEST);
}

/* --- running --------------------------------------------------------------------------------- */

static volatile int run_now;

/* Only what may be called in a signal handler. */
static void
tell_run (int number)
{
  char text[64];
  int length = g_snprintf (text, sizeof text, "# it was run %d of seed %d\n", run_now, start);

  if (write (2, text, (gsize) length) < 0)
    _exit (98);
  signal (number, SIG_DFL);
  raise (number);
}

static void
run_all (void)
{
  g_autoptr (GPtrArray) seeds = load_seeds ();
  g_autoptr (GString) input = g_string_new (NULL);

  for (run_now = 0; run_now < runs; run_now++)
    {
      /* each run by itself can be told by its number */
      g_autoptr (GRand) rand = g_rand_new_with_seed_array ((guint32[]) { (guint32) start, (guint32) run_now }, 2);
      g_autofree char *exact = NULL;

      make_input (input, seeds, rand);
      exact = g_memdup2 (input->str, MAX (input->len, 1));
      LLVMFuzzerTestOneInput ((const uint8_t *) exact, input->len);
    }
}

static void
take_option (const char *option)
{
  if (g_str_has_prefix (option, "-runs="))
    runs = atoi (option + 6);
  else if (g_str_has_prefix (option, "-seed="))
    start = atoi (option + 6);
}

static void
say_nothing (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
}

int
main (int argc, char **argv)
{
  start = (int) (g_random_int () & G_MAXINT);
  for (int i = 1; i < argc; i++)
    take_option (argv[i]);
  g_test_init (&argc, &argv, NULL);
  g_log_set_handler ("Qmp", G_LOG_LEVEL_DEBUG, say_nothing, NULL);
  signal (SIGABRT, tell_run);
  signal (SIGTRAP, tell_run);
  signal (SIGSEGV, tell_run);
  g_print ("1..1\n# -runs=%d -seed=%d\n", runs, start);
  run_all ();
  g_print ("ok 1 %d inputs\n", runs);
  return 0;
}
