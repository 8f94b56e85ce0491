# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: server.py

Tests a function that drives QEMU, without QEMU.
"""
import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp


def toggle(qemu):
    """What is to be tested: stops a machine that runs, and lets one run that does not."""
    if qemu.query_status().get_running():
        qemu.stop()
    else:
        qemu.cont()


def on_stop(server, call):
    """The machine that is not there."""
    print('It asked:', call.get_command())
    server.set_result_json('query-status', '{"status": "paused", "running": false}')
    server.emit_event_json('STOP', None)
    return call.return_json('{}')


server = Qmp.Server.new_threaded()
server.set_result_json('query-status', '{"status": "running", "running": true}')
server.set_error('cont', 'GenericError', 'Resetting the Virtual Machine is required')
server.connect('command::stop', on_stop)

qemu = Qmp.Connection.open_stream(server.open_stream(), None, None)
events = qemu.watch_events(None, 10)

toggle(qemu)
print('It was told:', events.next(None).get_name())

try:
    toggle(qemu)
except GLib.Error as error:
    print('It failed:', error.message)
