/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-request.h"

G_BEGIN_DECLS

/* What a call needs of a request, at once. */
typedef struct
{
  const char *command;
  const char *arguments;
  gsize arguments_length;
  int timeout;
  int fd;
  gboolean out_of_band;
  gboolean sensitive;
} QmpRequestView;

void qmp_request_view (QmpRequest *self, QmpRequestView *view);
void qmp_request_set_known_arguments (QmpRequest *self, const char *text, gsize length);
gboolean qmp_request_check (QmpRequest *self, GError **error);
int qmp_request_dup_fd (QmpRequest *self, GError **error);

G_END_DECLS
