/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Counts the system calls of @work, in a traced process of its own, all its
 * threads together. @set_up makes the client there, uncounted.
 * Returns a negative number where tracing is not allowed. */
typedef gpointer (*SyscallSetUp) (gpointer data);
typedef void (*SyscallWork) (gpointer client, guint count);

double syscall_count (SyscallSetUp set_up, gpointer data, SyscallWork work, guint count);
