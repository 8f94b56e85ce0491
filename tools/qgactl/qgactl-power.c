/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl-power.h"

#include "tool-output.h"

void
qgactl_print_acceptance (ToolApp *app, QgaAcceptance acceptance, const char *what)
{
  static const char *const names[] = { "none", "replied", "event", "closed", "silent" };

  if (tool_app_wants_json (app))
    {
      tool_print ("{\"acceptance\":\"%s\"}\n", names[acceptance]);
      return;
    }
  switch (acceptance)
    {
    case QGA_ACCEPTANCE_REPLIED:
      tool_print ("The agent says that the guest will %s\n", what);
      break;
    case QGA_ACCEPTANCE_EVENT:
      tool_print ("QEMU says that the guest has begun to %s\n", what);
      break;
    case QGA_ACCEPTANCE_CLOSED:
      tool_print ("The agent was told to %s, and its line has ended\n", what);
      break;
    case QGA_ACCEPTANCE_SILENT:
    case QGA_ACCEPTANCE_NONE:
    default:
      tool_print ("The agent was told to %s, and did not object; more is not known\n", what);
    }
}
