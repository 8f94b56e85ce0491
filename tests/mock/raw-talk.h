/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

G_BEGIN_DECLS

/* A client of a QmpServer that says what the test has it say, byte for byte. What
 * waits for the server runs the thread-default main context. */

typedef struct _RawTalk RawTalk;

RawTalk *raw_talk_new (QmpServer *server);
RawTalk *raw_talk_new_ready (QmpServer *server, gboolean out_of_band);
RawTalk *raw_talk_new_for_stream (GIOStream *stream);
void raw_talk_free (RawTalk *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawTalk, raw_talk_free)

void raw_say (RawTalk *self, const char *text);
void raw_say_bytes (RawTalk *self, const void *bytes, gsize length);
gsize raw_say_what_fits (RawTalk *self, const void *bytes, gsize length);
void raw_say_with_fds (RawTalk *self, const char *text, const int *fds, guint n_fds);
char *raw_hear (RawTalk *self);
void raw_expect (RawTalk *self, const char *line);
void raw_expect_end (RawTalk *self);
void raw_expect_silence (RawTalk *self);
void raw_hang_up (RawTalk *self);
int raw_get_fd (RawTalk *self);

G_END_DECLS
