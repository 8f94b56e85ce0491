/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-struct.h>

G_BEGIN_DECLS

#define QMP_TYPE_LEAF (qmp_leaf_get_type ())
QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpLeaf, qmp_leaf, QMP, LEAF, QmpStruct)

#define QMP_TYPE_POT (qmp_pot_get_type ())
QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpPot, qmp_pot, QMP, POT, QmpStruct)

#define QMP_TYPE_CUP (qmp_cup_get_type ())
QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpCup, qmp_cup, QMP, CUP, QmpStruct)

#define QMP_TYPE_VESSEL (qmp_vessel_get_type ())
QMP_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (QmpVessel, qmp_vessel, QMP, VESSEL, QmpStruct)
struct _QmpVesselClass
{
  /*< private >*/
  QmpStructClass parent_class;
};

#define QMP_TYPE_VESSEL_CUP_BRANCH (qmp_vessel_cup_branch_get_type ())
QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpVesselCupBranch, qmp_vessel_cup_branch, QMP, VESSEL_CUP_BRANCH, QmpVessel)

#define QMP_TYPE_CUP_REF (qmp_cup_ref_get_type ())
QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpCupRef, qmp_cup_ref, QMP, CUP_REF, QmpStruct)

#define QMP_TYPE_TEA_STATUS (qmp_tea_status_get_type ())
QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpTeaStatus, qmp_tea_status, QMP, TEA_STATUS, QmpStruct)

#define QMP_TYPE_TEA_PLANT_ARGUMENTS (qmp_tea_plant_arguments_get_type ())
QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpTeaPlantArguments, qmp_tea_plant_arguments, QMP, TEA_PLANT_ARGUMENTS, QmpStruct)

#define QMP_TYPE_TEA_BREW_ARGUMENTS (qmp_tea_brew_arguments_get_type ())
QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpTeaBrewArguments, qmp_tea_brew_arguments, QMP, TEA_BREW_ARGUMENTS, QmpStruct)

#define QMP_TYPE_TEA_GROW_ARGUMENTS (qmp_tea_grow_arguments_get_type ())
QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpTeaGrowArguments, qmp_tea_grow_arguments, QMP, TEA_GROW_ARGUMENTS, QmpStruct)

#define QMP_TYPE_TEA_READY_EVENT (qmp_tea_ready_event_get_type ())
QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpTeaReadyEvent, qmp_tea_ready_event, QMP, TEA_READY_EVENT, QmpStruct)

#define QMP_TYPE_TEA_COLD_EVENT (qmp_tea_cold_event_get_type ())
QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpTeaColdEvent, qmp_tea_cold_event, QMP, TEA_COLD_EVENT, QmpStruct)

#define QMP_TYPE_TEA_SPILT_EVENT (qmp_tea_spilt_event_get_type ())
QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpTeaSpiltEvent, qmp_tea_spilt_event, QMP, TEA_SPILT_EVENT, QmpStruct)

G_END_DECLS
