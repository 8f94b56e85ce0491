/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-call-private.h"

G_BEGIN_DECLS

GError *qga_error_new_for_reply (const QgaCall *call, const WireView *view, guint object);
gboolean qga_error_is_refusal (const GError *error);

/* qga-secret.c */
void qga_secret_mask (GString *text, const char *arguments, gsize length);

G_END_DECLS
