/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-request.h"

G_BEGIN_DECLS

/* What a call needs of a request, at once. */
typedef struct
{
  const char *command;
  const char *arguments;
  gsize arguments_length;
  guint64 reply_size;
  int timeout;
  gboolean sensitive;
} QgaRequestView;

void qga_request_view (QgaRequest *self, QgaRequestView *view);
gboolean qga_request_check (QgaRequest *self, GError **error);

G_END_DECLS
