/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define G_LOG_DOMAIN "Qga"
#include "config.h"

#include "qga-log-private.h"

/* Asked once a connection: an unwanted line costs more than a command. */
gboolean
qga_log_is_wanted (void)
{
  return !g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN);
}

void
qga_log_sent (QgaCall *call, gsize size)
{
  g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_DEBUG,
                    "QGA_COMMAND", call->command,
                    "MESSAGE", "%s, id %" G_GINT64_FORMAT ": sent, %" G_GSIZE_FORMAT " bytes", call->command, call->id,
                    size);
}

void
qga_log_answered (QgaCall *call, const char *outcome, gsize size)
{
  g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_DEBUG,
                    "QGA_COMMAND", call->command,
                    "MESSAGE", "%s, id %" G_GINT64_FORMAT ": %s after %" G_GINT64_FORMAT " us, %" G_GSIZE_FORMAT " bytes",
                    call->command, call->id, outcome, g_get_monotonic_time () - call->wire.created, size);
}

void
qga_log_note (const char *note)
{
  g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_DEBUG, "MESSAGE", "%s", note);
}
