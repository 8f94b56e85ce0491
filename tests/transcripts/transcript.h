/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A talk that was recorded; see README.md beside this file. */

typedef enum
{
  TALK_PEER,    /* from QEMU, or its agent */
  TALK_CLIENT,  /* to it */
  TALK_NOTE,
} TalkSide;

typedef struct
{
  TalkSide side;
  char *channel;
  char *bytes;   /* as they were on the wire */
  gsize length;
} TalkLine;

typedef struct
{
  char *name;
  GPtrArray *lines;     /* of TalkLine */
  GPtrArray *channels;  /* of names */
} Talk;

GPtrArray *transcripts_load (void);
Talk *talk_load (const char *path);
void talk_free (Talk *talk);
GString *talk_get_peer_bytes (const Talk *talk, const char *channel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Talk, talk_free)

G_END_DECLS
