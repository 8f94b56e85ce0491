/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from sample.api. */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-connection.h>
#include <qmp-glib/qmp-api-types.h>

G_BEGIN_DECLS

/**
 * QmpTeaKind:
 * @QMP_TEA_KIND_UNRECOGNIZED: none, or one that is newer than this library
 * @QMP_TEA_KIND_BLACK: `black`
 * @QMP_TEA_KIND_4_SEASON: `4-season`
 * @QMP_TEA_KIND_MATCHA: `matcha`. Since QEMU 9.0
 * @QMP_TEA_KIND_INSTANT: `instant`. Of the versions covered, QEMU 8.2 is the
 *   last to have it
 * @QMP_TEA_KIND_SMOKED: `smoked`. QEMU has deprecated it
 * @QMP_TEA_KIND_COLD_BREW: `cold-brew`. Unstable: QEMU may change or drop it
 *   without notice
 *
 * The enum `TeaKind`.
 *
 * It is used by [method@Qmp.Connection.tea_brew_async],
 * [method@Qmp.Connection.query_tea_kind_async], [class@Qmp.Pot] and
 * [class@Qmp.TeaReadyEvent].
 *
 * Since QEMU 1.0.
 *
 * Since: 0.1
 */
typedef enum
{
  QMP_TEA_KIND_UNRECOGNIZED = -1,
  QMP_TEA_KIND_BLACK = 0,
  QMP_TEA_KIND_4_SEASON = 1,
  QMP_TEA_KIND_MATCHA = 2,
  QMP_TEA_KIND_INSTANT = 3,
  QMP_TEA_KIND_SMOKED = 4,
  QMP_TEA_KIND_COLD_BREW = 5,
} QmpTeaKind;

#define QMP_TYPE_TEA_KIND (qmp_tea_kind_get_type ())
QMP_AVAILABLE_IN_0_1 GType qmp_tea_kind_get_type (void);

/**
 * QmpVesselKind:
 * @QMP_VESSEL_KIND_UNRECOGNIZED: none, or one that is newer than this library
 * @QMP_VESSEL_KIND_CUP: `cup`
 * @QMP_VESSEL_KIND_NONE: `none`
 *
 * The enum `VesselKind`.
 *
 * It is used by [class@Qmp.Vessel].
 *
 * Since: 0.1
 */
typedef enum
{
  QMP_VESSEL_KIND_UNRECOGNIZED = -1,
  QMP_VESSEL_KIND_CUP = 0,
  QMP_VESSEL_KIND_NONE = 1,
} QmpVesselKind;

#define QMP_TYPE_VESSEL_KIND (qmp_vessel_kind_get_type ())
QMP_AVAILABLE_IN_0_1 GType qmp_vessel_kind_get_type (void);

QMP_AVAILABLE_IN_0_1 QmpLeaf *qmp_leaf_new (void);
QMP_AVAILABLE_IN_0_1 QmpLeaf *qmp_leaf_new_from_json (const char *json, GError **error);
QMP_AVAILABLE_IN_0_1 const char *qmp_leaf_get_origin (QmpLeaf *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_leaf_has_origin (QmpLeaf *self);
QMP_AVAILABLE_IN_0_1 void qmp_leaf_set_origin (QmpLeaf *self, const char *origin);
QMP_AVAILABLE_IN_0_1 void qmp_leaf_unset_origin (QmpLeaf *self);

QMP_AVAILABLE_IN_0_1 QmpPot *qmp_pot_new (void);
QMP_AVAILABLE_IN_0_1 QmpPot *qmp_pot_new_from_json (const char *json, GError **error);
QMP_AVAILABLE_IN_0_1 QmpTeaKind qmp_pot_get_type_member (QmpPot *self);
QMP_AVAILABLE_IN_0_1 const char *qmp_pot_get_type_member_text (QmpPot *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_pot_has_type (QmpPot *self);
QMP_AVAILABLE_IN_0_1 void qmp_pot_set_type (QmpPot *self, QmpTeaKind type);
QMP_AVAILABLE_IN_0_1 void qmp_pot_unset_type (QmpPot *self);
QMP_AVAILABLE_IN_0_1 GBytes *qmp_pot_get_data_member (QmpPot *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_pot_has_data (QmpPot *self);
QMP_AVAILABLE_IN_0_1 void qmp_pot_set_data_member (QmpPot *self, GBytes *data);
QMP_AVAILABLE_IN_0_1 void qmp_pot_unset_data (QmpPot *self);
QMP_AVAILABLE_IN_0_1 QmpLeaf *qmp_pot_get_leaf (QmpPot *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_pot_has_leaf (QmpPot *self);
QMP_AVAILABLE_IN_0_1 void qmp_pot_set_leaf (QmpPot *self, QmpLeaf *leaf);
QMP_AVAILABLE_IN_0_1 void qmp_pot_unset_leaf (QmpPot *self);
QMP_AVAILABLE_IN_0_1 GPtrArray *qmp_pot_get_blend (QmpPot *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_pot_has_blend (QmpPot *self);
QMP_AVAILABLE_IN_0_1 void qmp_pot_set_blend (QmpPot *self, QmpLeaf *const *blend, gsize n_blend);
QMP_AVAILABLE_IN_0_1 void qmp_pot_unset_blend (QmpPot *self);
QMP_AVAILABLE_IN_0_1 const char *const *qmp_pot_get_labels (QmpPot *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_pot_has_labels (QmpPot *self);
QMP_AVAILABLE_IN_0_1 void qmp_pot_set_labels (QmpPot *self, const char *const *labels);
QMP_AVAILABLE_IN_0_1 void qmp_pot_unset_labels (QmpPot *self);
QMP_AVAILABLE_IN_0_1 const char *const *qmp_pot_get_kinds (QmpPot *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_pot_has_kinds (QmpPot *self);
QMP_AVAILABLE_IN_0_1 void qmp_pot_set_kinds (QmpPot *self, const char *const *kinds);
QMP_AVAILABLE_IN_0_1 void qmp_pot_unset_kinds (QmpPot *self);
QMP_AVAILABLE_IN_0_1 guint64 qmp_pot_get_weight (QmpPot *self);
QMP_AVAILABLE_IN_0_1 const char *qmp_pot_get_weight_text (QmpPot *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_pot_has_weight (QmpPot *self);
QMP_AVAILABLE_IN_0_1 void qmp_pot_set_weight (QmpPot *self, guint64 weight);
QMP_AVAILABLE_IN_0_1 void qmp_pot_unset_weight (QmpPot *self);
QMP_AVAILABLE_IN_0_1 const guint64 *qmp_pot_get_minutes (QmpPot *self, gsize *n);
QMP_AVAILABLE_IN_0_1 gboolean qmp_pot_has_minutes (QmpPot *self);
QMP_AVAILABLE_IN_0_1 void qmp_pot_set_minutes (QmpPot *self, const guint64 *minutes, gsize n_minutes);
QMP_AVAILABLE_IN_0_1 void qmp_pot_unset_minutes (QmpPot *self);
QMP_AVAILABLE_IN_0_1 const char *qmp_pot_get_recipe (QmpPot *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_pot_has_recipe (QmpPot *self);
QMP_AVAILABLE_IN_0_1 void qmp_pot_set_recipe (QmpPot *self, const char *recipe);
QMP_AVAILABLE_IN_0_1 void qmp_pot_unset_recipe (QmpPot *self);
QMP_DEPRECATED_BY_QEMU const char *qmp_pot_get_old (QmpPot *self);
QMP_DEPRECATED_BY_QEMU gboolean qmp_pot_has_old (QmpPot *self);
QMP_DEPRECATED_BY_QEMU void qmp_pot_set_old (QmpPot *self, const char *old);
QMP_DEPRECATED_BY_QEMU void qmp_pot_unset_old (QmpPot *self);
QMP_UNSTABLE_IN_QEMU gboolean qmp_pot_get_x_new (QmpPot *self);
QMP_UNSTABLE_IN_QEMU gboolean qmp_pot_has_x_new (QmpPot *self);
QMP_UNSTABLE_IN_QEMU void qmp_pot_set_x_new (QmpPot *self, gboolean x_new);
QMP_UNSTABLE_IN_QEMU void qmp_pot_unset_x_new (QmpPot *self);

QMP_AVAILABLE_IN_0_1 QmpCup *qmp_cup_new (void);
QMP_AVAILABLE_IN_0_1 QmpCup *qmp_cup_new_from_json (const char *json, GError **error);
QMP_AVAILABLE_IN_0_1 int qmp_cup_get_lid_size (QmpCup *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_cup_has_lid_size (QmpCup *self);
QMP_AVAILABLE_IN_0_1 void qmp_cup_set_lid_size (QmpCup *self, int lid_size);
QMP_AVAILABLE_IN_0_1 void qmp_cup_unset_lid_size (QmpCup *self);

QMP_AVAILABLE_IN_0_1 QmpVessel *qmp_vessel_new (void);
QMP_AVAILABLE_IN_0_1 QmpVessel *qmp_vessel_new_from_json (const char *json, GError **error);
QMP_AVAILABLE_IN_0_1 QmpVesselKind qmp_vessel_get_kind (QmpVessel *self);
QMP_AVAILABLE_IN_0_1 const char *qmp_vessel_get_kind_text (QmpVessel *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_vessel_has_kind (QmpVessel *self);
QMP_AVAILABLE_IN_0_1 void qmp_vessel_set_kind (QmpVessel *self, QmpVesselKind kind);
QMP_AVAILABLE_IN_0_1 void qmp_vessel_unset_kind (QmpVessel *self);

QMP_AVAILABLE_IN_0_1 QmpVesselCupBranch *qmp_vessel_cup_branch_new (void);
QMP_AVAILABLE_IN_0_1 int qmp_vessel_cup_branch_get_lid_size (QmpVesselCupBranch *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_vessel_cup_branch_has_lid_size (QmpVesselCupBranch *self);
QMP_AVAILABLE_IN_0_1 void qmp_vessel_cup_branch_set_lid_size (QmpVesselCupBranch *self, int lid_size);
QMP_AVAILABLE_IN_0_1 void qmp_vessel_cup_branch_unset_lid_size (QmpVesselCupBranch *self);
QMP_AVAILABLE_IN_0_1 QmpCup *qmp_vessel_cup_branch_to_cup (QmpVesselCupBranch *self);

QMP_AVAILABLE_IN_0_1 QmpCupRef *qmp_cup_ref_new_for_definition (QmpCup *definition);
QMP_AVAILABLE_IN_0_1 QmpCupRef *qmp_cup_ref_new_for_reference (const char *reference);
QMP_AVAILABLE_IN_0_1 QmpCupRef *qmp_cup_ref_new_for_none (void);
QMP_AVAILABLE_IN_0_1 QmpCupRef *qmp_cup_ref_new_from_json (const char *json, GError **error);
QMP_AVAILABLE_IN_0_1 QmpCup *qmp_cup_ref_get_definition (QmpCupRef *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_cup_ref_has_definition (QmpCupRef *self);
QMP_AVAILABLE_IN_0_1 void qmp_cup_ref_set_definition (QmpCupRef *self, QmpCup *definition);
QMP_AVAILABLE_IN_0_1 void qmp_cup_ref_unset_definition (QmpCupRef *self);
QMP_AVAILABLE_IN_0_1 const char *qmp_cup_ref_get_reference (QmpCupRef *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_cup_ref_has_reference (QmpCupRef *self);
QMP_AVAILABLE_IN_0_1 void qmp_cup_ref_set_reference (QmpCupRef *self, const char *reference);
QMP_AVAILABLE_IN_0_1 void qmp_cup_ref_unset_reference (QmpCupRef *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_cup_ref_get_none (QmpCupRef *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_cup_ref_has_none (QmpCupRef *self);
QMP_AVAILABLE_IN_0_1 void qmp_cup_ref_set_none (QmpCupRef *self, gboolean none);
QMP_AVAILABLE_IN_0_1 void qmp_cup_ref_unset_none (QmpCupRef *self);

QMP_AVAILABLE_IN_0_1 QmpTeaStatus *qmp_tea_status_new_from_json (const char *json, GError **error);
QMP_AVAILABLE_IN_0_1 double qmp_tea_status_get_strength (QmpTeaStatus *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_tea_status_has_strength (QmpTeaStatus *self);
QMP_AVAILABLE_IN_0_1 const char *qmp_tea_status_get_extra (QmpTeaStatus *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_tea_status_has_extra (QmpTeaStatus *self);

QMP_AVAILABLE_IN_0_1 QmpTeaPlantArguments *qmp_tea_plant_arguments_new (void);
QMP_AVAILABLE_IN_0_1 QmpTeaPlantArguments *qmp_tea_plant_arguments_new_from_json (const char *json, GError **error);
QMP_AVAILABLE_IN_0_1 QmpCupRef *qmp_tea_plant_arguments_get_where (QmpTeaPlantArguments *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_tea_plant_arguments_has_where (QmpTeaPlantArguments *self);
QMP_AVAILABLE_IN_0_1 void qmp_tea_plant_arguments_set_where (QmpTeaPlantArguments *self, QmpCupRef *where);
QMP_AVAILABLE_IN_0_1 void qmp_tea_plant_arguments_unset_where (QmpTeaPlantArguments *self);

QMP_AVAILABLE_IN_0_1 QmpTeaBrewArguments *qmp_tea_brew_arguments_new (void);
QMP_AVAILABLE_IN_0_1 QmpTeaBrewArguments *qmp_tea_brew_arguments_new_from_json (const char *json, GError **error);
QMP_AVAILABLE_IN_0_1 double qmp_tea_brew_arguments_get_patience (QmpTeaBrewArguments *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_tea_brew_arguments_has_patience (QmpTeaBrewArguments *self);
QMP_AVAILABLE_IN_0_1 void qmp_tea_brew_arguments_set_patience (QmpTeaBrewArguments *self, double patience);
QMP_AVAILABLE_IN_0_1 void qmp_tea_brew_arguments_unset_patience (QmpTeaBrewArguments *self);

QMP_AVAILABLE_IN_0_1 QmpTeaGrowArguments *qmp_tea_grow_arguments_new (void);
QMP_AVAILABLE_IN_0_1 QmpTeaGrowArguments *qmp_tea_grow_arguments_new_from_json (const char *json, GError **error);

QMP_AVAILABLE_IN_0_1 QmpTeaReadyEvent *qmp_tea_ready_event_new_from_json (const char *json, GError **error);
QMP_AVAILABLE_IN_0_1 const char *qmp_tea_ready_event_get_pot (QmpTeaReadyEvent *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_tea_ready_event_has_pot (QmpTeaReadyEvent *self);
QMP_AVAILABLE_IN_0_1 QmpTeaKind qmp_tea_ready_event_get_type_member (QmpTeaReadyEvent *self);
QMP_AVAILABLE_IN_0_1 const char *qmp_tea_ready_event_get_type_member_text (QmpTeaReadyEvent *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_tea_ready_event_has_type (QmpTeaReadyEvent *self);

QMP_AVAILABLE_IN_0_1 QmpTeaColdEvent *qmp_tea_cold_event_new_from_json (const char *json, GError **error);

QMP_AVAILABLE_IN_0_1 QmpTeaSpiltEvent *qmp_tea_spilt_event_new_from_json (const char *json, GError **error);
QMP_AVAILABLE_IN_0_1 int qmp_tea_spilt_event_get_lid_size (QmpTeaSpiltEvent *self);
QMP_AVAILABLE_IN_0_1 gboolean qmp_tea_spilt_event_has_lid_size (QmpTeaSpiltEvent *self);

QMP_AVAILABLE_IN_0_1 void qmp_connection_tea_pour_async (QmpConnection *self, QmpVessel *arguments,
    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1 QmpTeaStatus *qmp_connection_tea_pour_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1 QmpTeaStatus *qmp_connection_tea_pour (QmpConnection *self, QmpVessel *arguments, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1 void qmp_connection_tea_set_limit_async (QmpConnection *self, const char *class_member,
    gint64 limit, const guint64 *sizes, gsize n_sizes, GCancellable *cancellable, GAsyncReadyCallback callback,
    gpointer user_data);
QMP_AVAILABLE_IN_0_1 gboolean qmp_connection_tea_set_limit_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1 gboolean qmp_connection_tea_set_limit (QmpConnection *self, const char *class_member, gint64 limit,
    const guint64 *sizes, gsize n_sizes, GCancellable *cancellable, GError **error);

QMP_UNSTABLE_IN_QEMU void qmp_connection_tea_plant_async (QmpConnection *self, QmpTeaPlantArguments *arguments,
    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QMP_UNSTABLE_IN_QEMU gboolean qmp_connection_tea_plant_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_UNSTABLE_IN_QEMU gboolean qmp_connection_tea_plant (QmpConnection *self, QmpTeaPlantArguments *arguments, GCancellable *cancellable, GError **error);

QMP_DEPRECATED_BY_QEMU void qmp_connection_tea_brew_async (QmpConnection *self, QmpTeaKind kind, QmpPot *const *pots,
    gsize n_pots, QmpTeaBrewArguments *arguments, GCancellable *cancellable, GAsyncReadyCallback callback,
    gpointer user_data);
QMP_DEPRECATED_BY_QEMU gint64 qmp_connection_tea_brew_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_DEPRECATED_BY_QEMU gint64 qmp_connection_tea_brew (QmpConnection *self, QmpTeaKind kind, QmpPot *const *pots,
    gsize n_pots, QmpTeaBrewArguments *arguments, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1 void qmp_connection_query_teas_async (QmpConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1 GPtrArray *qmp_connection_query_teas_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1 GPtrArray *qmp_connection_query_teas (QmpConnection *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1 void qmp_connection_query_tea_names_async (QmpConnection *self, GCancellable *cancellable,
    GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1 char **qmp_connection_query_tea_names_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1 char **qmp_connection_query_tea_names (QmpConnection *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1 void qmp_connection_query_tea_kind_async (QmpConnection *self, GCancellable *cancellable,
    GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1 QmpTeaKind qmp_connection_query_tea_kind_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1 QmpTeaKind qmp_connection_query_tea_kind (QmpConnection *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1 void qmp_connection_tea_name_async (QmpConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1 char *qmp_connection_tea_name_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1 char *qmp_connection_tea_name (QmpConnection *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1 void qmp_connection_tea_pass_cup_async (QmpConnection *self, const char *name, int fd,
    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1 gboolean qmp_connection_tea_pass_cup_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1 gboolean qmp_connection_tea_pass_cup (QmpConnection *self, const char *name, int fd, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1 void qmp_connection_tea_grow_async (QmpConnection *self, const char *driver,
    QmpTeaGrowArguments *arguments, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1 gboolean qmp_connection_tea_grow_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1 gboolean qmp_connection_tea_grow (QmpConnection *self, const char *driver,
    QmpTeaGrowArguments *arguments, GCancellable *cancellable, GError **error);

G_END_DECLS
