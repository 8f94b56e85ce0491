# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A tool on a terminal: what somebody would see there, and type.
import fcntl
import os
import pty
import re
import select
import subprocess
import termios
import time

from harness import LONGEST, equal


class Terminal:
    """A tool that thinks somebody sits there.  `text` is what it has written since
    the last expect (), but for bells; `all` all of it, in bytes."""

    def __init__(self, tool, *words, **env):
        self.text, self.all = '', b''
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(tool.command(*words), stdin=slave, stdout=slave, stderr=slave,
                                        start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
                                        env={**os.environ, 'TERM': 'xterm', 'NO_COLOR': '1', 'INPUTRC': '/dev/null', **env})
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.master)

    def type(self, text):
        os.write(self.master, text.encode())

    @property
    def echoes(self):
        """Whether what is typed is shown."""
        return bool(termios.tcgetattr(self.master)[3] & termios.ECHO)

    def read(self):
        """False at the end."""
        ready, _, _ = select.select([self.master], [], [], 0.1)
        if not ready:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            data = b''
        self.all += data
        self.text += data.decode(errors='replace').replace('\a', '')
        return data != b''

    def expect(self, pattern):
        """Reads until that has come, and gives what came before it."""
        end = time.monotonic() + LONGEST
        while True:
            found = re.search(re.escape(pattern) if isinstance(pattern, str) else pattern, self.text)
            if found:
                before = self.text[:found.start()]
                self.text = self.text[found.end():]
                return before
            if not self.read() or time.monotonic() > end:
                raise AssertionError(f'expected {pattern!r} in {self.text!r}')

    def ends(self, status):
        """Reads to the end, and gives the rest."""
        end = time.monotonic() + LONGEST
        while self.read():
            if time.monotonic() > end:
                raise AssertionError(f'it does not end: {self.text!r}')
        equal(self.process.wait(LONGEST), status)
        return self.text


def run_in_terminal(command, env):
    """What it writes to a terminal that changes no line ends."""
    master, terminal = pty.openpty()
    attributes = termios.tcgetattr(terminal)
    attributes[1] &= ~termios.OPOST
    termios.tcsetattr(terminal, termios.TCSANOW, attributes)
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal, env={**os.environ, **env})
    os.close(terminal)
    found = b''
    try:
        while chunk := os.read(master, 65536):
            found += chunk
    except OSError:
        pass  # the other end is closed
    os.close(master)
    return process.wait(timeout=LONGEST), found.decode()
