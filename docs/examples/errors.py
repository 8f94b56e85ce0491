# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: errors.py ADDRESS

Runs a command that QEMU does not have, and tells that error from others.
"""
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp

try:
    qemu = Qmp.Connection.open(sys.argv[1] if len(sys.argv) > 1 else 'unix:qmp.sock')
    qemu.call('make-coffee')
except GLib.Error as error:
    if Qmp.Error.of(error) != Qmp.Error.COMMAND_NOT_FOUND:
        sys.exit(error.message)
    print('make-coffee: QEMU has no such command')
