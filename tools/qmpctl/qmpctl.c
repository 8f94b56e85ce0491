/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl.h"

static const ToolVerb *const verbs[] = {
  &qmpctl_info,
  &qmpctl_call,
  &qmpctl_events,
  &qmpctl_schema,
  &qmpctl_shell,
  &qmpctl_tree,
  &qmpctl_get,
  &qmpctl_set,
  &qmpctl_hmp,
  &qmpctl_run,
  &qmpctl_wait,
  &qmpctl_pause,
  &qmpctl_cont,
  &qmpctl_reset,
  &qmpctl_power_down,
  &qmpctl_quit,
  &qmpctl_jobs,
  &qmpctl_snapshot,
  &qmpctl_overlay,
  &qmpctl_migrate,
  &qmpctl_device,
  &qmpctl_disk,
  &qmpctl_screenshot,
  &qmpctl_type,
  &qmpctl_keys,
  &qmpctl_proxy,
  &qmpctl_record,
  &qmpctl_replay,
  NULL,
};

int
main (int argc, char **argv)
{
  return qmpctl_main (verbs, argc, argv);
}
