/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

#include "talk.h"

G_BEGIN_DECLS

/* Plays QEMU's part of a talk that was recorded. A command gets the reply that
 * it got, the next of those with its arguments, or else of those with its name;
 * the last of them again and again. Events come when what came before them has
 * been said. Clients may come and go. */

typedef enum
{
  REPLAY_NONE = 0,
  REPLAY_STRICT = 1 << 0,   /* commands and arguments have to be the same, in the same order */
  REPLAY_TIMED = 1 << 1,    /* as slow as it was */
} ReplayFlags;

typedef struct _Replay Replay;

/* Takes the talk. */
Replay *replay_new (Talk *talk, ReplayFlags flags);
void replay_free (Replay *replay);

QmpServer *replay_get_server (Replay *replay);

/* What a client did that is not in the talk, if it is strict; NULL if nothing. */
const char *replay_get_deviation (Replay *replay);

/* Whether every command of the talk was given. */
gboolean replay_is_complete (Replay *replay);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Replay, replay_free)

G_END_DECLS
