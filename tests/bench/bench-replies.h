/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* What the mock server says: the JSON of each reply's value, and an event. */

char *bench_reply_small (void);
char *bench_reply_1k4 (void);
char *bench_reply_big (void);
char *bench_reply_schema (const char *path);

/* Writes an event of BENCH_EVENT_SIZE bytes for any number of ten digits. */
#define BENCH_EVENT_SIZE 207
#define BENCH_EVENT_FIRST_NUMBER G_GUINT64_CONSTANT (1000000000)
void bench_event_write (char *out, guint64 number);

/* Where in the event the number is. */
gsize bench_event_get_number_offset (void);
