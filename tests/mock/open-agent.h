/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qga-glib/qga-glib.h>

#include "mock/mock-agent.h"

G_BEGIN_DECLS

/* The near end of a mock agent: opens a connection, which must succeed. The
 * agent then knows “echo” as well, which returns its arguments. */
QgaConnection *open_agent (MockAgent *agent);
QgaConnection *open_agent_with (MockAgent *agent, QgaOpenOptions *options);
void teach_echo (MockAgent *agent);

/* A call gets its own answer, and none other. */
void assert_answers (QgaConnection *connection);

/* The client spoke when it may, and sense. */
void assert_orderly (MockAgent *agent);

/* Of a call that has just ended; both free the reply, and clear the error. */
void assert_replied (char *reply, GError **error, const char *expected);
void assert_failed (char *reply, GError **error, GQuark domain, int code, const char *word);

QgaRequest *new_request (const char *command, const char *arguments, int timeout);

G_END_DECLS
