/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from sample.api. */
#include "config.h"

#include <qmp-glib/qmp-glib.h>

#include "qmp-glib/qmp-api-private.h"

/* --- TeaKind */

static const GEnumValue qmp_tea_kind_values[] = {
  { QMP_TEA_KIND_UNRECOGNIZED, "QMP_TEA_KIND_UNRECOGNIZED", "unrecognized" },
  { QMP_TEA_KIND_BLACK, "QMP_TEA_KIND_BLACK", "black" },
  { QMP_TEA_KIND_4_SEASON, "QMP_TEA_KIND_4_SEASON", "4-season" },
  { QMP_TEA_KIND_MATCHA, "QMP_TEA_KIND_MATCHA", "matcha" },
  { QMP_TEA_KIND_INSTANT, "QMP_TEA_KIND_INSTANT", "instant" },
  { QMP_TEA_KIND_SMOKED, "QMP_TEA_KIND_SMOKED", "smoked" },
  { QMP_TEA_KIND_COLD_BREW, "QMP_TEA_KIND_COLD_BREW", "cold-brew" },
  { 0, NULL, NULL },
};
const WireEnum qmp_tea_kind_enum =
  { "QmpTeaKind", qmp_tea_kind_values, 6, qmp_tea_kind_get_type };

GType qmp_tea_kind_get_type (void) { static gsize type; return wire_enum_register (&type, &qmp_tea_kind_enum); }

/* --- VesselKind */

static const GEnumValue qmp_vessel_kind_values[] = {
  { QMP_VESSEL_KIND_UNRECOGNIZED, "QMP_VESSEL_KIND_UNRECOGNIZED", "unrecognized" },
  { QMP_VESSEL_KIND_CUP, "QMP_VESSEL_KIND_CUP", "cup" },
  { QMP_VESSEL_KIND_NONE, "QMP_VESSEL_KIND_NONE", "none" },
  { 0, NULL, NULL },
};
const WireEnum qmp_vessel_kind_enum =
  { "QmpVesselKind", qmp_vessel_kind_values, 2, qmp_vessel_kind_get_type };

GType qmp_vessel_kind_get_type (void) { static gsize type; return wire_enum_register (&type, &qmp_vessel_kind_enum); }

/* --- QmpLeaf */

static const WireMember qmp_leaf_members[] = {
  { "origin", WIRE_KIND_STRING },
};
const WireShape qmp_leaf_shape =
  { "Leaf", "QmpLeaf", qmp_leaf_members, 1, .get_type = qmp_leaf_get_type };

/**
 * QmpLeaf:
 *
 * The struct `Leaf`.
 *
 * It is used by [class@Qmp.Pot].
 *
 * Since QEMU 1.0.
 *
 * Since: 0.1
 */

/**
 * QmpLeaf:origin:
 *
 * The member `origin`: a string.
 *
 * Since: 0.1
 */

GType qmp_leaf_get_type (void) { static gsize type; return qmp_struct_register (&type, &qmp_leaf_shape); }

/**
 * qmp_leaf_new:
 *
 * Makes a [class@Qmp.Leaf] that has no members yet.
 *
 * Returns: (transfer full): the new object
 *
 * Since: 0.1
 */
QmpLeaf *qmp_leaf_new (void) { return g_object_new (qmp_leaf_get_type (), NULL); }

/**
 * qmp_leaf_new_from_json:
 * @json: the text of one JSON value
 * @error: return location
 *
 * Reads a [class@Qmp.Leaf] from JSON. Members that this library does not know
 * are kept: `to_json` gives them back.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @json is not the text of one
 * JSON value, and with %QMP_ERROR_UNEXPECTED_VALUE when a value is not of
 * its type: the message has its path.
 *
 * Returns: (transfer full): the new object, or %NULL if it failed
 *
 * Since: 0.1
 */
QmpLeaf *qmp_leaf_new_from_json (const char *json, GError **error) { return qmp_struct_new_from_json (&qmp_leaf_shape, json, error); }

/**
 * qmp_leaf_get_origin:
 * @self: a [class@Qmp.Leaf]
 *
 * Gets `origin`: a string.
 *
 * Returns: (nullable) (transfer none): the value of `origin`, or %NULL if it
 *   is absent
 *
 * Since: 0.1
 */
const char *qmp_leaf_get_origin (QmpLeaf *self) { return wire_get_pointer (self, &qmp_leaf_shape, 0); }

/**
 * qmp_leaf_has_origin:
 * @self: a [class@Qmp.Leaf]
 *
 * Tells whether `origin` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_leaf_has_origin (QmpLeaf *self) { return wire_get_has (self, &qmp_leaf_shape, 0); }

/**
 * qmp_leaf_set_origin:
 * @self: a [class@Qmp.Leaf]
 * @origin: (nullable): a string
 *
 * Sets `origin`, or takes it away if that is %NULL.
 *
 * Since: 0.1
 */
void qmp_leaf_set_origin (QmpLeaf *self, const char *origin) { wire_set_pointer (self, &qmp_leaf_shape, 0, origin); }

/**
 * qmp_leaf_unset_origin:
 * @self: a [class@Qmp.Leaf]
 *
 * Takes `origin` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_leaf_unset_origin (QmpLeaf *self) { wire_unset (self, &qmp_leaf_shape, 0); }

/* --- QmpPot */

static const WireMember qmp_pot_members[] = {
  { "type", WIRE_KIND_ENUM, .of = &qmp_tea_kind_enum },
  { "data", WIRE_KIND_BASE64 },
  { "leaf", WIRE_KIND_OBJECT, .of = &qmp_leaf_shape },
  { "blend", WIRE_KIND_OBJECT, .list = TRUE, .of = &qmp_leaf_shape },
  { "labels", WIRE_KIND_STRING, .list = TRUE },
  { "kinds", WIRE_KIND_ENUM, .list = TRUE, .of = &qmp_tea_kind_enum },
  { "weight", WIRE_KIND_UINT64 },
  { "minutes", WIRE_KIND_UINT8, .list = TRUE },
  { "recipe", WIRE_KIND_STRING, .secret = TRUE },
  { "old", WIRE_KIND_STRING },
  { "x-new", WIRE_KIND_BOOLEAN },
};
const WireShape qmp_pot_shape =
  { "Pot", "QmpPot", qmp_pot_members, 11, .get_type = qmp_pot_get_type };

/**
 * QmpPot:
 *
 * The struct `Pot`.
 *
 * It is used by [method@Qmp.Connection.tea_brew_async] and
 * [method@Qmp.Connection.query_teas_async].
 *
 * Since QEMU 1.0.
 *
 * Since: 0.1
 */

/**
 * QmpPot:type:
 *
 * The member `type`: a value of [enum@Qmp.TeaKind].
 *
 * Since: 0.1
 */

/**
 * QmpPot:data:
 *
 * The member `data`: bytes, which travel as base64.
 *
 * It is optional.
 *
 * Since: 0.1
 */

/**
 * QmpPot:leaf:
 *
 * The member `leaf`: a [class@Qmp.Leaf].
 *
 * Since: 0.1
 */

/**
 * QmpPot:blend:
 *
 * The member `blend`: a list of [class@Qmp.Leaf].
 *
 * It is optional.
 *
 * Since: 0.1
 */

/**
 * QmpPot:labels:
 *
 * The member `labels`: a list of strings.
 *
 * It is optional.
 *
 * Since: 0.1
 */

/**
 * QmpPot:kinds:
 *
 * The member `kinds`: a list of names of [enum@Qmp.TeaKind].
 *
 * It is optional.
 *
 * Since: 0.1
 */

/**
 * QmpPot:weight:
 *
 * The member `weight`: an unsigned 64-bit integer.
 *
 * It is in bytes. Since QEMU 8.1.
 *
 * Since: 0.1
 */

/**
 * QmpPot:minutes:
 *
 * The member `minutes`: a list of unsigned 8-bit integers.
 *
 * It is optional. Of the versions covered, QEMU 9.2 is the last to have it.
 *
 * Since: 0.1
 */

/**
 * QmpPot:recipe:
 *
 * The member `recipe`: a string.
 *
 * It is a secret: it is not logged, and the text that was sent is overwritten.
 * It is optional.
 *
 * Since: 0.1
 */

/**
 * QmpPot:old:
 *
 * The member `old`: a string.
 *
 * It is optional. QEMU has deprecated it.
 *
 * Deprecated: 0.1: QEMU has deprecated it
 *
 * Since: 0.1
 */

/**
 * QmpPot:x-new:
 *
 * The member `x-new`: a boolean.
 *
 * It is optional. Unstable: QEMU may change or drop it without notice.
 *
 * Since: 0.1
 */

GType qmp_pot_get_type (void) { static gsize type; return qmp_struct_register (&type, &qmp_pot_shape); }

/**
 * qmp_pot_new:
 *
 * Makes a [class@Qmp.Pot] that has no members yet.
 *
 * Returns: (transfer full): the new object
 *
 * Since: 0.1
 */
QmpPot *qmp_pot_new (void) { return g_object_new (qmp_pot_get_type (), NULL); }

/**
 * qmp_pot_new_from_json:
 * @json: the text of one JSON value
 * @error: return location
 *
 * Reads a [class@Qmp.Pot] from JSON. Members that this library does not know
 * are kept: `to_json` gives them back.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @json is not the text of one
 * JSON value, and with %QMP_ERROR_UNEXPECTED_VALUE when a value is not of
 * its type: the message has its path.
 *
 * Returns: (transfer full): the new object, or %NULL if it failed
 *
 * Since: 0.1
 */
QmpPot *qmp_pot_new_from_json (const char *json, GError **error) { return qmp_struct_new_from_json (&qmp_pot_shape, json, error); }

/**
 * qmp_pot_get_type_member:
 * @self: a [class@Qmp.Pot]
 *
 * Gets `type`: a value of [enum@Qmp.TeaKind].
 *
 * Returns: the value of `type`, or %QMP_TEA_KIND_UNRECOGNIZED if it is absent,
 *   or newer than this library
 *
 * Since: 0.1
 */
QmpTeaKind qmp_pot_get_type_member (QmpPot *self) { return (QmpTeaKind) wire_get_integer (self, &qmp_pot_shape, 0); }

/**
 * qmp_pot_get_type_member_text:
 * @self: a [class@Qmp.Pot]
 *
 * Gets `type` as it is written in JSON: its name, also if that is newer than
 * this library.
 *
 * Returns: (nullable) (transfer none): the text, or %NULL if it is absent
 *
 * Since: 0.1
 */
const char *qmp_pot_get_type_member_text (QmpPot *self) { return wire_get_text (self, &qmp_pot_shape, 0); }

/**
 * qmp_pot_has_type:
 * @self: a [class@Qmp.Pot]
 *
 * Tells whether `type` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_pot_has_type (QmpPot *self) { return wire_get_has (self, &qmp_pot_shape, 0); }

/**
 * qmp_pot_set_type:
 * @self: a [class@Qmp.Pot]
 * @type: a value of [enum@Qmp.TeaKind]
 *
 * Sets `type`.
 *
 * Since: 0.1
 */
void qmp_pot_set_type (QmpPot *self, QmpTeaKind type) { wire_set_integer (self, &qmp_pot_shape, 0, type); }

/**
 * qmp_pot_unset_type:
 * @self: a [class@Qmp.Pot]
 *
 * Takes `type` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_pot_unset_type (QmpPot *self) { wire_unset (self, &qmp_pot_shape, 0); }

/**
 * qmp_pot_get_data_member:
 * @self: a [class@Qmp.Pot]
 *
 * Gets `data`: bytes, which travel as base64.
 *
 * It is optional.
 *
 * Returns: (nullable) (transfer none): the value of `data`, or %NULL if it is
 *   absent
 *
 * Since: 0.1
 */
GBytes *qmp_pot_get_data_member (QmpPot *self) { return wire_get_pointer (self, &qmp_pot_shape, 1); }

/**
 * qmp_pot_has_data:
 * @self: a [class@Qmp.Pot]
 *
 * Tells whether `data` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_pot_has_data (QmpPot *self) { return wire_get_has (self, &qmp_pot_shape, 1); }

/**
 * qmp_pot_set_data_member:
 * @self: a [class@Qmp.Pot]
 * @data: (nullable): bytes, which travel as base64
 *
 * Sets `data`, or takes it away if that is %NULL.
 *
 * It is optional.
 *
 * Since: 0.1
 */
void qmp_pot_set_data_member (QmpPot *self, GBytes *data) { wire_set_pointer (self, &qmp_pot_shape, 1, data); }

/**
 * qmp_pot_unset_data:
 * @self: a [class@Qmp.Pot]
 *
 * Takes `data` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_pot_unset_data (QmpPot *self) { wire_unset (self, &qmp_pot_shape, 1); }

/**
 * qmp_pot_get_leaf:
 * @self: a [class@Qmp.Pot]
 *
 * Gets `leaf`: a [class@Qmp.Leaf].
 *
 * Returns: (nullable) (transfer none): the value of `leaf`, or %NULL if it is
 *   absent
 *
 * Since: 0.1
 */
QmpLeaf *qmp_pot_get_leaf (QmpPot *self) { return wire_get_pointer (self, &qmp_pot_shape, 2); }

/**
 * qmp_pot_has_leaf:
 * @self: a [class@Qmp.Pot]
 *
 * Tells whether `leaf` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_pot_has_leaf (QmpPot *self) { return wire_get_has (self, &qmp_pot_shape, 2); }

/**
 * qmp_pot_set_leaf:
 * @self: a [class@Qmp.Pot]
 * @leaf: (nullable): a [class@Qmp.Leaf]
 *
 * Sets `leaf`, or takes it away if that is %NULL.
 *
 * Since: 0.1
 */
void qmp_pot_set_leaf (QmpPot *self, QmpLeaf *leaf) { wire_set_pointer (self, &qmp_pot_shape, 2, leaf); }

/**
 * qmp_pot_unset_leaf:
 * @self: a [class@Qmp.Pot]
 *
 * Takes `leaf` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_pot_unset_leaf (QmpPot *self) { wire_unset (self, &qmp_pot_shape, 2); }

/**
 * qmp_pot_get_blend:
 * @self: a [class@Qmp.Pot]
 *
 * Gets `blend`: a list of [class@Qmp.Leaf].
 *
 * It is optional.
 *
 * Returns: (transfer container) (nullable) (element-type QmpLeaf): the value
 *   of `blend`, or %NULL if it is absent
 *
 * Since: 0.1
 */
GPtrArray *qmp_pot_get_blend (QmpPot *self) { return wire_get_objects (self, &qmp_pot_shape, 3); }

/**
 * qmp_pot_has_blend:
 * @self: a [class@Qmp.Pot]
 *
 * Tells whether `blend` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_pot_has_blend (QmpPot *self) { return wire_get_has (self, &qmp_pot_shape, 3); }

/**
 * qmp_pot_set_blend:
 * @self: a [class@Qmp.Pot]
 * @blend: (array length=n_blend): a list of [class@Qmp.Leaf]
 * @n_blend: how many there are in @blend
 *
 * Sets `blend`.
 *
 * It is optional.
 *
 * Since: 0.1
 */
void qmp_pot_set_blend (QmpPot *self, QmpLeaf *const *blend, gsize n_blend) { wire_set_objects (self, &qmp_pot_shape, 3, blend, n_blend); }

/**
 * qmp_pot_unset_blend:
 * @self: a [class@Qmp.Pot]
 *
 * Takes `blend` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_pot_unset_blend (QmpPot *self) { wire_unset (self, &qmp_pot_shape, 3); }

/**
 * qmp_pot_get_labels:
 * @self: a [class@Qmp.Pot]
 *
 * Gets `labels`: a list of strings.
 *
 * It is optional.
 *
 * Returns: (nullable) (transfer none) (array zero-terminated=1): the value of
 *   `labels`, or %NULL if it is absent
 *
 * Since: 0.1
 */
const char *const *qmp_pot_get_labels (QmpPot *self) { return wire_get_pointer (self, &qmp_pot_shape, 4); }

/**
 * qmp_pot_has_labels:
 * @self: a [class@Qmp.Pot]
 *
 * Tells whether `labels` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_pot_has_labels (QmpPot *self) { return wire_get_has (self, &qmp_pot_shape, 4); }

/**
 * qmp_pot_set_labels:
 * @self: a [class@Qmp.Pot]
 * @labels: (nullable) (array zero-terminated=1): a list of strings
 *
 * Sets `labels`, or takes it away if that is %NULL.
 *
 * It is optional.
 *
 * Since: 0.1
 */
void qmp_pot_set_labels (QmpPot *self, const char *const *labels) { wire_set_pointer (self, &qmp_pot_shape, 4, labels); }

/**
 * qmp_pot_unset_labels:
 * @self: a [class@Qmp.Pot]
 *
 * Takes `labels` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_pot_unset_labels (QmpPot *self) { wire_unset (self, &qmp_pot_shape, 4); }

/**
 * qmp_pot_get_kinds:
 * @self: a [class@Qmp.Pot]
 *
 * Gets `kinds`: a list of names of [enum@Qmp.TeaKind].
 *
 * It is optional.
 *
 * Returns: (nullable) (transfer none) (array zero-terminated=1): the value of
 *   `kinds`, or %NULL if it is absent
 *
 * Since: 0.1
 */
const char *const *qmp_pot_get_kinds (QmpPot *self) { return wire_get_pointer (self, &qmp_pot_shape, 5); }

/**
 * qmp_pot_has_kinds:
 * @self: a [class@Qmp.Pot]
 *
 * Tells whether `kinds` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_pot_has_kinds (QmpPot *self) { return wire_get_has (self, &qmp_pot_shape, 5); }

/**
 * qmp_pot_set_kinds:
 * @self: a [class@Qmp.Pot]
 * @kinds: (nullable) (array zero-terminated=1): a list of names of
 *   [enum@Qmp.TeaKind]
 *
 * Sets `kinds`, or takes it away if that is %NULL.
 *
 * It is optional.
 *
 * Since: 0.1
 */
void qmp_pot_set_kinds (QmpPot *self, const char *const *kinds) { wire_set_pointer (self, &qmp_pot_shape, 5, kinds); }

/**
 * qmp_pot_unset_kinds:
 * @self: a [class@Qmp.Pot]
 *
 * Takes `kinds` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_pot_unset_kinds (QmpPot *self) { wire_unset (self, &qmp_pot_shape, 5); }

/**
 * qmp_pot_get_weight:
 * @self: a [class@Qmp.Pot]
 *
 * Gets `weight`: an unsigned 64-bit integer.
 *
 * It is in bytes. Since QEMU 8.1.
 *
 * Returns: the value of `weight`, or 0 if it is absent
 *
 * Since: 0.1
 */
guint64 qmp_pot_get_weight (QmpPot *self) { return (guint64) wire_get_integer (self, &qmp_pot_shape, 6); }

/**
 * qmp_pot_get_weight_text:
 * @self: a [class@Qmp.Pot]
 *
 * Gets `weight` as it is written in JSON: exact also for languages that have
 * no 64-bit integers.
 *
 * Returns: (nullable) (transfer none): the text, or %NULL if it is absent
 *
 * Since: 0.1
 */
const char *qmp_pot_get_weight_text (QmpPot *self) { return wire_get_text (self, &qmp_pot_shape, 6); }

/**
 * qmp_pot_has_weight:
 * @self: a [class@Qmp.Pot]
 *
 * Tells whether `weight` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_pot_has_weight (QmpPot *self) { return wire_get_has (self, &qmp_pot_shape, 6); }

/**
 * qmp_pot_set_weight:
 * @self: a [class@Qmp.Pot]
 * @weight: an unsigned 64-bit integer
 *
 * Sets `weight`.
 *
 * It is in bytes. Since QEMU 8.1.
 *
 * Since: 0.1
 */
void qmp_pot_set_weight (QmpPot *self, guint64 weight) { wire_set_integer (self, &qmp_pot_shape, 6, (gint64) weight); }

/**
 * qmp_pot_unset_weight:
 * @self: a [class@Qmp.Pot]
 *
 * Takes `weight` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_pot_unset_weight (QmpPot *self) { wire_unset (self, &qmp_pot_shape, 6); }

/**
 * qmp_pot_get_minutes:
 * @self: a [class@Qmp.Pot]
 * @n: (out): return location for how many there are
 *
 * Gets `minutes`: a list of unsigned 8-bit integers.
 *
 * It is optional. Of the versions covered, QEMU 9.2 is the last to have it.
 *
 * Returns: (nullable) (transfer none) (array length=n): the value of
 *   `minutes`, or %NULL if it is absent
 *
 * Since: 0.1
 */
const guint64 *qmp_pot_get_minutes (QmpPot *self, gsize *n) { return wire_get_integers (self, &qmp_pot_shape, 7, n); }

/**
 * qmp_pot_has_minutes:
 * @self: a [class@Qmp.Pot]
 *
 * Tells whether `minutes` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_pot_has_minutes (QmpPot *self) { return wire_get_has (self, &qmp_pot_shape, 7); }

/**
 * qmp_pot_set_minutes:
 * @self: a [class@Qmp.Pot]
 * @minutes: (array length=n_minutes): a list of unsigned 8-bit integers
 * @n_minutes: how many there are in @minutes
 *
 * Sets `minutes`.
 *
 * It is optional. Of the versions covered, QEMU 9.2 is the last to have it.
 *
 * Since: 0.1
 */
void qmp_pot_set_minutes (QmpPot *self, const guint64 *minutes, gsize n_minutes) { wire_set_integers (self, &qmp_pot_shape, 7, minutes, n_minutes); }

/**
 * qmp_pot_unset_minutes:
 * @self: a [class@Qmp.Pot]
 *
 * Takes `minutes` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_pot_unset_minutes (QmpPot *self) { wire_unset (self, &qmp_pot_shape, 7); }

/**
 * qmp_pot_get_recipe:
 * @self: a [class@Qmp.Pot]
 *
 * Gets `recipe`: a string.
 *
 * It is a secret: it is not logged, and the text that was sent is overwritten.
 * It is optional.
 *
 * Returns: (nullable) (transfer none): the value of `recipe`, or %NULL if it
 *   is absent
 *
 * Since: 0.1
 */
const char *qmp_pot_get_recipe (QmpPot *self) { return wire_get_pointer (self, &qmp_pot_shape, 8); }

/**
 * qmp_pot_has_recipe:
 * @self: a [class@Qmp.Pot]
 *
 * Tells whether `recipe` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_pot_has_recipe (QmpPot *self) { return wire_get_has (self, &qmp_pot_shape, 8); }

/**
 * qmp_pot_set_recipe:
 * @self: a [class@Qmp.Pot]
 * @recipe: (nullable): a string
 *
 * Sets `recipe`, or takes it away if that is %NULL.
 *
 * It is a secret: it is not logged, and the text that was sent is overwritten.
 * It is optional.
 *
 * Since: 0.1
 */
void qmp_pot_set_recipe (QmpPot *self, const char *recipe) { wire_set_pointer (self, &qmp_pot_shape, 8, recipe); }

/**
 * qmp_pot_unset_recipe:
 * @self: a [class@Qmp.Pot]
 *
 * Takes `recipe` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_pot_unset_recipe (QmpPot *self) { wire_unset (self, &qmp_pot_shape, 8); }

/**
 * qmp_pot_get_old:
 * @self: a [class@Qmp.Pot]
 *
 * Gets `old`: a string.
 *
 * It is optional. QEMU has deprecated it.
 *
 * Returns: (nullable) (transfer none): the value of `old`, or %NULL if it is
 *   absent
 *
 * Deprecated: 0.1: QEMU has deprecated it
 *
 * Since: 0.1
 */
const char *qmp_pot_get_old (QmpPot *self) { return wire_get_pointer (self, &qmp_pot_shape, 9); }

/**
 * qmp_pot_has_old:
 * @self: a [class@Qmp.Pot]
 *
 * Tells whether `old` is there.
 *
 * Returns: %TRUE if it is
 *
 * Deprecated: 0.1: QEMU has deprecated it
 *
 * Since: 0.1
 */
gboolean qmp_pot_has_old (QmpPot *self) { return wire_get_has (self, &qmp_pot_shape, 9); }

/**
 * qmp_pot_set_old:
 * @self: a [class@Qmp.Pot]
 * @old: (nullable): a string
 *
 * Sets `old`, or takes it away if that is %NULL.
 *
 * It is optional. QEMU has deprecated it.
 *
 * Deprecated: 0.1: QEMU has deprecated it
 *
 * Since: 0.1
 */
void qmp_pot_set_old (QmpPot *self, const char *old) { wire_set_pointer (self, &qmp_pot_shape, 9, old); }

/**
 * qmp_pot_unset_old:
 * @self: a [class@Qmp.Pot]
 *
 * Takes `old` away: it is absent then.
 *
 * Deprecated: 0.1: QEMU has deprecated it
 *
 * Since: 0.1
 */
void qmp_pot_unset_old (QmpPot *self) { wire_unset (self, &qmp_pot_shape, 9); }

/**
 * qmp_pot_get_x_new:
 * @self: a [class@Qmp.Pot]
 *
 * Gets `x-new`: a boolean.
 *
 * It is optional. Unstable: QEMU may change or drop it without notice.
 *
 * Returns: the value of `x-new`, or %FALSE if it is absent
 *
 * Since: 0.1
 */
gboolean qmp_pot_get_x_new (QmpPot *self) { return (gboolean) wire_get_integer (self, &qmp_pot_shape, 10); }

/**
 * qmp_pot_has_x_new:
 * @self: a [class@Qmp.Pot]
 *
 * Tells whether `x-new` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_pot_has_x_new (QmpPot *self) { return wire_get_has (self, &qmp_pot_shape, 10); }

/**
 * qmp_pot_set_x_new:
 * @self: a [class@Qmp.Pot]
 * @x_new: a boolean
 *
 * Sets `x-new`.
 *
 * It is optional. Unstable: QEMU may change or drop it without notice.
 *
 * Since: 0.1
 */
void qmp_pot_set_x_new (QmpPot *self, gboolean x_new) { wire_set_integer (self, &qmp_pot_shape, 10, x_new); }

/**
 * qmp_pot_unset_x_new:
 * @self: a [class@Qmp.Pot]
 *
 * Takes `x-new` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_pot_unset_x_new (QmpPot *self) { wire_unset (self, &qmp_pot_shape, 10); }

/* --- QmpCup */

static const WireMember qmp_cup_members[] = {
  { "lid_size", WIRE_KIND_INT32 },
};
const WireShape qmp_cup_shape =
  { "Cup", "QmpCup", qmp_cup_members, 1, .get_type = qmp_cup_get_type };

/**
 * QmpCup:
 *
 * The struct `Cup`.
 *
 * It is used by [class@Qmp.VesselCupBranch] and [class@Qmp.CupRef].
 *
 * Since QEMU 1.1.
 *
 * Since: 0.1
 */

/**
 * QmpCup:lid-size:
 *
 * The member `lid_size`: a 32-bit integer.
 *
 * It is at most 64. It is optional: without it, QEMU takes `4`.
 *
 * Since: 0.1
 */

GType qmp_cup_get_type (void) { static gsize type; return qmp_struct_register (&type, &qmp_cup_shape); }

/**
 * qmp_cup_new:
 *
 * Makes a [class@Qmp.Cup] that has no members yet.
 *
 * Returns: (transfer full): the new object
 *
 * Since: 0.1
 */
QmpCup *qmp_cup_new (void) { return g_object_new (qmp_cup_get_type (), NULL); }

/**
 * qmp_cup_new_from_json:
 * @json: the text of one JSON value
 * @error: return location
 *
 * Reads a [class@Qmp.Cup] from JSON. Members that this library does not know
 * are kept: `to_json` gives them back.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @json is not the text of one
 * JSON value, and with %QMP_ERROR_UNEXPECTED_VALUE when a value is not of
 * its type: the message has its path.
 *
 * Returns: (transfer full): the new object, or %NULL if it failed
 *
 * Since: 0.1
 */
QmpCup *qmp_cup_new_from_json (const char *json, GError **error) { return qmp_struct_new_from_json (&qmp_cup_shape, json, error); }

/**
 * qmp_cup_get_lid_size:
 * @self: a [class@Qmp.Cup]
 *
 * Gets `lid_size`: a 32-bit integer.
 *
 * It is at most 64. It is optional: without it, QEMU takes `4`.
 *
 * Returns: the value of `lid_size`, or 0 if it is absent
 *
 * Since: 0.1
 */
int qmp_cup_get_lid_size (QmpCup *self) { return (int) wire_get_integer (self, &qmp_cup_shape, 0); }

/**
 * qmp_cup_has_lid_size:
 * @self: a [class@Qmp.Cup]
 *
 * Tells whether `lid_size` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_cup_has_lid_size (QmpCup *self) { return wire_get_has (self, &qmp_cup_shape, 0); }

/**
 * qmp_cup_set_lid_size:
 * @self: a [class@Qmp.Cup]
 * @lid_size: a 32-bit integer
 *
 * Sets `lid_size`.
 *
 * It is at most 64. It is optional: without it, QEMU takes `4`.
 *
 * Since: 0.1
 */
void qmp_cup_set_lid_size (QmpCup *self, int lid_size) { wire_set_integer (self, &qmp_cup_shape, 0, lid_size); }

/**
 * qmp_cup_unset_lid_size:
 * @self: a [class@Qmp.Cup]
 *
 * Takes `lid_size` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_cup_unset_lid_size (QmpCup *self) { wire_unset (self, &qmp_cup_shape, 0); }

/* --- QmpVessel */

static const WireMember qmp_vessel_members[] = {
  { "kind", WIRE_KIND_ENUM, .of = &qmp_vessel_kind_enum },
};
static const WireShape *const qmp_vessel_branches[2] = {
  [QMP_VESSEL_KIND_CUP] = &qmp_vessel_cup_branch_shape,
};
const WireShape qmp_vessel_shape =
  { "Vessel", "QmpVessel", qmp_vessel_members, 1, .branches = qmp_vessel_branches, .tag = 0, .get_type = qmp_vessel_get_type };

/**
 * QmpVessel:
 *
 * The union `Vessel`: `kind` tells which of its branches it is.
 *
 * Branches with members: [class@Qmp.VesselCupBranch].
 *
 * It is used by [method@Qmp.Connection.tea_pour_async].
 *
 * Since QEMU 1.1.
 *
 * Since: 0.1
 */

/**
 * QmpVessel:kind:
 *
 * The member `kind`: a value of [enum@Qmp.VesselKind].
 *
 * Since: 0.1
 */

GType qmp_vessel_get_type (void) { static gsize type; return qmp_struct_register (&type, &qmp_vessel_shape); }

/**
 * qmp_vessel_new:
 *
 * Makes a [class@Qmp.Vessel] that has no members yet.
 *
 * Returns: (transfer full): the new object
 *
 * Since: 0.1
 */
QmpVessel *qmp_vessel_new (void) { return g_object_new (qmp_vessel_get_type (), NULL); }

/**
 * qmp_vessel_new_from_json:
 * @json: the text of one JSON value
 * @error: return location
 *
 * Reads a [class@Qmp.Vessel] from JSON. Members that this library does not
 * know are kept: `to_json` gives them back.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @json is not the text of one
 * JSON value, and with %QMP_ERROR_UNEXPECTED_VALUE when a value is not of
 * its type: the message has its path.
 *
 * Returns: (transfer full): the new object, or %NULL if it failed
 *
 * Since: 0.1
 */
QmpVessel *qmp_vessel_new_from_json (const char *json, GError **error) { return qmp_struct_new_from_json (&qmp_vessel_shape, json, error); }

/**
 * qmp_vessel_get_kind:
 * @self: a [class@Qmp.Vessel]
 *
 * Gets `kind`: a value of [enum@Qmp.VesselKind].
 *
 * Returns: the value of `kind`, or %QMP_VESSEL_KIND_UNRECOGNIZED if it is
 *   absent, or newer than this library
 *
 * Since: 0.1
 */
QmpVesselKind qmp_vessel_get_kind (QmpVessel *self) { return (QmpVesselKind) wire_get_integer (self, &qmp_vessel_shape, 0); }

/**
 * qmp_vessel_get_kind_text:
 * @self: a [class@Qmp.Vessel]
 *
 * Gets `kind` as it is written in JSON: its name, also if that is newer than
 * this library.
 *
 * Returns: (nullable) (transfer none): the text, or %NULL if it is absent
 *
 * Since: 0.1
 */
const char *qmp_vessel_get_kind_text (QmpVessel *self) { return wire_get_text (self, &qmp_vessel_shape, 0); }

/**
 * qmp_vessel_has_kind:
 * @self: a [class@Qmp.Vessel]
 *
 * Tells whether `kind` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_vessel_has_kind (QmpVessel *self) { return wire_get_has (self, &qmp_vessel_shape, 0); }

/**
 * qmp_vessel_set_kind:
 * @self: a [class@Qmp.Vessel]
 * @kind: a value of [enum@Qmp.VesselKind]
 *
 * Sets `kind`.
 *
 * Since: 0.1
 */
void qmp_vessel_set_kind (QmpVessel *self, QmpVesselKind kind) { wire_set_integer (self, &qmp_vessel_shape, 0, kind); }

/**
 * qmp_vessel_unset_kind:
 * @self: a [class@Qmp.Vessel]
 *
 * Takes `kind` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_vessel_unset_kind (QmpVessel *self) { wire_unset (self, &qmp_vessel_shape, 0); }

/* --- QmpVesselCupBranch */

static const WireMember qmp_vessel_cup_branch_members[] = {
  { "kind", WIRE_KIND_ENUM, .of = &qmp_vessel_kind_enum },
  { "lid_size", WIRE_KIND_INT32 },
};
const WireShape qmp_vessel_cup_branch_shape =
  { "VesselCupBranch", "QmpVesselCupBranch", qmp_vessel_cup_branch_members, 2, .base = &qmp_vessel_shape, .tag = 0,
    .branch = { WIRE_SLOT_SET, { QMP_VESSEL_KIND_CUP } }, .get_type = qmp_vessel_cup_branch_get_type };

/**
 * QmpVesselCupBranch:
 *
 * The branch `cup` of [class@Qmp.Vessel].
 *
 * Since: 0.1
 */

/**
 * QmpVesselCupBranch:lid-size:
 *
 * The member `lid_size`: a 32-bit integer.
 *
 * It is at most 64. It is optional: without it, QEMU takes `4`.
 *
 * Since: 0.1
 */

GType qmp_vessel_cup_branch_get_type (void) { static gsize type; return qmp_struct_register (&type, &qmp_vessel_cup_branch_shape); }

/**
 * qmp_vessel_cup_branch_new:
 *
 * Makes a [class@Qmp.VesselCupBranch] that has no members yet.
 *
 * Returns: (transfer full): the new object
 *
 * Since: 0.1
 */
QmpVesselCupBranch *qmp_vessel_cup_branch_new (void) { return g_object_new (qmp_vessel_cup_branch_get_type (), NULL); }

/**
 * qmp_vessel_cup_branch_get_lid_size:
 * @self: a [class@Qmp.VesselCupBranch]
 *
 * Gets `lid_size`: a 32-bit integer.
 *
 * It is at most 64. It is optional: without it, QEMU takes `4`.
 *
 * Returns: the value of `lid_size`, or 0 if it is absent
 *
 * Since: 0.1
 */
int qmp_vessel_cup_branch_get_lid_size (QmpVesselCupBranch *self) { return (int) wire_get_integer (self, &qmp_vessel_cup_branch_shape, 1); }

/**
 * qmp_vessel_cup_branch_has_lid_size:
 * @self: a [class@Qmp.VesselCupBranch]
 *
 * Tells whether `lid_size` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_vessel_cup_branch_has_lid_size (QmpVesselCupBranch *self) { return wire_get_has (self, &qmp_vessel_cup_branch_shape, 1); }

/**
 * qmp_vessel_cup_branch_set_lid_size:
 * @self: a [class@Qmp.VesselCupBranch]
 * @lid_size: a 32-bit integer
 *
 * Sets `lid_size`.
 *
 * It is at most 64. It is optional: without it, QEMU takes `4`.
 *
 * Since: 0.1
 */
void qmp_vessel_cup_branch_set_lid_size (QmpVesselCupBranch *self, int lid_size) { wire_set_integer (self, &qmp_vessel_cup_branch_shape, 1, lid_size); }

/**
 * qmp_vessel_cup_branch_unset_lid_size:
 * @self: a [class@Qmp.VesselCupBranch]
 *
 * Takes `lid_size` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_vessel_cup_branch_unset_lid_size (QmpVesselCupBranch *self) { wire_unset (self, &qmp_vessel_cup_branch_shape, 1); }

/**
 * qmp_vessel_cup_branch_to_cup:
 * @self: a [class@Qmp.VesselCupBranch]
 *
 * Makes a [class@Qmp.Cup] of what the branch adds to its union.
 *
 * Returns: (transfer full): the new object
 *
 * Since: 0.1
 */
QmpCup *qmp_vessel_cup_branch_to_cup (QmpVesselCupBranch *self) { return (QmpCup *) wire_struct_convert (self, &qmp_vessel_cup_branch_shape, &qmp_cup_shape); }

/* --- QmpCupRef */

static const WireMember qmp_cup_ref_members[] = {
  { "definition", WIRE_KIND_OBJECT, .of = &qmp_cup_shape },
  { "reference", WIRE_KIND_STRING },
  { "none", WIRE_KIND_NULL },
};
const WireShape qmp_cup_ref_shape =
  { "CupRef", "QmpCupRef", qmp_cup_ref_members, 3, .alternate = TRUE, .get_type = qmp_cup_ref_get_type };

/**
 * QmpCupRef:
 *
 * The alternate `CupRef`: exactly one of its properties is there.
 *
 * It is used by [class@Qmp.TeaPlantArguments].
 *
 * Since QEMU 1.2.
 *
 * Since: 0.1
 */

/**
 * QmpCupRef:definition:
 *
 * The member `definition`: a [class@Qmp.Cup].
 *
 * Since: 0.1
 */

/**
 * QmpCupRef:reference:
 *
 * The member `reference`: a string.
 *
 * Since: 0.1
 */

/**
 * QmpCupRef:none:
 *
 * The member `none`: null.
 *
 * Since: 0.1
 */

GType qmp_cup_ref_get_type (void) { static gsize type; return qmp_struct_register (&type, &qmp_cup_ref_shape); }

/**
 * qmp_cup_ref_new_for_definition:
 * @definition: (nullable): a [class@Qmp.Cup]
 *
 * Makes a [class@Qmp.CupRef] that is a [class@Qmp.Cup].
 *
 * Returns: (transfer full): the new object
 *
 * Since: 0.1
 */
QmpCupRef *qmp_cup_ref_new_for_definition (QmpCup *definition) { QmpCupRef *self = g_object_new (qmp_cup_ref_get_type (), NULL); wire_set_pointer (self, &qmp_cup_ref_shape, 0, definition); return self; }

/**
 * qmp_cup_ref_new_for_reference:
 * @reference: (nullable): a string
 *
 * Makes a [class@Qmp.CupRef] that is a string.
 *
 * Returns: (transfer full): the new object
 *
 * Since: 0.1
 */
QmpCupRef *qmp_cup_ref_new_for_reference (const char *reference) { QmpCupRef *self = g_object_new (qmp_cup_ref_get_type (), NULL); wire_set_pointer (self, &qmp_cup_ref_shape, 1, reference); return self; }

/**
 * qmp_cup_ref_new_for_none:
 *
 * Makes a [class@Qmp.CupRef] that is null.
 *
 * Returns: (transfer full): the new object
 *
 * Since: 0.1
 */
QmpCupRef *qmp_cup_ref_new_for_none (void) { QmpCupRef *self = g_object_new (qmp_cup_ref_get_type (), NULL); wire_set_integer (self, &qmp_cup_ref_shape, 2, TRUE); return self; }

/**
 * qmp_cup_ref_new_from_json:
 * @json: the text of one JSON value
 * @error: return location
 *
 * Reads a [class@Qmp.CupRef] from JSON. Members that this library does not
 * know are kept: `to_json` gives them back.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @json is not the text of one
 * JSON value, and with %QMP_ERROR_UNEXPECTED_VALUE when a value is not of
 * its type: the message has its path.
 *
 * Returns: (transfer full): the new object, or %NULL if it failed
 *
 * Since: 0.1
 */
QmpCupRef *qmp_cup_ref_new_from_json (const char *json, GError **error) { return qmp_struct_new_from_json (&qmp_cup_ref_shape, json, error); }

/**
 * qmp_cup_ref_get_definition:
 * @self: a [class@Qmp.CupRef]
 *
 * Gets `definition`: a [class@Qmp.Cup].
 *
 * Returns: (nullable) (transfer none): the value of `definition`, or %NULL if
 *   it is absent
 *
 * Since: 0.1
 */
QmpCup *qmp_cup_ref_get_definition (QmpCupRef *self) { return wire_get_pointer (self, &qmp_cup_ref_shape, 0); }

/**
 * qmp_cup_ref_has_definition:
 * @self: a [class@Qmp.CupRef]
 *
 * Tells whether `definition` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_cup_ref_has_definition (QmpCupRef *self) { return wire_get_has (self, &qmp_cup_ref_shape, 0); }

/**
 * qmp_cup_ref_set_definition:
 * @self: a [class@Qmp.CupRef]
 * @definition: (nullable): a [class@Qmp.Cup]
 *
 * Sets `definition`, or takes it away if that is %NULL.
 *
 * Since: 0.1
 */
void qmp_cup_ref_set_definition (QmpCupRef *self, QmpCup *definition) { wire_set_pointer (self, &qmp_cup_ref_shape, 0, definition); }

/**
 * qmp_cup_ref_unset_definition:
 * @self: a [class@Qmp.CupRef]
 *
 * Takes `definition` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_cup_ref_unset_definition (QmpCupRef *self) { wire_unset (self, &qmp_cup_ref_shape, 0); }

/**
 * qmp_cup_ref_get_reference:
 * @self: a [class@Qmp.CupRef]
 *
 * Gets `reference`: a string.
 *
 * Returns: (nullable) (transfer none): the value of `reference`, or %NULL if
 *   it is absent
 *
 * Since: 0.1
 */
const char *qmp_cup_ref_get_reference (QmpCupRef *self) { return wire_get_pointer (self, &qmp_cup_ref_shape, 1); }

/**
 * qmp_cup_ref_has_reference:
 * @self: a [class@Qmp.CupRef]
 *
 * Tells whether `reference` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_cup_ref_has_reference (QmpCupRef *self) { return wire_get_has (self, &qmp_cup_ref_shape, 1); }

/**
 * qmp_cup_ref_set_reference:
 * @self: a [class@Qmp.CupRef]
 * @reference: (nullable): a string
 *
 * Sets `reference`, or takes it away if that is %NULL.
 *
 * Since: 0.1
 */
void qmp_cup_ref_set_reference (QmpCupRef *self, const char *reference) { wire_set_pointer (self, &qmp_cup_ref_shape, 1, reference); }

/**
 * qmp_cup_ref_unset_reference:
 * @self: a [class@Qmp.CupRef]
 *
 * Takes `reference` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_cup_ref_unset_reference (QmpCupRef *self) { wire_unset (self, &qmp_cup_ref_shape, 1); }

/**
 * qmp_cup_ref_get_none:
 * @self: a [class@Qmp.CupRef]
 *
 * Gets `none`: null.
 *
 * Returns: the value of `none`, or %FALSE if it is absent
 *
 * Since: 0.1
 */
gboolean qmp_cup_ref_get_none (QmpCupRef *self) { return (gboolean) wire_get_integer (self, &qmp_cup_ref_shape, 2); }

/**
 * qmp_cup_ref_has_none:
 * @self: a [class@Qmp.CupRef]
 *
 * Tells whether `none` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_cup_ref_has_none (QmpCupRef *self) { return wire_get_has (self, &qmp_cup_ref_shape, 2); }

/**
 * qmp_cup_ref_set_none:
 * @self: a [class@Qmp.CupRef]
 * @none: null
 *
 * Sets `none`.
 *
 * Since: 0.1
 */
void qmp_cup_ref_set_none (QmpCupRef *self, gboolean none) { wire_set_integer (self, &qmp_cup_ref_shape, 2, none); }

/**
 * qmp_cup_ref_unset_none:
 * @self: a [class@Qmp.CupRef]
 *
 * Takes `none` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_cup_ref_unset_none (QmpCupRef *self) { wire_unset (self, &qmp_cup_ref_shape, 2); }

/* --- QmpTeaStatus */

static const WireMember qmp_tea_status_members[] = {
  { "strength", WIRE_KIND_DOUBLE },
  { "extra", WIRE_KIND_ANY },
};
const WireShape qmp_tea_status_shape =
  { "TeaStatus", "QmpTeaStatus", qmp_tea_status_members, 2, .get_type = qmp_tea_status_get_type };

/**
 * QmpTeaStatus:
 *
 * The struct `TeaStatus`.
 *
 * It is used by [method@Qmp.Connection.tea_pour_async].
 *
 * QEMU has deprecated it. Only on Linux and Windows.
 *
 * Since: 0.1
 */

/**
 * QmpTeaStatus:strength:
 *
 * The member `strength`: a number.
 *
 * Since: 0.1
 */

/**
 * QmpTeaStatus:extra:
 *
 * The member `extra`: any value, as JSON text.
 *
 * It is optional.
 *
 * Since: 0.1
 */

GType qmp_tea_status_get_type (void) { static gsize type; return qmp_struct_register (&type, &qmp_tea_status_shape); }

/**
 * qmp_tea_status_new_from_json:
 * @json: the text of one JSON value
 * @error: return location
 *
 * Reads a [class@Qmp.TeaStatus] from JSON. Members that this library does not
 * know are kept: `to_json` gives them back.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @json is not the text of one
 * JSON value, and with %QMP_ERROR_UNEXPECTED_VALUE when a value is not of
 * its type: the message has its path.
 *
 * Returns: (transfer full): the new object, or %NULL if it failed
 *
 * Since: 0.1
 */
QmpTeaStatus *qmp_tea_status_new_from_json (const char *json, GError **error) { return qmp_struct_new_from_json (&qmp_tea_status_shape, json, error); }

/**
 * qmp_tea_status_get_strength:
 * @self: a [class@Qmp.TeaStatus]
 *
 * Gets `strength`: a number.
 *
 * Returns: the value of `strength`, or 0 if it is absent
 *
 * Since: 0.1
 */
double qmp_tea_status_get_strength (QmpTeaStatus *self) { return wire_get_double (self, &qmp_tea_status_shape, 0); }

/**
 * qmp_tea_status_has_strength:
 * @self: a [class@Qmp.TeaStatus]
 *
 * Tells whether `strength` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_tea_status_has_strength (QmpTeaStatus *self) { return wire_get_has (self, &qmp_tea_status_shape, 0); }

/**
 * qmp_tea_status_get_extra:
 * @self: a [class@Qmp.TeaStatus]
 *
 * Gets `extra`: any value, as JSON text.
 *
 * It is optional.
 *
 * Returns: (nullable) (transfer none): the value of `extra`, or %NULL if it is
 *   absent
 *
 * Since: 0.1
 */
const char *qmp_tea_status_get_extra (QmpTeaStatus *self) { return wire_get_pointer (self, &qmp_tea_status_shape, 1); }

/**
 * qmp_tea_status_has_extra:
 * @self: a [class@Qmp.TeaStatus]
 *
 * Tells whether `extra` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_tea_status_has_extra (QmpTeaStatus *self) { return wire_get_has (self, &qmp_tea_status_shape, 1); }

/* --- QmpTeaPlantArguments */

static const WireMember qmp_tea_plant_arguments_members[] = {
  { "where", WIRE_KIND_ALTERNATE, .of = &qmp_cup_ref_shape },
};
const WireShape qmp_tea_plant_arguments_shape =
  { "TeaPlantArguments", "QmpTeaPlantArguments", qmp_tea_plant_arguments_members, 1, .get_type = qmp_tea_plant_arguments_get_type };

/**
 * QmpTeaPlantArguments:
 *
 * The arguments of the command `tea-plant`.
 *
 * It is used by [method@Qmp.Connection.tea_plant_async].
 *
 * Since QEMU 1.3. Unstable: QEMU may change or drop it without notice. QEMU
 * marks it with the feature `json-cli`.
 *
 * Since: 0.1
 */

/**
 * QmpTeaPlantArguments:where:
 *
 * The member `where`: a [class@Qmp.CupRef].
 *
 * It is optional.
 *
 * Since: 0.1
 */

GType qmp_tea_plant_arguments_get_type (void) { static gsize type; return qmp_struct_register (&type, &qmp_tea_plant_arguments_shape); }

/**
 * qmp_tea_plant_arguments_new:
 *
 * Makes a [class@Qmp.TeaPlantArguments] that has no members yet.
 *
 * Returns: (transfer full): the new object
 *
 * Since: 0.1
 */
QmpTeaPlantArguments *qmp_tea_plant_arguments_new (void) { return g_object_new (qmp_tea_plant_arguments_get_type (), NULL); }

/**
 * qmp_tea_plant_arguments_new_from_json:
 * @json: the text of one JSON value
 * @error: return location
 *
 * Reads a [class@Qmp.TeaPlantArguments] from JSON. Members that this library
 * does not know are kept: `to_json` gives them back.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @json is not the text of one
 * JSON value, and with %QMP_ERROR_UNEXPECTED_VALUE when a value is not of
 * its type: the message has its path.
 *
 * Returns: (transfer full): the new object, or %NULL if it failed
 *
 * Since: 0.1
 */
QmpTeaPlantArguments *qmp_tea_plant_arguments_new_from_json (const char *json, GError **error) { return qmp_struct_new_from_json (&qmp_tea_plant_arguments_shape, json, error); }

/**
 * qmp_tea_plant_arguments_get_where:
 * @self: a [class@Qmp.TeaPlantArguments]
 *
 * Gets `where`: a [class@Qmp.CupRef].
 *
 * It is optional.
 *
 * Returns: (nullable) (transfer none): the value of `where`, or %NULL if it is
 *   absent
 *
 * Since: 0.1
 */
QmpCupRef *qmp_tea_plant_arguments_get_where (QmpTeaPlantArguments *self) { return wire_get_pointer (self, &qmp_tea_plant_arguments_shape, 0); }

/**
 * qmp_tea_plant_arguments_has_where:
 * @self: a [class@Qmp.TeaPlantArguments]
 *
 * Tells whether `where` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_tea_plant_arguments_has_where (QmpTeaPlantArguments *self) { return wire_get_has (self, &qmp_tea_plant_arguments_shape, 0); }

/**
 * qmp_tea_plant_arguments_set_where:
 * @self: a [class@Qmp.TeaPlantArguments]
 * @where: (nullable): a [class@Qmp.CupRef]
 *
 * Sets `where`, or takes it away if that is %NULL.
 *
 * It is optional.
 *
 * Since: 0.1
 */
void qmp_tea_plant_arguments_set_where (QmpTeaPlantArguments *self, QmpCupRef *where) { wire_set_pointer (self, &qmp_tea_plant_arguments_shape, 0, where); }

/**
 * qmp_tea_plant_arguments_unset_where:
 * @self: a [class@Qmp.TeaPlantArguments]
 *
 * Takes `where` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_tea_plant_arguments_unset_where (QmpTeaPlantArguments *self) { wire_unset (self, &qmp_tea_plant_arguments_shape, 0); }

/* --- QmpTeaBrewArguments */

static const WireMember qmp_tea_brew_arguments_members[] = {
  { "patience", WIRE_KIND_DOUBLE },
};
const WireShape qmp_tea_brew_arguments_shape =
  { "TeaBrewArguments", "QmpTeaBrewArguments", qmp_tea_brew_arguments_members, 1, .get_type = qmp_tea_brew_arguments_get_type };

/**
 * QmpTeaBrewArguments:
 *
 * The arguments of the command `tea-brew` that are not given one by one.
 *
 * It is used by [method@Qmp.Connection.tea_brew_async].
 *
 * Since QEMU 1.4. QEMU has deprecated it.
 *
 * Since: 0.1
 */

/**
 * QmpTeaBrewArguments:patience:
 *
 * The member `patience`: a number.
 *
 * It is optional.
 *
 * Since: 0.1
 */

GType qmp_tea_brew_arguments_get_type (void) { static gsize type; return qmp_struct_register (&type, &qmp_tea_brew_arguments_shape); }

/**
 * qmp_tea_brew_arguments_new:
 *
 * Makes a [class@Qmp.TeaBrewArguments] that has no members yet.
 *
 * Returns: (transfer full): the new object
 *
 * Since: 0.1
 */
QmpTeaBrewArguments *qmp_tea_brew_arguments_new (void) { return g_object_new (qmp_tea_brew_arguments_get_type (), NULL); }

/**
 * qmp_tea_brew_arguments_new_from_json:
 * @json: the text of one JSON value
 * @error: return location
 *
 * Reads a [class@Qmp.TeaBrewArguments] from JSON. Members that this library
 * does not know are kept: `to_json` gives them back.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @json is not the text of one
 * JSON value, and with %QMP_ERROR_UNEXPECTED_VALUE when a value is not of
 * its type: the message has its path.
 *
 * Returns: (transfer full): the new object, or %NULL if it failed
 *
 * Since: 0.1
 */
QmpTeaBrewArguments *qmp_tea_brew_arguments_new_from_json (const char *json, GError **error) { return qmp_struct_new_from_json (&qmp_tea_brew_arguments_shape, json, error); }

/**
 * qmp_tea_brew_arguments_get_patience:
 * @self: a [class@Qmp.TeaBrewArguments]
 *
 * Gets `patience`: a number.
 *
 * It is optional.
 *
 * Returns: the value of `patience`, or 0 if it is absent
 *
 * Since: 0.1
 */
double qmp_tea_brew_arguments_get_patience (QmpTeaBrewArguments *self) { return wire_get_double (self, &qmp_tea_brew_arguments_shape, 0); }

/**
 * qmp_tea_brew_arguments_has_patience:
 * @self: a [class@Qmp.TeaBrewArguments]
 *
 * Tells whether `patience` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_tea_brew_arguments_has_patience (QmpTeaBrewArguments *self) { return wire_get_has (self, &qmp_tea_brew_arguments_shape, 0); }

/**
 * qmp_tea_brew_arguments_set_patience:
 * @self: a [class@Qmp.TeaBrewArguments]
 * @patience: a number
 *
 * Sets `patience`.
 *
 * It is optional.
 *
 * Since: 0.1
 */
void qmp_tea_brew_arguments_set_patience (QmpTeaBrewArguments *self, double patience) { wire_set_double (self, &qmp_tea_brew_arguments_shape, 0, patience); }

/**
 * qmp_tea_brew_arguments_unset_patience:
 * @self: a [class@Qmp.TeaBrewArguments]
 *
 * Takes `patience` away: it is absent then.
 *
 * Since: 0.1
 */
void qmp_tea_brew_arguments_unset_patience (QmpTeaBrewArguments *self) { wire_unset (self, &qmp_tea_brew_arguments_shape, 0); }

/* --- QmpTeaGrowArguments */

const WireShape qmp_tea_grow_arguments_shape =
  { "TeaGrowArguments", "QmpTeaGrowArguments", NULL, 0, .get_type = qmp_tea_grow_arguments_get_type };

/**
 * QmpTeaGrowArguments:
 *
 * The arguments of the command `tea-grow` that are not given one by one.
 *
 * QEMU takes further members: [method@Qmp.Struct.set_member_json] sets them.
 *
 * It is used by [method@Qmp.Connection.tea_grow_async].
 *
 * Since: 0.1
 */

GType qmp_tea_grow_arguments_get_type (void) { static gsize type; return qmp_struct_register (&type, &qmp_tea_grow_arguments_shape); }

/**
 * qmp_tea_grow_arguments_new:
 *
 * Makes a [class@Qmp.TeaGrowArguments] that has no members yet.
 *
 * Returns: (transfer full): the new object
 *
 * Since: 0.1
 */
QmpTeaGrowArguments *qmp_tea_grow_arguments_new (void) { return g_object_new (qmp_tea_grow_arguments_get_type (), NULL); }

/**
 * qmp_tea_grow_arguments_new_from_json:
 * @json: the text of one JSON value
 * @error: return location
 *
 * Reads a [class@Qmp.TeaGrowArguments] from JSON. Members that this library
 * does not know are kept: `to_json` gives them back.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @json is not the text of one
 * JSON value, and with %QMP_ERROR_UNEXPECTED_VALUE when a value is not of
 * its type: the message has its path.
 *
 * Returns: (transfer full): the new object, or %NULL if it failed
 *
 * Since: 0.1
 */
QmpTeaGrowArguments *qmp_tea_grow_arguments_new_from_json (const char *json, GError **error) { return qmp_struct_new_from_json (&qmp_tea_grow_arguments_shape, json, error); }

/* --- QmpTeaReadyEvent */

static const WireMember qmp_tea_ready_event_members[] = {
  { "pot", WIRE_KIND_STRING },
  { "type", WIRE_KIND_ENUM, .of = &qmp_tea_kind_enum },
};
const WireShape qmp_tea_ready_event_shape =
  { "TeaReadyEvent", "QmpTeaReadyEvent", qmp_tea_ready_event_members, 2, .get_type = qmp_tea_ready_event_get_type };

/**
 * QmpTeaReadyEvent:
 *
 * What the event `TEA_READY` carries, from [method@Qmp.Event.to_struct].
 *
 * Since QEMU 1.0.
 *
 * Since: 0.1
 */

/**
 * QmpTeaReadyEvent:pot:
 *
 * The member `pot`: a string.
 *
 * Since: 0.1
 */

/**
 * QmpTeaReadyEvent:type:
 *
 * The member `type`: a value of [enum@Qmp.TeaKind].
 *
 * It is optional.
 *
 * Since: 0.1
 */

GType qmp_tea_ready_event_get_type (void) { static gsize type; return qmp_struct_register (&type, &qmp_tea_ready_event_shape); }

/**
 * qmp_tea_ready_event_new_from_json:
 * @json: the text of one JSON value
 * @error: return location
 *
 * Reads a [class@Qmp.TeaReadyEvent] from JSON. Members that this library does
 * not know are kept: `to_json` gives them back.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @json is not the text of one
 * JSON value, and with %QMP_ERROR_UNEXPECTED_VALUE when a value is not of
 * its type: the message has its path.
 *
 * Returns: (transfer full): the new object, or %NULL if it failed
 *
 * Since: 0.1
 */
QmpTeaReadyEvent *qmp_tea_ready_event_new_from_json (const char *json, GError **error) { return qmp_struct_new_from_json (&qmp_tea_ready_event_shape, json, error); }

/**
 * qmp_tea_ready_event_get_pot:
 * @self: a [class@Qmp.TeaReadyEvent]
 *
 * Gets `pot`: a string.
 *
 * Returns: (nullable) (transfer none): the value of `pot`, or %NULL if it is
 *   absent
 *
 * Since: 0.1
 */
const char *qmp_tea_ready_event_get_pot (QmpTeaReadyEvent *self) { return wire_get_pointer (self, &qmp_tea_ready_event_shape, 0); }

/**
 * qmp_tea_ready_event_has_pot:
 * @self: a [class@Qmp.TeaReadyEvent]
 *
 * Tells whether `pot` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_tea_ready_event_has_pot (QmpTeaReadyEvent *self) { return wire_get_has (self, &qmp_tea_ready_event_shape, 0); }

/**
 * qmp_tea_ready_event_get_type_member:
 * @self: a [class@Qmp.TeaReadyEvent]
 *
 * Gets `type`: a value of [enum@Qmp.TeaKind].
 *
 * It is optional.
 *
 * Returns: the value of `type`, or %QMP_TEA_KIND_UNRECOGNIZED if it is absent,
 *   or newer than this library
 *
 * Since: 0.1
 */
QmpTeaKind qmp_tea_ready_event_get_type_member (QmpTeaReadyEvent *self) { return (QmpTeaKind) wire_get_integer (self, &qmp_tea_ready_event_shape, 1); }

/**
 * qmp_tea_ready_event_get_type_member_text:
 * @self: a [class@Qmp.TeaReadyEvent]
 *
 * Gets `type` as it is written in JSON: its name, also if that is newer than
 * this library.
 *
 * Returns: (nullable) (transfer none): the text, or %NULL if it is absent
 *
 * Since: 0.1
 */
const char *qmp_tea_ready_event_get_type_member_text (QmpTeaReadyEvent *self) { return wire_get_text (self, &qmp_tea_ready_event_shape, 1); }

/**
 * qmp_tea_ready_event_has_type:
 * @self: a [class@Qmp.TeaReadyEvent]
 *
 * Tells whether `type` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_tea_ready_event_has_type (QmpTeaReadyEvent *self) { return wire_get_has (self, &qmp_tea_ready_event_shape, 1); }

/* --- QmpTeaColdEvent */

const WireShape qmp_tea_cold_event_shape =
  { "TeaColdEvent", "QmpTeaColdEvent", NULL, 0, .get_type = qmp_tea_cold_event_get_type };

/**
 * QmpTeaColdEvent:
 *
 * What the event `TEA_COLD` carries, from [method@Qmp.Event.to_struct].
 *
 * Since QEMU 1.0.
 *
 * Since: 0.1
 */

GType qmp_tea_cold_event_get_type (void) { static gsize type; return qmp_struct_register (&type, &qmp_tea_cold_event_shape); }

/**
 * qmp_tea_cold_event_new_from_json:
 * @json: the text of one JSON value
 * @error: return location
 *
 * Reads a [class@Qmp.TeaColdEvent] from JSON. Members that this library does
 * not know are kept: `to_json` gives them back.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @json is not the text of one
 * JSON value, and with %QMP_ERROR_UNEXPECTED_VALUE when a value is not of
 * its type: the message has its path.
 *
 * Returns: (transfer full): the new object, or %NULL if it failed
 *
 * Since: 0.1
 */
QmpTeaColdEvent *qmp_tea_cold_event_new_from_json (const char *json, GError **error) { return qmp_struct_new_from_json (&qmp_tea_cold_event_shape, json, error); }

/* --- QmpTeaSpiltEvent */

static const WireMember qmp_tea_spilt_event_members[] = {
  { "lid_size", WIRE_KIND_INT32 },
};
const WireShape qmp_tea_spilt_event_shape =
  { "TeaSpiltEvent", "QmpTeaSpiltEvent", qmp_tea_spilt_event_members, 1, .get_type = qmp_tea_spilt_event_get_type };

/**
 * QmpTeaSpiltEvent:
 *
 * What the event `TEA_SPILT` carries, from [method@Qmp.Event.to_struct].
 *
 * Since QEMU 1.2.
 *
 * Since: 0.1
 */

/**
 * QmpTeaSpiltEvent:lid-size:
 *
 * The member `lid_size`: a 32-bit integer.
 *
 * It is at most 64. It is optional: without it, QEMU takes `4`.
 *
 * Since: 0.1
 */

GType qmp_tea_spilt_event_get_type (void) { static gsize type; return qmp_struct_register (&type, &qmp_tea_spilt_event_shape); }

/**
 * qmp_tea_spilt_event_new_from_json:
 * @json: the text of one JSON value
 * @error: return location
 *
 * Reads a [class@Qmp.TeaSpiltEvent] from JSON. Members that this library does
 * not know are kept: `to_json` gives them back.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @json is not the text of one
 * JSON value, and with %QMP_ERROR_UNEXPECTED_VALUE when a value is not of
 * its type: the message has its path.
 *
 * Returns: (transfer full): the new object, or %NULL if it failed
 *
 * Since: 0.1
 */
QmpTeaSpiltEvent *qmp_tea_spilt_event_new_from_json (const char *json, GError **error) { return qmp_struct_new_from_json (&qmp_tea_spilt_event_shape, json, error); }

/**
 * qmp_tea_spilt_event_get_lid_size:
 * @self: a [class@Qmp.TeaSpiltEvent]
 *
 * Gets `lid_size`: a 32-bit integer.
 *
 * It is at most 64. It is optional: without it, QEMU takes `4`.
 *
 * Returns: the value of `lid_size`, or 0 if it is absent
 *
 * Since: 0.1
 */
int qmp_tea_spilt_event_get_lid_size (QmpTeaSpiltEvent *self) { return (int) wire_get_integer (self, &qmp_tea_spilt_event_shape, 0); }

/**
 * qmp_tea_spilt_event_has_lid_size:
 * @self: a [class@Qmp.TeaSpiltEvent]
 *
 * Tells whether `lid_size` is there.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean qmp_tea_spilt_event_has_lid_size (QmpTeaSpiltEvent *self) { return wire_get_has (self, &qmp_tea_spilt_event_shape, 0); }

/* --- tea-pour */

const WireCommand qmp_command_tea_pour =
  { "tea-pour", NULL, 0, .has_result = TRUE, .result = { "return", WIRE_KIND_OBJECT, .of = &qmp_tea_status_shape } };

/**
 * qmp_connection_tea_pour_async:
 * @self: a connection
 * @arguments: the command's arguments
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs the command `tea-pour`.
 *
 * Since QEMU 1.1.
 *
 * It also runs before there is a machine, if QEMU was started with
 * `--preconfig`.
 *
 * The deadline is [property@Qmp.Connection:default-timeout].
 *
 * Since: 0.1
 */
void qmp_connection_tea_pour_async (QmpConnection *self, QmpVessel *arguments, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{ qmp_command_start (&qmp_command_tea_pour, self, arguments, cancellable, callback, user_data); }

/**
 * qmp_connection_tea_pour_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.tea_pour_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: (transfer full): a [class@Qmp.TeaStatus], or %NULL if it failed
 *
 * Since: 0.1
 */
QmpTeaStatus *qmp_connection_tea_pour_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{ return qmp_command_finish_pointer (&qmp_command_tea_pour, self, result, error); }

/**
 * qmp_connection_tea_pour:
 * @self: a connection
 * @arguments: the command's arguments
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @error: return location
 *
 * Runs the command `tea-pour`.
 *
 * Since QEMU 1.1.
 *
 * It also runs before there is a machine, if QEMU was started with
 * `--preconfig`.
 *
 * Blocks until the reply is there.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: (transfer full): a [class@Qmp.TeaStatus], or %NULL if it failed
 *
 * Since: 0.1
 */
QmpTeaStatus *qmp_connection_tea_pour (QmpConnection *self, QmpVessel *arguments, GCancellable *cancellable, GError **error)
{ return qmp_command_run_pointer (&qmp_command_tea_pour, self, arguments, cancellable, error); }

/* --- tea-set-limit */

static const WireMember qmp_command_tea_set_limit_positional[] = {
  { "class", WIRE_KIND_STRING },
  { "limit", WIRE_KIND_INT64 },
  { "sizes", WIRE_KIND_UINT32, .list = TRUE },
};
const WireCommand qmp_command_tea_set_limit =
  { "tea-set-limit", qmp_command_tea_set_limit_positional, 3 };

/**
 * qmp_connection_tea_set_limit_async:
 * @self: a connection
 * @class_member: a string
 * @limit: a 64-bit integer
 * @sizes: (array length=n_sizes): a list of unsigned 32-bit integers
 * @n_sizes: how many there are in @sizes
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs the command `tea-set-limit`.
 *
 * Since QEMU 1.2.
 *
 * QEMU can run it out-of-band: that takes a [class@Qmp.Request].
 *
 * The deadline is [property@Qmp.Connection:default-timeout].
 *
 * Since: 0.1
 */
void qmp_connection_tea_set_limit_async (QmpConnection *self, const char *class_member, gint64 limit,
    const guint64 *sizes, gsize n_sizes, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{ qmp_command_start (&qmp_command_tea_set_limit, self, NULL, cancellable, callback, user_data, class_member, limit, sizes, n_sizes); }

/**
 * qmp_connection_tea_set_limit_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.tea_set_limit_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: %TRUE if it succeeded
 *
 * Since: 0.1
 */
gboolean qmp_connection_tea_set_limit_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{ return qmp_command_finish (&qmp_command_tea_set_limit, self, result, error); }

/**
 * qmp_connection_tea_set_limit:
 * @self: a connection
 * @class_member: a string
 * @limit: a 64-bit integer
 * @sizes: (array length=n_sizes): a list of unsigned 32-bit integers
 * @n_sizes: how many there are in @sizes
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @error: return location
 *
 * Runs the command `tea-set-limit`.
 *
 * Since QEMU 1.2.
 *
 * QEMU can run it out-of-band: that takes a [class@Qmp.Request].
 *
 * Blocks until the reply is there.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: %TRUE if it succeeded
 *
 * Since: 0.1
 */
gboolean qmp_connection_tea_set_limit (QmpConnection *self, const char *class_member, gint64 limit,
    const guint64 *sizes, gsize n_sizes, GCancellable *cancellable, GError **error)
{ return qmp_command_run (&qmp_command_tea_set_limit, self, NULL, cancellable, error, class_member, limit, sizes, n_sizes); }

/* --- tea-plant */

const WireCommand qmp_command_tea_plant =
  { "tea-plant", NULL, 0 };

/**
 * qmp_connection_tea_plant_async:
 * @self: a connection
 * @arguments: (nullable): the command's arguments, or %NULL for none of them
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs the command `tea-plant`.
 *
 * Since QEMU 1.3. Unstable: QEMU may change or drop it without notice. QEMU
 * marks it with the feature `json-cli`.
 *
 * The deadline is [property@Qmp.Connection:default-timeout].
 *
 * Since: 0.1
 */
void qmp_connection_tea_plant_async (QmpConnection *self, QmpTeaPlantArguments *arguments, GCancellable *cancellable,
    GAsyncReadyCallback callback, gpointer user_data)
{ qmp_command_start (&qmp_command_tea_plant, self, arguments, cancellable, callback, user_data); }

/**
 * qmp_connection_tea_plant_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.tea_plant_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: %TRUE if it succeeded
 *
 * Since: 0.1
 */
gboolean qmp_connection_tea_plant_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{ return qmp_command_finish (&qmp_command_tea_plant, self, result, error); }

/**
 * qmp_connection_tea_plant:
 * @self: a connection
 * @arguments: (nullable): the command's arguments, or %NULL for none of them
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @error: return location
 *
 * Runs the command `tea-plant`.
 *
 * Since QEMU 1.3. Unstable: QEMU may change or drop it without notice. QEMU
 * marks it with the feature `json-cli`.
 *
 * Blocks until the reply is there.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: %TRUE if it succeeded
 *
 * Since: 0.1
 */
gboolean qmp_connection_tea_plant (QmpConnection *self, QmpTeaPlantArguments *arguments, GCancellable *cancellable, GError **error)
{ return qmp_command_run (&qmp_command_tea_plant, self, arguments, cancellable, error); }

/* --- tea-brew */

static const WireMember qmp_command_tea_brew_positional[] = {
  { "kind", WIRE_KIND_ENUM, .of = &qmp_tea_kind_enum },
  { "pots", WIRE_KIND_OBJECT, .list = TRUE, .of = &qmp_pot_shape },
};
const WireCommand qmp_command_tea_brew =
  { "tea-brew", qmp_command_tea_brew_positional, 2, .has_result = TRUE, .secret = TRUE, .result = { "return", WIRE_KIND_INT64 } };

/**
 * qmp_connection_tea_brew_async:
 * @self: a connection
 * @kind: a value of [enum@Qmp.TeaKind]
 * @pots: (array length=n_pots): a list of [class@Qmp.Pot]
 * @n_pots: how many there are in @pots
 * @arguments: (nullable): the command's other arguments, or %NULL for none of
 *   them
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs the command `tea-brew`.
 *
 * Since QEMU 1.4. QEMU has deprecated it.
 *
 * The deadline is [property@Qmp.Connection:default-timeout].
 *
 * Deprecated: 0.1: QEMU has deprecated it
 *
 * Since: 0.1
 */
void qmp_connection_tea_brew_async (QmpConnection *self, QmpTeaKind kind, QmpPot *const *pots, gsize n_pots,
    QmpTeaBrewArguments *arguments, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{ qmp_command_start (&qmp_command_tea_brew, self, arguments, cancellable, callback, user_data, kind, pots, n_pots); }

/**
 * qmp_connection_tea_brew_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.tea_brew_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: a 64-bit integer, or -1 if it failed
 *
 * Deprecated: 0.1: QEMU has deprecated it
 *
 * Since: 0.1
 */
gint64 qmp_connection_tea_brew_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{ return qmp_command_finish_integer (&qmp_command_tea_brew, self, result, error); }

/**
 * qmp_connection_tea_brew:
 * @self: a connection
 * @kind: a value of [enum@Qmp.TeaKind]
 * @pots: (array length=n_pots): a list of [class@Qmp.Pot]
 * @n_pots: how many there are in @pots
 * @arguments: (nullable): the command's other arguments, or %NULL for none of
 *   them
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @error: return location
 *
 * Runs the command `tea-brew`.
 *
 * Since QEMU 1.4. QEMU has deprecated it.
 *
 * Blocks until the reply is there.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: a 64-bit integer, or -1 if it failed
 *
 * Deprecated: 0.1: QEMU has deprecated it
 *
 * Since: 0.1
 */
gint64 qmp_connection_tea_brew (QmpConnection *self, QmpTeaKind kind, QmpPot *const *pots, gsize n_pots,
    QmpTeaBrewArguments *arguments, GCancellable *cancellable, GError **error)
{ return qmp_command_run_integer (&qmp_command_tea_brew, self, arguments, cancellable, error, kind, pots, n_pots); }

/* --- query-teas */

const WireCommand qmp_command_query_teas =
  { "query-teas", NULL, 0, .has_result = TRUE, .result = { "return", WIRE_KIND_OBJECT, .list = TRUE, .of = &qmp_pot_shape } };

/**
 * qmp_connection_query_teas_async:
 * @self: a connection
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs the command `query-teas`.
 *
 * Since QEMU 1.0.
 *
 * The deadline is [property@Qmp.Connection:default-timeout].
 *
 * Since: 0.1
 */
void qmp_connection_query_teas_async (QmpConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{ qmp_command_start (&qmp_command_query_teas, self, NULL, cancellable, callback, user_data); }

/**
 * qmp_connection_query_teas_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.query_teas_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: (transfer container) (element-type QmpPot): a list of
 *   [class@Qmp.Pot], or %NULL if it failed
 *
 * Since: 0.1
 */
GPtrArray *qmp_connection_query_teas_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{ return qmp_command_finish_pointer (&qmp_command_query_teas, self, result, error); }

/**
 * qmp_connection_query_teas:
 * @self: a connection
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @error: return location
 *
 * Runs the command `query-teas`.
 *
 * Since QEMU 1.0.
 *
 * Blocks until the reply is there.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: (transfer container) (element-type QmpPot): a list of
 *   [class@Qmp.Pot], or %NULL if it failed
 *
 * Since: 0.1
 */
GPtrArray *qmp_connection_query_teas (QmpConnection *self, GCancellable *cancellable, GError **error)
{ return qmp_command_run_pointer (&qmp_command_query_teas, self, NULL, cancellable, error); }

/* --- query-tea-names */

const WireCommand qmp_command_query_tea_names =
  { "query-tea-names", NULL, 0, .has_result = TRUE, .result = { "return", WIRE_KIND_STRING, .list = TRUE } };

/**
 * qmp_connection_query_tea_names_async:
 * @self: a connection
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs the command `query-tea-names`.
 *
 * Since QEMU 1.0.
 *
 * The deadline is [property@Qmp.Connection:default-timeout].
 *
 * Since: 0.1
 */
void qmp_connection_query_tea_names_async (QmpConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{ qmp_command_start (&qmp_command_query_tea_names, self, NULL, cancellable, callback, user_data); }

/**
 * qmp_connection_query_tea_names_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.query_tea_names_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: (transfer full) (array zero-terminated=1): a list of strings, or
 *   %NULL if it failed
 *
 * Since: 0.1
 */
char **qmp_connection_query_tea_names_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{ return qmp_command_finish_pointer (&qmp_command_query_tea_names, self, result, error); }

/**
 * qmp_connection_query_tea_names:
 * @self: a connection
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @error: return location
 *
 * Runs the command `query-tea-names`.
 *
 * Since QEMU 1.0.
 *
 * Blocks until the reply is there.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: (transfer full) (array zero-terminated=1): a list of strings, or
 *   %NULL if it failed
 *
 * Since: 0.1
 */
char **qmp_connection_query_tea_names (QmpConnection *self, GCancellable *cancellable, GError **error)
{ return qmp_command_run_pointer (&qmp_command_query_tea_names, self, NULL, cancellable, error); }

/* --- query-tea-kind */

const WireCommand qmp_command_query_tea_kind =
  { "query-tea-kind", NULL, 0, .has_result = TRUE, .result = { "return", WIRE_KIND_ENUM, .of = &qmp_tea_kind_enum } };

/**
 * qmp_connection_query_tea_kind_async:
 * @self: a connection
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs the command `query-tea-kind`.
 *
 * Since QEMU 1.0.
 *
 * The deadline is [property@Qmp.Connection:default-timeout].
 *
 * Since: 0.1
 */
void qmp_connection_query_tea_kind_async (QmpConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{ qmp_command_start (&qmp_command_query_tea_kind, self, NULL, cancellable, callback, user_data); }

/**
 * qmp_connection_query_tea_kind_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.query_tea_kind_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: a value of [enum@Qmp.TeaKind], or %QMP_TEA_KIND_UNRECOGNIZED if it
 *   failed
 *
 * Since: 0.1
 */
QmpTeaKind qmp_connection_query_tea_kind_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{ return (QmpTeaKind) qmp_command_finish_integer (&qmp_command_query_tea_kind, self, result, error); }

/**
 * qmp_connection_query_tea_kind:
 * @self: a connection
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @error: return location
 *
 * Runs the command `query-tea-kind`.
 *
 * Since QEMU 1.0.
 *
 * Blocks until the reply is there.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: a value of [enum@Qmp.TeaKind], or %QMP_TEA_KIND_UNRECOGNIZED if it
 *   failed
 *
 * Since: 0.1
 */
QmpTeaKind qmp_connection_query_tea_kind (QmpConnection *self, GCancellable *cancellable, GError **error)
{ return (QmpTeaKind) qmp_command_run_integer (&qmp_command_query_tea_kind, self, NULL, cancellable, error); }

/* --- tea-name */

const WireCommand qmp_command_tea_name =
  { "tea-name", NULL, 0, .has_result = TRUE, .result = { "return", WIRE_KIND_STRING } };

/**
 * qmp_connection_tea_name_async:
 * @self: a connection
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs the command `tea-name`.
 *
 * The deadline is [property@Qmp.Connection:default-timeout].
 *
 * Since: 0.1
 */
void qmp_connection_tea_name_async (QmpConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{ qmp_command_start (&qmp_command_tea_name, self, NULL, cancellable, callback, user_data); }

/**
 * qmp_connection_tea_name_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.tea_name_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: (transfer full): a string, or %NULL if it failed
 *
 * Since: 0.1
 */
char *qmp_connection_tea_name_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{ return qmp_command_finish_pointer (&qmp_command_tea_name, self, result, error); }

/**
 * qmp_connection_tea_name:
 * @self: a connection
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @error: return location
 *
 * Runs the command `tea-name`.
 *
 * Blocks until the reply is there.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: (transfer full): a string, or %NULL if it failed
 *
 * Since: 0.1
 */
char *qmp_connection_tea_name (QmpConnection *self, GCancellable *cancellable, GError **error)
{ return qmp_command_run_pointer (&qmp_command_tea_name, self, NULL, cancellable, error); }

/* --- tea-pass-cup */

static const WireMember qmp_command_tea_pass_cup_positional[] = {
  { "name", WIRE_KIND_STRING },
};
const WireCommand qmp_command_tea_pass_cup =
  { "tea-pass-cup", qmp_command_tea_pass_cup_positional, 1, .passes_fd = TRUE };

/**
 * qmp_connection_tea_pass_cup_async:
 * @self: a connection
 * @name: a string
 * @fd: the file descriptor to pass: it is duplicated, and stays the caller's
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs the command `tea-pass-cup`.
 *
 * The deadline is [property@Qmp.Connection:default-timeout].
 *
 * Since: 0.1
 */
void qmp_connection_tea_pass_cup_async (QmpConnection *self, const char *name, int fd, GCancellable *cancellable,
    GAsyncReadyCallback callback, gpointer user_data)
{ qmp_command_start (&qmp_command_tea_pass_cup, self, NULL, cancellable, callback, user_data, name, fd); }

/**
 * qmp_connection_tea_pass_cup_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.tea_pass_cup_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: %TRUE if it succeeded
 *
 * Since: 0.1
 */
gboolean qmp_connection_tea_pass_cup_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{ return qmp_command_finish (&qmp_command_tea_pass_cup, self, result, error); }

/**
 * qmp_connection_tea_pass_cup:
 * @self: a connection
 * @name: a string
 * @fd: the file descriptor to pass: it is duplicated, and stays the caller's
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @error: return location
 *
 * Runs the command `tea-pass-cup`.
 *
 * Blocks until the reply is there.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: %TRUE if it succeeded
 *
 * Since: 0.1
 */
gboolean qmp_connection_tea_pass_cup (QmpConnection *self, const char *name, int fd, GCancellable *cancellable, GError **error)
{ return qmp_command_run (&qmp_command_tea_pass_cup, self, NULL, cancellable, error, name, fd); }

/* --- tea-grow */

static const WireMember qmp_command_tea_grow_positional[] = {
  { "driver", WIRE_KIND_STRING },
};
const WireCommand qmp_command_tea_grow =
  { "tea-grow", qmp_command_tea_grow_positional, 1 };

/**
 * qmp_connection_tea_grow_async:
 * @self: a connection
 * @driver: a string
 * @arguments: (nullable): the command's other arguments, or %NULL for none of
 *   them
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs the command `tea-grow`.
 *
 * The deadline is [property@Qmp.Connection:default-timeout].
 *
 * Since: 0.1
 */
void qmp_connection_tea_grow_async (QmpConnection *self, const char *driver, QmpTeaGrowArguments *arguments,
    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{ qmp_command_start (&qmp_command_tea_grow, self, arguments, cancellable, callback, user_data, driver); }

/**
 * qmp_connection_tea_grow_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.tea_grow_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: %TRUE if it succeeded
 *
 * Since: 0.1
 */
gboolean qmp_connection_tea_grow_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{ return qmp_command_finish (&qmp_command_tea_grow, self, result, error); }

/**
 * qmp_connection_tea_grow:
 * @self: a connection
 * @driver: a string
 * @arguments: (nullable): the command's other arguments, or %NULL for none of
 *   them
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command
 * @error: return location
 *
 * Runs the command `tea-grow`.
 *
 * Blocks until the reply is there.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, with
 * %G_IO_ERROR_INVALID_ARGUMENT when an argument is missing or cannot be sent,
 * and with %QMP_ERROR_UNEXPECTED_VALUE when the reply is not of its type: the
 * message has the path.
 *
 * Returns: %TRUE if it succeeded
 *
 * Since: 0.1
 */
gboolean qmp_connection_tea_grow (QmpConnection *self, const char *driver, QmpTeaGrowArguments *arguments, GCancellable *cancellable, GError **error)
{ return qmp_command_run (&qmp_command_tea_grow, self, arguments, cancellable, error, driver); }

/* --- tea-quit */

const WireCommand qmp_command_tea_quit =
  { "tea-quit", NULL, 0 };
