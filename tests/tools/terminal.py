# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import pty
import subprocess
import termios

from harness import LONGEST


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
