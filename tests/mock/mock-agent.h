/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The far end of a connection to a guest agent: a thread that hears, does and
 * answers as qemu-ga does, one command after another, and every fault a guest
 * is capable of.
 *
 *   g_autoptr (MockAgent) agent = mock_agent_new ();
 *   mock_agent_answer (agent, "guest-get-host-name", "{\"host-name\":\"x\"}");
 *   … mock_agent_get_stream (agent) …
 *   mock_agent_await (agent, "guest-get-host-name", 1);
 *
 * Of itself it answers guest-sync, guest-sync-delimited, guest-ping,
 * guest-info, and what the fakes below are for; guest-shutdown and
 * guest-suspend-* are done without a word. A command that it lists and has no
 * answer to ends the test. All functions may be called at any time, from any
 * thread, and from an answer. */

typedef struct _MockAgent MockAgent;

/* What it heard. Lives as long as the agent. */
typedef struct
{
  char *name;
  char *id;               /* JSON text; NULL when there was none */
  char *arguments;        /* JSON text; NULL when there were none */
  char *text;             /* all of it */
  JsonObject *members;    /* the arguments; never NULL */
  gboolean answered;
} MockAgentCommand;

/* From its birth */
MockAgent *mock_agent_new (void);
MockAgent *mock_agent_new_for_fd (int fd);
void mock_agent_free (MockAgent *self);
GIOStream *mock_agent_get_stream (MockAgent *self);  /* the near end, once */
int mock_agent_steal_fd (MockAgent *self);           /* or as it is */

/* --- what it is ------------------------------------------------------------------- */

void mock_agent_set_version (MockAgent *self, const char *version);  /* "10.0.2"; before 10, refusals are in 7.2's words */
void mock_agent_set_echoes_ids (MockAgent *self, gboolean echoes);   /* FALSE: refuses them, as before 4.0 */
void mock_agent_disable (MockAgent *self, const char *name);
void mock_agent_enable (MockAgent *self, const char *name);
void mock_agent_remove (MockAgent *self, const char *name);          /* never heard of it */
void mock_agent_set_success_response (MockAgent *self, const char *name, gboolean responds);

/* --- what it answers ----------------------------------------------------------------- */

/* Whatever is given an answer is also listed. JSON is that of the `return`. */
void mock_agent_answer (MockAgent *self, const char *name, const char *json);
void mock_agent_refuse (MockAgent *self, const char *name, const char *class_name, const char *description);

/* Before any other answer, each of them once, in order. */
void mock_agent_answer_once (MockAgent *self, const char *name, const char *json);
void mock_agent_refuse_once (MockAgent *self, const char *name, const char *class_name, const char *description);

/* A function, called in the agent's thread. It returns what
 * mock_agent_return() or mock_agent_error() made, or NULL for silence. */
typedef char *(*MockAgentAnswer) (MockAgent *self, const MockAgentCommand *command, gpointer data);

void mock_agent_answer_with (MockAgent *self, const char *name, MockAgentAnswer answer, gpointer data);
char *mock_agent_return (const char *format, ...) G_GNUC_PRINTF (1, 2);
char *mock_agent_error (const char *class_name, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* An answer of `size` bytes of `filler` between two pieces of JSON; it is
 * never in memory as a whole. */
#define MOCK_AGENT_ENDLESS G_MAXSIZE

void mock_agent_answer_at_length (MockAgent *self, const char *name, const char *before, const char *filler, gsize size,
                                  const char *after);

/* --- what goes wrong ------------------------------------------------------------------- */

#define MOCK_AGENT_ALWAYS G_MAXUINT

/* Does what it is told, and its reply is lost. */
void mock_agent_stay_silent (MockAgent *self, const char *name, guint n_times);

/* Begins such a command, and is not done until it is released: nothing after
 * it is done, either. */
void mock_agent_hold (MockAgent *self, const char *name);
void mock_agent_release (MockAgent *self, const char *name);

/* For a sync, its id is the number that it returns. */
typedef enum
{
  MOCK_AGENT_WRONG_ID,
  MOCK_AGENT_PAST_ID,          /* of the one before it */
  MOCK_AGENT_NO_ID,
  MOCK_AGENT_OTHER_TYPE_OF_ID, /* "7" for 7 */
  MOCK_AGENT_DOUBLED,
  MOCK_AGENT_CUT,              /* the first half, and no end of line */
  MOCK_AGENT_NO_DELIMITER,     /* of a delimited sync */
} MockAgentFault;

void mock_agent_spoil (MockAgent *self, const char *name, MockAgentFault fault, guint n_times);

/* Raw: at once, or right before the next reply to such a command. */
void mock_agent_say (MockAgent *self, const char *text);
void mock_agent_say_bytes (MockAgent *self, const void *bytes, gsize length);
void mock_agent_say_before (MockAgent *self, const char *name, const char *text);

/* A reply to something heard before, whatever became of it. */
void mock_agent_say_return (MockAgent *self, const MockAgentCommand *command, const char *json);
void mock_agent_say_sync (MockAgent *self, guint n);  /* the reply to the n-th sync, from 1 */

/* All that is said from now on, in pieces: each when the one before was taken.
 * 0: as much at once as there is. */
void mock_agent_set_piece (MockAgent *self, gsize n_bytes);

/* An earlier client wrote this, and left. */
void mock_agent_hear (MockAgent *self, const char *text);

/* Nobody is there, for so many syncs or until it arrives: what is sent
 * meanwhile is lost, or kept and then answered all at once. */
typedef enum
{
  MOCK_AGENT_LOSES,
  MOCK_AGENT_KEEPS,
} MockAgentAbsence;

void mock_agent_be_absent (MockAgent *self, MockAgentAbsence absence, guint n_syncs);
void mock_agent_arrive (MockAgent *self);

/* Stops reading and doing; what is being said goes on. */
void mock_agent_stall (MockAgent *self);
void mock_agent_go_on (MockAgent *self);

/* The agent's process ends, and another starts: what it had read, was about
 * to say, its pids and its handles are forgotten, and count from the start
 * again. A frozen guest stays frozen, unless it reboots. */
void mock_agent_restart (MockAgent *self);
void mock_agent_reboot (MockAgent *self);

/* Once all was said. */
void mock_agent_hang_up (MockAgent *self);
void mock_agent_stop_writing (MockAgent *self);

/* --- what it heard ------------------------------------------------------------------------ */

/* Block, with the thread-default context running. Counted from 1; the name
 * NULL stands for any command, but syncs. */
void mock_agent_await (MockAgent *self, const char *name, guint n);
void mock_agent_await_syncs (MockAgent *self, guint n);
void mock_agent_await_said (MockAgent *self);  /* nothing is left to be done or said */
void mock_agent_await_end (MockAgent *self);   /* the client hung up */

const MockAgentCommand *mock_agent_get_command (MockAgent *self, const char *name, guint n);
const MockAgentCommand *mock_agent_get_sync (MockAgent *self, guint n);
guint mock_agent_count (MockAgent *self, const char *name);
guint mock_agent_count_syncs (MockAgent *self);

/* Of a client that keeps to the rules these are all 0: commands that came
 * while the newest sync had no answer; commands that came while the one
 * before had none, and no sync between them; bytes that were no command. */
guint mock_agent_count_out_of_sync (MockAgent *self);
guint mock_agent_count_overlapping (MockAgent *self);
guint mock_agent_count_nonsense (MockAgent *self);

guint64 mock_agent_count_bytes_said (MockAgent *self);

/* --- guest-exec ------------------------------------------------------------------------------- */

typedef struct
{
  guint n_polls;            /* how often it is found running; MOCK_AGENT_ALWAYS */
  int exit_code;
  guint signal;             /* in place of an exit code */
  const char *out;
  gsize out_length;         /* 0: up to the NUL */
  const char *err;
  gsize err_length;
  const char *out_base64;   /* as it is, in place of `out` */
  gboolean out_truncated;
  gboolean err_truncated;
  gboolean echoes;          /* its output is its input */
} MockProgram;

void mock_agent_add_program (MockAgent *self, const char *path, const MockProgram *program);
void mock_agent_end_programs (MockAgent *self);        /* the next poll finds them all exited */
guint mock_agent_count_processes (MockAgent *self);    /* whose end was not yet told */

/* --- guest-file-* ------------------------------------------------------------------------------ */

typedef struct
{
  gsize most_read;          /* bytes at once; 0: as asked */
  gsize most_written;
  gint64 lie;               /* added to each count, of reads and writes */
  gboolean junk;            /* base64 with what does not belong there */
  gboolean never_eof;
  gboolean early_eof;       /* said with the first read */
  guint n_empty_reads;      /* the first reads find nothing, and no end */
  gsize room;               /* bytes until the disk is full; 0: endless */
  gboolean fails_at_flush;
  gboolean fails_at_close;  /* the handle is gone nevertheless */
} MockFileFaults;

/* Or changes it, also for those who have it open. */
void mock_agent_add_file (MockAgent *self, const char *path, const void *bytes, gsize length);
GBytes *mock_agent_dup_file (MockAgent *self, const char *path);  /* NULL: there is none */
void mock_agent_spoil_files (MockAgent *self, const MockFileFaults *faults);
guint mock_agent_count_handles (MockAgent *self);                 /* that are open */

/* --- guest-fsfreeze-* ---------------------------------------------------------------------------- */

void mock_agent_set_frozen (MockAgent *self, gboolean frozen);
gboolean mock_agent_is_frozen (MockAgent *self);
void mock_agent_set_filesystems (MockAgent *self, guint n);       /* 2 */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MockAgent, mock_agent_free)

G_END_DECLS
