/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "live.h"

/* Real agents: qemu-ga by itself, or within a real guest. */

typedef struct
{
  Live live;
  char *socket;            /* the agent's */
  GSubprocess *process;    /* qemu-ga, or the guest's QEMU: for live_freeze() and live_thaw() */
  QmpConnection *monitor;  /* of the guest's QEMU; without a guest NULL */
} LiveAgent;

void live_agent_set_up (LiveAgent *agent, gconstpointer data);
void live_agent_tear_down (LiveAgent *agent, gconstpointer data);

/* By itself: arguments for qemu-ga end with NULL. It listens when this returns.
 * What would change the machine that runs the test is blocked. A second start
 * has the first one's state, as after a crash, but no file is open. */
void live_agent_start (LiveAgent *agent, ...) G_GNUC_NULL_TERMINATED;
void live_agent_kill (LiveAgent *agent);

/* Agents that start after this believe that file systems are frozen. */
void live_agent_leave_frozen (LiveAgent *agent);

/* In a guest, and it runs there when this returns. */
void live_agent_start_guest (LiveAgent *agent);

/* The two steps of that: the monitor is there from the start. */
GSubprocess *live_start_guest (Live *live, QmpConnection **monitor);
void live_wait_for_agent (Live *live, QmpConnection *monitor);

#define LIVE_AGENT_TEST(path, body) \
  g_test_add (path, LiveAgent, NULL, live_agent_set_up, body, live_agent_tear_down)
