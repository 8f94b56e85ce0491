/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QGA_GLIB_INSIDE) && !defined (QGA_GLIB_COMPILATION)
#error "Only <qga-glib/qga-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qga-glib/qga-version-macros.h>

G_BEGIN_DECLS

#define QGA_TYPE_STRUCT (qga_struct_get_type ())
#define QGA_STRUCT(object) (G_TYPE_CHECK_INSTANCE_CAST ((object), QGA_TYPE_STRUCT, QgaStruct))
#define QGA_IS_STRUCT(object) (G_TYPE_CHECK_INSTANCE_TYPE ((object), QGA_TYPE_STRUCT))

typedef struct _QgaStruct QgaStruct;
typedef struct _QgaStructClass QgaStructClass;

struct _QgaStruct
{
  /*< private >*/
  GObject parent_instance;
  gpointer body;
};

struct _QgaStructClass
{
  /*< private >*/
  GObjectClass parent_class;
  gconstpointer shape;
  gpointer properties;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QgaStruct, g_object_unref)

QGA_AVAILABLE_IN_0_1
GType qga_struct_get_type (void);

QGA_AVAILABLE_IN_0_1
char *qga_struct_to_json (QgaStruct *self);
QGA_AVAILABLE_IN_0_1
QgaStruct *qga_struct_copy (QgaStruct *self);
QGA_AVAILABLE_IN_0_1
char *qga_struct_get_member_json (QgaStruct *self, const char *name);
QGA_AVAILABLE_IN_0_1
gboolean qga_struct_set_member_json (QgaStruct *self, const char *name, const char *json, GError **error);

G_END_DECLS
