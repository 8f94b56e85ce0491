/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-program.h"

#include <errno.h>
#include <unistd.h>

/* Where nothing is installed yet, it is beside the one that runs. */
static char *
find_program (const char *program)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  g_autofree char *beside = folder != NULL ? g_build_filename (folder, program, NULL) : NULL;

  if (beside != NULL && g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  return g_build_filename (TOOL_PROGRAMS, program, NULL);
}

gboolean
tool_program_run (ToolApp *app, const char *program, const char *verb, GError **error)
{
  g_autofree char *path = find_program (program);
  g_autofree char *timeout = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  g_ptr_array_add (argv, (char *) program);
  if (tool_app_wants_json (app))
    g_ptr_array_add (argv, (char *) "--json");
  if (tool_app_get_timeout (app) >= 0)
    {
      timeout = g_strdup_printf ("--timeout=%d.%03d", tool_app_get_timeout (app) / 1000, tool_app_get_timeout (app) % 1000);
      g_ptr_array_add (argv, timeout);
    }
  g_ptr_array_add (argv, (char *) tool_app_get_address (app));
  g_ptr_array_add (argv, (char *) verb);
  g_ptr_array_add (argv, NULL);

  execv (path, (char **) argv->pdata);
  g_set_error (error, TOOL_ERROR, TOOL_ERROR_FAILED, "%s: %s", path, g_strerror (errno));
  return FALSE;
}
