/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "syscall-count.h"

#include "bench-fail.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A close() of this is no file: it marks where counting begins and ends. */
#define MARK (-4242)
#define OPTIONS                                                                             \
  (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL)

static void
run_traced (SyscallSetUp set_up, gpointer data, SyscallWork work, guint count)
{
  gpointer client;

  if (ptrace (PTRACE_TRACEME, 0, NULL, NULL) != 0)
    _exit (1);
  raise (SIGSTOP);
  client = set_up (data);
  work (client, 100);
  close (MARK);
  work (client, count);
  close (MARK);
  _exit (0);
}

/* Whether @pid enters a system call now, and whether that is the mark. */
static gboolean
enters_call (pid_t pid, gboolean *is_mark)
{
  struct __ptrace_syscall_info info;

  if (ptrace (PTRACE_GET_SYSCALL_INFO, pid, (void *) sizeof info, &info) <= 0 ||
      info.op != PTRACE_SYSCALL_INFO_ENTRY)
    return FALSE;
  *is_mark = info.entry.nr == SYS_close && (int) info.entry.args[0] == MARK;
  return TRUE;
}

double
syscall_count (SyscallSetUp set_up, gpointer data, SyscallWork work, guint count)
{
  guint n_calls = 0, n_marks = 0;
  int status = 0;
  pid_t child = fork (), pid;

  if (child == 0)
    run_traced (set_up, data, work, count);
  if (child < 0 || waitpid (child, &status, 0) != child || !WIFSTOPPED (status))
    return -1;
  if (ptrace (PTRACE_SETOPTIONS, child, NULL, OPTIONS) != 0)
    return -1;
  ptrace (PTRACE_SYSCALL, child, NULL, NULL);

  while ((pid = waitpid (-1, &status, __WALL)) > 0)
    {
      gboolean is_mark = FALSE;
      int signal_number = 0;

      if (!WIFSTOPPED (status) && pid == child)
        break;
      if (!WIFSTOPPED (status))
        continue;
      if (WSTOPSIG (status) == (SIGTRAP | 0x80))
        {
          if (enters_call (pid, &is_mark) && n_marks == 1 && !is_mark)
            n_calls++;
          n_marks += is_mark;
        }
      else if (WSTOPSIG (status) != SIGTRAP && WSTOPSIG (status) != SIGSTOP)
        signal_number = WSTOPSIG (status);
      ptrace (PTRACE_SYSCALL, pid, NULL, signal_number);
    }
  if (n_marks != 2)
    bench_fail ("the traced process has failed");
  return (double) n_calls / count;
}
