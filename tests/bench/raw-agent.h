/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* The yardstick for the guest agent: the least that a client in C can do.
 * Blocking send and recv, replies end with their newline, nothing decoded. */

typedef struct _RawAgent RawAgent;

RawAgent *raw_agent_new (const char *socket_path);
void raw_agent_free (RawAgent *self);

void raw_agent_ping (RawAgent *self, guint count);

/* A whole file of the guest, in chunks of so many bytes. */
void raw_agent_read_file (RawAgent *self, const char *path, guint chunk);

/* Starts a program and asks for its end: without a pause between. */
void raw_agent_run (RawAgent *self, const char *program, guint count);
