/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The second half of the demo: the guest, by its agent.  All calls block, one
 * after the other, in a thread of their own. */
#include "demo.h"

#include <string.h>

#include <qga-glib/qga-glib.h>

#define BOOT_TIMEOUT_MS (120 * 1000)
#define FILE_SIZE (1024 * 1024)

typedef struct
{
  QgaConnection *agent;
  GCancellable *cancellable;
} Guest;

/* --- what it says --------------------------------------------------------------- */

/* Whatever a guest says may hold sequences that rewrite a terminal. */
static char *
make_safe (const char *text)
{
  GString *safe = g_string_new (NULL);

  for (; *text != '\0'; text = g_utf8_next_char (text))
    g_string_append_unichar (safe, g_unichar_iscntrl (g_utf8_get_char (text)) ? '?' : g_utf8_get_char (text));
  return g_string_free (safe, FALSE);
}

/* And it may be of any kind. */
static char *
dup_text (JsonNode *node, const char *name)
{
  JsonNode *member = NULL;
  const char *text = NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    member = json_object_get_member (json_node_get_object (node), name);
  if (member != NULL && JSON_NODE_HOLDS_VALUE (member))
    text = json_node_get_string (member);
  return make_safe (text != NULL ? text : "?");
}

static GList *
get_elements (JsonNode *node)
{
  return JSON_NODE_HOLDS_ARRAY (node) ? json_array_get_elements (json_node_get_array (node)) : NULL;
}

/* --- commands ---------------------------------------------------------------------- */

static gboolean
show_system (Guest *guest, GError **error)
{
  g_autoptr (JsonNode) reply = NULL;
  g_autofree char *name = NULL;
  g_autofree char *kernel = NULL;

  g_print ("\nWhich system is it?  [guest-get-osinfo]\n");
  reply = qga_connection_execute (guest->agent, "guest-get-osinfo", NULL, guest->cancellable, error);
  if (reply == NULL)
    return FALSE;
  name = dup_text (reply, "pretty-name");
  kernel = dup_text (reply, "kernel-release");
  g_print ("  %s, with Linux %s\n", name, kernel);
  return TRUE;
}

static void
print_interface (JsonNode *interface)
{
  g_autofree char *name = dup_text (interface, "name");
  g_autoptr (GList) addresses = NULL;
  JsonNode *list = NULL;

  if (JSON_NODE_HOLDS_OBJECT (interface))
    list = json_object_get_member (json_node_get_object (interface), "ip-addresses");
  addresses = list != NULL ? get_elements (list) : NULL;
  g_print ("  %s:", name);
  for (GList *each = addresses; each != NULL; each = each->next)
    {
      g_autofree char *address = dup_text (each->data, "ip-address");

      g_print (" %s", address);
    }
  g_print ("%s\n", addresses == NULL ? " no address" : "");
}

static gboolean
show_interfaces (Guest *guest, GError **error)
{
  g_autoptr (JsonNode) reply = NULL;
  g_autoptr (GList) interfaces = NULL;

  g_print ("\nWhich addresses has it?  [guest-network-get-interfaces]\n");
  reply = qga_connection_execute (guest->agent, "guest-network-get-interfaces", NULL, guest->cancellable, error);
  if (reply == NULL)
    return FALSE;
  interfaces = get_elements (reply);
  for (GList *each = interfaces; each != NULL; each = each->next)
    print_interface (each->data);
  return TRUE;
}

/* --- processes ---------------------------------------------------------------------- */

/* Runs a program in the guest, and gives what it wrote, without the line's end. */
static char *
run (Guest *guest, const char *const *argv, GError **error)
{
  g_autoptr (QgaProcess) process = qga_process_spawn (guest->agent, argv, NULL, guest->cancellable, error);
  g_autofree char *output = NULL;

  if (process == NULL || !qga_process_wait_check (process, guest->cancellable, error) ||
      !qga_process_communicate_utf8 (process, &output, NULL, guest->cancellable, error))
    return NULL;
  return g_strchomp (g_steal_pointer (&output));
}

static gboolean
show_process (Guest *guest, GError **error)
{
  const char *argv[] = { "uname", "-a", NULL };
  g_autofree char *output = NULL;
  g_autofree char *line = NULL;

  g_print ("\nRun a program in the guest.  [uname -a]\n");
  output = run (guest, argv, error);
  if (output == NULL)
    return FALSE;
  line = make_safe (output);
  g_print ("  %s\n", line);
  return TRUE;
}

/* --- files ------------------------------------------------------------------------------ */

static GFile *
make_local_file (gsize size, GError **error)
{
  g_autoptr (GFileIOStream) stream = NULL;
  g_autoptr (GFile) file = g_file_new_tmp ("demo-XXXXXX", &stream, error);
  g_autofree guint32 *random = g_new (guint32, size / sizeof (guint32));

  for (gsize i = 0; i < size / sizeof (guint32); i++)
    random[i] = g_random_int ();
  if (file == NULL || !g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (stream)), random, size,
                                                  NULL, NULL, error))
    return NULL;
  return g_steal_pointer (&file);
}

static char *
sum_local_file (GFile *file, GError **error)
{
  g_autoptr (GBytes) bytes = g_file_load_bytes (file, NULL, NULL, error);

  return bytes != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;
}

static char *
sum_guest_file (Guest *guest, const char *path, GError **error)
{
  const char *argv[] = { "sha256sum", path, NULL };
  char *output = run (guest, argv, error);

  if (output != NULL)
    output[strcspn (output, " ")] = '\0';
  return output;
}

static void
count_steps (G_GNUC_UNUSED goffset current, G_GNUC_UNUSED goffset total, gpointer data)
{
  guint *steps = data;

  (*steps)++;
}

/* Copies a file into the guest and back, and compares all three. */
static gboolean
copy_there_and_back (Guest *guest, GFile *original, GFile *copy, const char *path, GError **error)
{
  g_autofree char *original_sum = sum_local_file (original, error);
  g_autofree char *guest_sum = NULL;
  g_autofree char *copy_sum = NULL;
  guint steps = 0;

  if (original_sum == NULL || !qga_connection_copy_to_guest (guest->agent, original, path, G_FILE_COPY_OVERWRITE,
                                                             count_steps, &steps, guest->cancellable, error))
    return FALSE;
  guest_sum = sum_guest_file (guest, path, error);
  if (guest_sum == NULL || !qga_connection_copy_from_guest (guest->agent, path, copy, G_FILE_COPY_OVERWRITE, FILE_SIZE,
                                                            count_steps, &steps, guest->cancellable, error))
    return FALSE;
  copy_sum = sum_local_file (copy, error);
  if (copy_sum == NULL)
    return FALSE;
  g_print ("  done, in %u steps\n", steps);
  g_print ("  SHA-256 here, there, and here again:\n  %.16s…, %.16s…, %.16s…\n", original_sum, guest_sum, copy_sum);
  if (g_str_equal (original_sum, guest_sum) && g_str_equal (original_sum, copy_sum))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The copies differ");
  return FALSE;
}

static gboolean
show_files (Guest *guest, GError **error)
{
  const char *make_temporary[] = { "mktemp", NULL };
  g_autoptr (GFile) original = make_local_file (FILE_SIZE, error);
  g_autoptr (GFile) copy = original != NULL ? make_local_file (0, error) : NULL;
  g_autofree char *path = copy != NULL ? run (guest, make_temporary, error) : NULL;
  const char *remove[] = { "rm", path, NULL };
  g_autofree char *output = NULL;
  gboolean good = FALSE;

  if (path != NULL)
    {
      g_print ("\nCopy a file of 1 MiB into the guest, and back.  [guest-file-write, guest-file-read]\n");
      good = copy_there_and_back (guest, original, copy, path, error);
      output = run (guest, remove, good ? error : NULL);
    }
  if (original != NULL)
    g_file_delete (original, NULL, NULL);
  if (copy != NULL)
    g_file_delete (copy, NULL, NULL);
  return good && output != NULL;
}

/* --- the end of the guest -------------------------------------------------------------- */

static const char *
describe (QgaAcceptance acceptance)
{
  switch (acceptance)
    {
    case QGA_ACCEPTANCE_REPLIED:
      return "the agent has answered";
    case QGA_ACCEPTANCE_EVENT:
      return "QEMU has told of it";
    case QGA_ACCEPTANCE_CLOSED:
      return "the agent has left";
    case QGA_ACCEPTANCE_SILENT:
    default:
      return "the agent has not objected";
    }
}

/* An agent may have been forbidden to; then there still is the power button. */
static gboolean
shut_down (Guest *guest, gboolean *shuts_down, GError **error)
{
  g_autoptr (GError) objection = NULL;
  QgaAcceptance acceptance;

  g_print ("\nShut the guest down from within.  [guest-shutdown]\n");
  acceptance = qga_connection_shutdown (guest->agent, QGA_SHUTDOWN_MODE_POWERDOWN, guest->cancellable, &objection);
  *shuts_down = acceptance != QGA_ACCEPTANCE_NONE;
  if (*shuts_down)
    g_print ("  it does: %s\n", describe (acceptance));
  else if (g_error_matches (objection, QGA_ERROR, QGA_ERROR_COMMAND_DISABLED))
    g_print ("  it may not: that is disabled\n");
  else
    {
      g_propagate_error (error, g_steal_pointer (&objection));
      return FALSE;
    }
  return TRUE;
}

gboolean
demo_show_guest (const char *agent_address, GObject *monitor, GCancellable *cancellable, gboolean *shuts_down,
                 GError **error)
{
  g_autoptr (QgaOpenOptions) options = qga_open_options_new ();
  g_autoptr (QgaConnection) agent = NULL;
  g_autofree char *version = NULL;
  Guest guest;

  g_print ("\nWaiting for the guest to boot, and for its agent at %s.\n", agent_address);
  qga_open_options_set_timeout (options, BOOT_TIMEOUT_MS);
  agent = qga_connection_open (agent_address, options, cancellable, error);
  if (agent == NULL)
    return FALSE;
  version = qga_connection_dup_agent_version (agent);
  g_print ("  an agent of version %s answers\n", version != NULL ? version : "?");
  qga_connection_watch_monitor (agent, monitor, NULL);

  guest = (Guest) { agent, cancellable };
  return show_system (&guest, error) && show_interfaces (&guest, error) && show_process (&guest, error) &&
         show_files (&guest, error) && shut_down (&guest, shuts_down, error);
}
