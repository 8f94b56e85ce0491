/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mock/mock-agent.h"

#include "wire/wire-document.h"

G_BEGIN_DECLS

/* One thing to do: a command, or an error to own up to. */
typedef struct
{
  MockAgentCommand *command;  /* or NULL */
  char *complaint;
} MockInput;

/* Bytes to say: `left` of them, taken from `bytes` again and again. */
typedef struct
{
  GBytes *bytes;
  gsize at;
  gsize left;
} MockChunk;

/* A long answer. */
typedef struct
{
  char *before;
  char *filler;
  gsize size;
  char *after;
} MockLength;

/* So many replies are spoilt. */
typedef struct
{
  guint fault;                /* MockAgentFault + 1 */
  guint n_times;
} MockSpoil;

/* One command that it knows. */
typedef struct
{
  char *name;
  gboolean disabled;
  gboolean no_response;
  gboolean held;
  guint n_silent;
  MockAgentAnswer answer;
  gpointer data;
  char *body;                 /* as mock_agent_return() makes it; before the function */
  MockLength *length;         /* before both */
  GQueue once;                /* of bodies; before all */
  GQueue spoils;              /* of MockSpoil */
  GQueue prefaces;            /* of GBytes */
} MockSkill;

struct _MockAgent
{
  int fd;
  int client_fd;              /* until it is given away; or -1 */
  int wake_fd;
  GThread *thread;
  GRecMutex lock;
  int n_wanting;              /* atomic: threads that wait for the lock */
  GSList *waiting;            /* contexts that something is awaited in */

  /* directions */
  gboolean leaving;
  gboolean stalled;
  gboolean hangs_up;
  gboolean stops_writing;
  gboolean absent;
  MockAgentAbsence absence;
  guint n_absent_syncs;
  gsize piece;

  /* the line */
  GString *unread;
  WireScanner scanner;
  gboolean recovering;
  gboolean client_gone;
  GQueue inputs;              /* of MockInput */
  GQueue chunks;              /* of MockChunk */
  guint64 n_said;
  guint n_spins;

  /* what was heard */
  GPtrArray *commands;        /* of MockAgentCommand */
  MockAgentCommand *open_sync;
  MockAgentCommand *open_command;
  guint n_out_of_sync;
  guint n_overlapping;
  guint n_nonsense;

  /* what it is */
  char *version;
  gboolean refuses_ids;
  GPtrArray *skills;          /* of MockSkill */
  gboolean frozen;
  guint n_filesystems;

  GHashTable *programs;       /* path → Program */
  GHashTable *processes;      /* pid → Process */
  gint64 last_pid;

  GHashTable *files;          /* path → GByteArray */
  GHashTable *handles;        /* handle → Handle */
  gint64 last_handle;
  MockFileFaults file_faults;
};

void mock_agent_lock (MockAgent *self);
void mock_agent_unlock (MockAgent *self);
void mock_agent_wake (MockAgent *self);

/* the line */
gboolean mock_agent_is_sync (const MockAgentCommand *command);
void mock_agent_scan (MockAgent *self);
void mock_agent_push (MockAgent *self, const void *bytes, gsize length, gsize size);
gboolean mock_agent_say_some (MockAgent *self);
gboolean mock_agent_hear_some (MockAgent *self);
gboolean mock_agent_is_untaken (MockAgent *self);
void mock_agent_forget_line (MockAgent *self);
void mock_agent_free_command (gpointer data);
void mock_agent_free_input (gpointer data);

/* the answers */
void mock_agent_init_skills (MockAgent *self);
void mock_agent_free_skill (gpointer data);
MockSkill *mock_agent_find_skill (MockAgent *self, const char *name);
MockSkill *mock_agent_need_skill (MockAgent *self, const char *name);
gboolean mock_agent_is_old (MockAgent *self);
gboolean mock_agent_do_next (MockAgent *self);
void mock_agent_say_reply (MockAgent *self, MockAgentCommand *command, const char *body);

/* the fakes */
void mock_agent_init_exec (MockAgent *self);
void mock_agent_init_files (MockAgent *self);
void mock_agent_init_freeze (MockAgent *self);
gboolean mock_agent_is_allowed_when_frozen (const char *name);
gboolean mock_agent_get_integer (const MockAgentCommand *command, const char *name, gint64 *number);
const char *mock_agent_get_string (const MockAgentCommand *command, const char *name);

G_END_DECLS
