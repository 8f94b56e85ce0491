/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-copy.h"

G_BEGIN_DECLS

/* The host's side of a copy. */

/* A file that takes its name only once it is whole. All is done through the
 * folder's descriptor: whoever moves the folder about changes nothing. */
typedef struct
{
  const char *path;     /* for messages */
  char *name;           /* in the folder */
  char *temporary;      /* NULL: there is none */
  int folder;
  int fd;
  gboolean overwrites;
} QgaCopyTarget;

gboolean qga_copy_target_open (QgaCopyTarget *self, GFile *destination, GFileCopyFlags flags, GError **error);
gboolean qga_copy_target_create (QgaCopyTarget *self, GError **error);
gboolean qga_copy_target_write (QgaCopyTarget *self, const void *bytes, gsize n_bytes, GError **error);
gboolean qga_copy_target_commit (QgaCopyTarget *self, GError **error);
void qga_copy_target_clear (QgaCopyTarget *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QgaCopyTarget, qga_copy_target_clear)

typedef struct
{
  const char *path;     /* for messages */
  int fd;
  goffset size;         /* when it was opened */
} QgaCopySource;

gboolean qga_copy_source_open (QgaCopySource *self, GFile *file, GError **error);
gssize qga_copy_source_read (QgaCopySource *self, void *bytes, gsize n_bytes, GError **error);
void qga_copy_source_clear (QgaCopySource *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QgaCopySource, qga_copy_source_clear)

gboolean qga_copy_check_flags (GFileCopyFlags flags, GError **error);

G_END_DECLS
