/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

G_BEGIN_DECLS

/* A talk with QEMU as a file of JSON lines, one for each message:
 *
 *   {"t": SECONDS, "dir": "<", "msg": {"QMP": {"version": …, "capabilities": …}}}
 *   {"t": SECONDS, "dir": ">", "msg": {"execute": …, "arguments": …, "id": N}}
 *   {"t": SECONDS, "dir": "<", "msg": {"return": …, "id": N}}
 *   {"t": SECONDS, "dir": "<", "msg": {"event": …, "data": …, "timestamp": …}}
 *
 * `dir` is > towards QEMU and < from it. The ids are the file's own. Secrets are
 * not in it: talk-mask.h says which, and what stands for them. */

/* --- writing: talk-write.c */

typedef struct _TalkWriter TalkWriter;

TalkWriter *talk_writer_new (const char *path, QmpConnection *connection, GError **error);
void talk_writer_free (TalkWriter *writer);

/* Returns the command's id, for what is added when it is answered. */
guint64 talk_writer_add_command (TalkWriter *writer, const char *command, QmpValue *arguments, gboolean out_of_band);
void talk_writer_add_return (TalkWriter *writer, guint64 id, QmpValue *result);
void talk_writer_add_error (TalkWriter *writer, guint64 id, const GError *error);
void talk_writer_add_event (TalkWriter *writer, QmpEvent *event);

/* Fails if not all of it could be written. */
gboolean talk_writer_close (TalkWriter *writer, GError **error);

/* --- reading: talk-read.c */

typedef enum
{
  TALK_COMMAND,
  TALK_REPLY,
  TALK_EVENT,
} TalkKind;

typedef struct
{
  TalkKind kind;
  double time;          /* in seconds, from the beginning */
  char *name;           /* of a command or an event */
  QmpValue *value;      /* arguments, result or data; NULL for none, and for errors */
  char *class_name;     /* of an error */
  char *description;
  guint reply;          /* a command's: the place of its reply; 0 for none */
  gboolean used;        /* for who plays it */
} TalkEntry;

typedef struct
{
  GPtrArray *entries;   /* of TalkEntry; the first is none that counts */
  QmpVersion *version;  /* NULL if the file does not say */
} Talk;

Talk *talk_read (const char *path, GError **error);
void talk_free (Talk *talk);

static inline TalkEntry *
talk_get (Talk *talk, guint place)
{
  return g_ptr_array_index (talk->entries, place);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TalkWriter, talk_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Talk, talk_free)

G_END_DECLS
