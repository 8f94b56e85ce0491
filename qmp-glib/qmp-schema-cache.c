/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-schema-cache-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire/wire-writer.h"

/* The file says itself what it is of, as its name does: two packages may
 * have names that differ only in what cannot stand in a file's. */

#define LONGEST_PACKAGE 64u

/**
 * qmp_schema_cache_make_name:
 * @version: what QEMU said in its greeting
 *
 * Makes the name of a file from text that is a peer's: no slash, no dot in
 * front, not too long; and a digest, so that what was replaced still counts.
 */
char *
qmp_schema_cache_make_name (QmpVersion *version)
{
  const char *package = qmp_version_get_package (version);
  g_autofree char *number = qmp_version_to_string (version);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, package, -1);
  g_autoptr (GString) safe = g_string_new (NULL);

  for (const char *p = package; *p != '\0' && safe->len < LONGEST_PACKAGE; p++)
    g_string_append_c (safe, g_ascii_isalnum (*p) || *p == '.' || *p == '+' ? *p : '_');
  return g_strdup_printf ("qmp-schema-%s%s%s-%.16s.json", number, safe->len > 0 ? "-" : "", safe->str, digest);
}

/* --- reading --------------------------------------------------------------------- */

/* A file of another user, or one that others may write, is not to be trusted
 * more than they are. */
static gboolean
is_sound (int fd, gsize most, gsize *length)
{
  struct stat info;

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode) || info.st_uid != geteuid () || (info.st_mode & 022) != 0 ||
      info.st_size <= 0 || (guint64) info.st_size > most)
    return FALSE;
  *length = (gsize) info.st_size;
  return TRUE;
}

static gboolean
read_all (int fd, char *text, gsize length)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = read (fd, text + done, length - done);

      if (n > 0)
        done += (gsize) n;
      else if (n == 0 || errno != EINTR)
        return FALSE;
    }
  return TRUE;
}

static char *
read_file (const char *path, gsize most, gsize *length)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  char *text = NULL;

  if (fd < 0)
    return NULL;
  if (is_sound (fd, most, length))
    text = g_malloc (*length);
  if (text != NULL && !read_all (fd, text, *length))
    g_clear_pointer (&text, g_free);
  close (fd);
  return text;
}

static gboolean
is_of (const WireView *view, QmpVersion *version)
{
  g_autofree char *number = qmp_version_to_string (version);
  guint qemu = wire_view_member (view, 0, "qemu"), package = wire_view_member (view, 0, "package");

  return qemu != 0 && wire_view_is_string (view, qemu, number) &&
         package != 0 && wire_view_is_string (view, package, qmp_version_get_package (version));
}

/**
 * qmp_schema_cache_read:
 *
 * Gives what is in the file, or NULL when that is not a schema of this
 * version, or not our own file.
 */
QmpSchemaIndex *
qmp_schema_cache_read (const char *path, QmpVersion *version, const WireLimits *limits)
{
  gsize length;
  g_autofree char *text = read_file (path, limits->max_bytes, &length);
  QmpSchemaIndex *index = NULL;
  WireScanner scanner;

  if (text == NULL)
    return NULL;
  wire_scanner_init (&scanner, limits);
  if (wire_scanner_scan (&scanner, text, length) == WIRE_SCAN_MESSAGE && scanner.taint == WIRE_TAINT_NONE &&
      scanner.at == length)
    {
      const WireView view = { text, length, scanner.values, scanner.n_values, scanner.taint };
      guint schema = wire_view_member (&view, 0, "schema");

      if (schema != 0 && is_of (&view, version))
        index = qmp_schema_index_new (&view, schema, NULL);
    }
  wire_scanner_clear (&scanner);
  return index;
}

/* --- writing ------------------------------------------------------------------------ */

/**
 * qmp_schema_cache_write:
 * @json: the schema
 * @length: bytes of it
 *
 * Puts the file there, whole or not at all.
 */
void
qmp_schema_cache_write (const char *path, QmpVersion *version, const char *json, gsize length)
{
  g_autoptr (GString) text = g_string_sized_new (length + 256);
  g_autofree char *number = qmp_version_to_string (version), *folder = g_path_get_dirname (path);

  g_string_append_printf (text, "{\"qemu\":\"%s\",\"package\":", number);
  wire_write_string (text, qmp_version_get_package (version));
  g_string_append (text, ",\"schema\":");
  g_string_append_len (text, json, (gssize) length);
  g_string_append_c (text, '}');
  if (g_mkdir_with_parents (folder, 0700) == 0)
    g_file_set_contents_full (path, text->str, (gssize) text->len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
}
