# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: blocking.py ADDRESS

Prints the status, stops the machine, lets it go on, and prints the events that
say so: no main loop, one step after the other.
"""
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp


def run(qemu, command, event_name):
    """Runs a command that has no arguments, and waits for an event."""
    events = qemu.watch_events([event_name], 16)
    events.set_timeout(10000)
    qemu.execute_json(command, None, None)
    event = events.next(None)
    if event is None:
        sys.exit('The connection has ended')
    print(f'{command}: {event.get_name()}')


address = sys.argv[1] if len(sys.argv) > 1 else 'unix:qmp.sock'
try:
    qemu = Qmp.Connection.open(address)
    print(qemu.query_status().get_status_text())

    run(qemu, 'stop', 'STOP')
    run(qemu, 'cont', 'RESUME')
except GLib.Error as error:
    sys.exit(error.message)
