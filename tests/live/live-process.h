/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qga-glib/qga-glib.h>

#include "live-agent.h"

/* Connections to real agents, and what they run. */

QgaConnection *live_agent_open (LiveAgent *agent);

/* A line for the shell. */
QgaProcess *live_spawn (QgaConnection *connection, const char *script);
void live_assert_writes (QgaConnection *connection, const char *script, const char *output);

/* What a command that must succeed returns; and one that must fail. */
char *live_ask (QgaConnection *connection, const char *command, const char *arguments);
void live_assert_refused (QgaConnection *connection, const char *command, const char *arguments, int code, const char *word);

void live_assert_error (GError **error, GQuark domain, int code);
