/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "wire-document.h"

G_BEGIN_DECLS

/* What the values of QAPI types look like, as tables: generated code is made
 * of them, and everything that is done with such a value reads them. A value
 * is judged by its shape once, when it comes; what reads it afterwards cannot
 * fail.
 *
 * The world is open: members that no table knows pass, members that a table
 * knows may be missing, and an enum may have values that are newer than it. */

typedef enum
{
  WIRE_KIND_NULL,
  WIRE_KIND_BOOLEAN,
  WIRE_KIND_INT8,
  WIRE_KIND_INT16,
  WIRE_KIND_INT32,
  WIRE_KIND_INT64,
  WIRE_KIND_UINT8,
  WIRE_KIND_UINT16,
  WIRE_KIND_UINT32,
  WIRE_KIND_UINT64,
  WIRE_KIND_DOUBLE,
  WIRE_KIND_ENUM,       /* of: WireEnum */
  WIRE_KIND_STRING,
  WIRE_KIND_ANY,        /* held as the text of its JSON */
  WIRE_KIND_BASE64,     /* a string that stands for bytes */
  WIRE_KIND_OBJECT,     /* of: WireShape */
  WIRE_KIND_ALTERNATE,  /* of: WireShape, of which one member stands bare */
} WireKind;

/* Its numbers are their own, and frozen: the first value is -1, for names that
 * are newer than the table; then they count from 0. Nicks are QAPI's names. */
typedef struct
{
  const char *type_name;
  const GEnumValue *values;
  guint n_values;  /* without the first */
  GType (*get_type) (void);
} WireEnum;

typedef struct
{
  const char *name;
  guint8 kind;      /* WireKind */
  gboolean list : 1;
  gboolean secret : 1;
  const void *of;
} WireMember;

/* What was set on top of a value. */
typedef enum
{
  WIRE_SLOT_AS_IS,  /* nothing */
  WIRE_SLOT_SET,
  WIRE_SLOT_UNSET,
} WireSlotState;

typedef struct
{
  WireSlotState state;
  union
  {
    gint64 integer;    /* booleans, enums, and the bits of what is unsigned */
    double real;
    gpointer pointer;  /* see wire_body_get_pointer() */
  };
} WireSlot;

typedef struct _WireShape WireShape;

struct _WireShape
{
  const char *name;                  /* in QAPI */
  const char *type_name;             /* in GObject */
  const WireMember *members;         /* of a branch: those of its union come first */
  guint n_members;
  const WireShape *base;             /* of a branch: its union */
  const WireShape *const *branches;  /* of a union, by the tag's number; NULL for no more than the union itself */
  guint tag;                         /* of unions and branches: which member tells the branch */
  WireSlot branch;                   /* of a branch: what its tag always is */
  gboolean alternate;                /* one of its members stands bare in its place */
  GType (*get_type) (void);
};

int wire_enum_find (const WireEnum *described, const char *name, gsize length);
int wire_enum_read (const WireEnum *described, const WireView *view, guint place);
const char *wire_enum_get_name (const WireEnum *described, int number);

guint wire_shape_find_member (const WireShape *shape, const WireView *view, guint key, guint near);
guint wire_shape_find_name (const WireShape *shape, const char *name);
guint wire_shape_find_alternative (const WireShape *shape, WireType type);
const WireShape *wire_shape_find_branch (const WireShape *shape, const WireView *view, guint place);

/* Whether a value is what the member says; the error tells the path to what
 * is not, behind the path to the value itself. */
gboolean wire_shape_check (const WireMember *member, const WireView *view, guint place, const char *path, GQuark domain,
                           int code, GError **error);

/* Whether an integer fits into the member's bits; of what is unsigned, these
 * are given. All else fits. */
gboolean wire_member_fits (const WireMember *member, gint64 number);

static inline gboolean
wire_member_is_signed (const WireMember *member)
{
  return member->kind >= WIRE_KIND_INT8 && member->kind <= WIRE_KIND_INT64;
}

static inline gboolean
wire_member_is_unsigned (const WireMember *member)
{
  return member->kind >= WIRE_KIND_UINT8 && member->kind <= WIRE_KIND_UINT64;
}

/* What is held as text, one by one; in lists, also the values of enums. */
static inline gboolean
wire_member_is_text (const WireMember *member)
{
  return member->kind == WIRE_KIND_STRING || member->kind == WIRE_KIND_ANY ||
         (member->list && member->kind == WIRE_KIND_ENUM);
}

static inline gboolean
wire_member_is_object (const WireMember *member)
{
  return member->kind == WIRE_KIND_OBJECT || member->kind == WIRE_KIND_ALTERNATE;
}

/* Whether it is held in a slot of its own memory. */
static inline gboolean
wire_member_is_pointer (const WireMember *member)
{
  return member->list || member->kind > WIRE_KIND_ENUM;
}

G_END_DECLS
