/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

#define QMP_TYPE_STRUCT (qmp_struct_get_type ())
#define QMP_STRUCT(object) (G_TYPE_CHECK_INSTANCE_CAST ((object), QMP_TYPE_STRUCT, QmpStruct))
#define QMP_IS_STRUCT(object) (G_TYPE_CHECK_INSTANCE_TYPE ((object), QMP_TYPE_STRUCT))

typedef struct _QmpStruct QmpStruct;
typedef struct _QmpStructClass QmpStructClass;

struct _QmpStruct
{
  /*< private >*/
  GObject parent_instance;
  gpointer body;
};

struct _QmpStructClass
{
  /*< private >*/
  GObjectClass parent_class;
  gconstpointer shape;
  gpointer properties;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QmpStruct, g_object_unref)

QMP_AVAILABLE_IN_0_1
GType qmp_struct_get_type (void);

QMP_AVAILABLE_IN_0_1
char *qmp_struct_to_json (QmpStruct *self);
QMP_AVAILABLE_IN_0_1
QmpStruct *qmp_struct_copy (QmpStruct *self);
QMP_AVAILABLE_IN_0_1
char *qmp_struct_get_member_json (QmpStruct *self, const char *name);
QMP_AVAILABLE_IN_0_1
gboolean qmp_struct_set_member_json (QmpStruct *self, const char *name, const char *json, GError **error);

G_END_DECLS
