/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <stdlib.h>

/* A benchmark that cannot go on says why and ends; there is nothing to save. */
#define bench_fail(...)                 \
  G_STMT_START                          \
  {                                     \
    g_printerr ("qmp-bench: " __VA_ARGS__); \
    g_printerr ("\n");                  \
    exit (2);                           \
  }                                     \
  G_STMT_END
