/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A mock QMP server in a process of its own, as cheap as can be: it answers
 *   small, query-status   a reply of some 90 bytes
 *   reply-1k4, schema, big   replies of 1.4 KB, 207 KB, 10 MB
 *   query-qmp-schema   the same as schema, by its own name
 *   events {"count": N}   N events of 207 bytes, then the return
 *   composed-events       the same, each printed anew
 *   received              how many bytes came in on this connection */

typedef struct _BenchServer BenchServer;

BenchServer *bench_server_start (guint n_connections, const char *schema_path);
void bench_server_stop (BenchServer *server);

/* The client's end of a connection; it belongs to the caller then. */
int bench_server_take_fd (BenchServer *server, guint index);
