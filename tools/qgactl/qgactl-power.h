/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qgactl.h"

G_BEGIN_DECLS

/* How it showed that the guest took it on, in words that claim no more than is
 * known: the agent does not answer. `what` is "shut down" or so. */
void qgactl_print_acceptance (ToolApp *app, QgaAcceptance acceptance, const char *what);

#define QGACTL_ACCEPTANCE_HELP \
  "Agents answer only what they refuse. So it is said what is known: that the line ended, that an answer came after\n" \
  "all, or no more than that there was no objection. None of that means that the guest is done with it.\n" \
  "With --json: {\"acceptance\": \"replied\", \"event\", \"closed\" or \"silent\"}."

G_END_DECLS
