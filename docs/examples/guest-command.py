# SPDX-License-Identifier: LGPL-2.1-or-later
import sys

import gi
gi.require_version('Qga', '1.0')
from gi.repository import GLib, Qga

try:
    agent = Qga.Connection.open(sys.argv[1] if len(sys.argv) > 1 else 'unix:agent.sock')
    process = Qga.Process.spawn(agent, ['uname', '-a'])
    _, output, error_output = process.communicate_utf8()
except GLib.Error as error:
    sys.exit(error.message)
print(output, end='')  # process.get_exit_status() is 0
