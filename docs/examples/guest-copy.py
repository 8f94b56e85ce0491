# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: guest-copy.py ADDRESS GUEST-FILE LOCAL-FILE

Copies a file out of a guest, and shows how far it is.
"""
import sys

import gi
gi.require_version('Qga', '1.0')
from gi.repository import Gio, GLib, Qga

MOST_BYTES = 100 * 1024 * 1024


def on_progress(current, total, _data):
    print(current, 'of', total, 'bytes')


try:
    agent = Qga.Connection.open(sys.argv[1])
    local = Gio.File.new_for_commandline_arg(sys.argv[3])
    agent.copy_from_guest(sys.argv[2], local, Gio.FileCopyFlags.OVERWRITE, MOST_BYTES, progress=on_progress)
except GLib.Error as error:
    sys.exit(error.message)
