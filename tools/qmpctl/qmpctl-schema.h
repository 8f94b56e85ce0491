/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmpctl.h"

G_BEGIN_DECLS

/* What a schema says, as JSON. Of objects within objects, `depth` levels have
 * their members; `choices` are values by the paths of tags: these members are
 * there as well. */

/* Members of an object: "type", and what there is more to say of it. */
void qmpctl_write_type (ToolWriter *writer, QmpSchemaType *type, const char *path, GHashTable *choices, guint depth);

/* Members of an object: its kind, its name, its features. */
void qmpctl_write_head (ToolWriter *writer, QmpSchema *schema, const char *name, gboolean is_event);

void qmpctl_write_command (ToolWriter *writer, QmpSchema *schema, const char *name, GHashTable *choices, guint depth);
void qmpctl_write_event (ToolWriter *writer, QmpSchema *schema, const char *name, GHashTable *choices, guint depth);

G_END_DECLS
