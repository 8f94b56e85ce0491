/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire-body.h"

G_BEGIN_DECLS

/* What the base classes of both libraries, and all that is generated on top of
 * them, have in common as GObjects. */

/* How the class structure of each base class begins. */
typedef struct
{
  GObjectClass parent_class;
  const WireShape *shape;
  GParamSpec **properties;  /* by member; NULL: it has none */
} WireStructClass;

GType wire_struct_register (gsize *type, GType base, const WireShape *shape);
GType wire_enum_register (gsize *type, const WireEnum *described);

void wire_struct_class_init (GObjectClass *class);

WireStruct *wire_struct_new_from_json (const WireShape *shape, const char *json, GQuark domain, int code, GError **error);
WireStruct *wire_struct_copy (WireStruct *self);
WireStruct *wire_struct_convert (gpointer object, const WireShape *from, const WireShape *to);
char *wire_struct_dup_member_json (gpointer object, const char *name);

/* What generated getters and setters are made of. An object of another shape
 * is a mistake of the program: it is told, and nothing is done. */

gboolean wire_get_has (gpointer object, const WireShape *shape, guint member);
gint64 wire_get_integer (gpointer object, const WireShape *shape, guint member);
double wire_get_double (gpointer object, const WireShape *shape, guint member);
gpointer wire_get_pointer (gpointer object, const WireShape *shape, guint member);
const char *wire_get_text (gpointer object, const WireShape *shape, guint member);
gpointer wire_get_integers (gpointer object, const WireShape *shape, guint member, gsize *n);
GPtrArray *wire_get_objects (gpointer object, const WireShape *shape, guint member);

const char *wire_find_need (const WireMember *member, gconstpointer value);

void wire_set_integer (gpointer object, const WireShape *shape, guint member, gint64 value);
void wire_set_double (gpointer object, const WireShape *shape, guint member, double value);
void wire_set_pointer (gpointer object, const WireShape *shape, guint member, gconstpointer value);
void wire_set_integers (gpointer object, const WireShape *shape, guint member, gconstpointer values, gsize n);
void wire_set_objects (gpointer object, const WireShape *shape, guint member, gconstpointer values, gsize n);
void wire_unset (gpointer object, const WireShape *shape, guint member);

G_END_DECLS
