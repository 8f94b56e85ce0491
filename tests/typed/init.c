/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "typed/typed.h"

/* GLib forgets the array of its quarks, on purpose, when it needs a larger one,
 * and all typed classes together make it do so. The first array is there
 * before main(): so the leak checker looks away until then, and until there is
 * room for all that will come. */

#ifdef __SANITIZE_ADDRESS__

#include <sanitizer/lsan_interface.h>

static void
look_away (void)
{
  __lsan_disable ();
}

__attribute__ ((section (".preinit_array"), used)) static void (*const before_libraries) (void) = look_away;

static void
look_again (void)
{
  for (guint i = 0; i < 7000; i++)
    {
      g_autofree char *name = g_strdup_printf ("room for a name %u", i);

      g_quark_from_string (name);
    }
  __lsan_enable ();
}

#else

static void
look_again (void)
{
}

#endif

void
typed_init (int *argc, char ***argv)
{
  look_again ();
  g_test_init (argc, argv, NULL);
}
