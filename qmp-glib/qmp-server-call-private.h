/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-server-client-private.h"

G_BEGIN_DECLS

struct _QmpServerCall
{
  GObject parent_instance;
  QmpServerClient *client;
  WireDocument *document;
  char *command;
  guint arguments;            /* their place; 0 for none */
  guint id;                   /* its place; 0 for none */
  gboolean out_of_band;
  gsize size;                 /* bytes that it holds */

  /* under the core's lock */
  gboolean running;           /* among those of its client */
  gboolean handed_out;
  gboolean answered;
  GCancellable *cancellable;  /* NULL until somebody asks */
  GList link;
};

QmpServerCall *qmp_server_call_new (QmpServerClient *client, WireDocument *document, char *command);

G_END_DECLS
