/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* What "qmpctl SOCKET call query-status" comes down to, with nothing around it:
 * to be measured against that, as a whole process. */

/* Until what has come since has a text in it. */
static int
wait_for (int fd, const char *text)
{
  char buffer[65536];
  size_t length = 0;

  for (;;)
    {
      ssize_t n = read (fd, buffer + length, sizeof buffer - 1 - length);

      if (n <= 0)
        return 0;
      length += (size_t) n;
      buffer[length] = '\0';
      if (strstr (buffer, text) != NULL)
        return puts (buffer) >= 0;
    }
}

static int
ask (int fd, const char *command, const char *answer)
{
  return write (fd, command, strlen (command)) == (ssize_t) strlen (command) && wait_for (fd, answer);
}

int
main (int argc, char **argv)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (argc != 2 || fd < 0 || strlen (argv[1]) >= sizeof address.sun_path)
    return 2;
  strcpy (address.sun_path, argv[1]);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) != 0 || !wait_for (fd, "\"QMP\""))
    return 1;
  return !ask (fd, "{\"execute\": \"qmp_capabilities\"}", "\"return\"") || !ask (fd, "{\"execute\": \"query-status\"}", "\"return\"");
}
