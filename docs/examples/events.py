# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: events.py ADDRESS

Prints events as they come, until QEMU shuts down.
"""
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp


class Watcher:
    def __init__(self, address):
        self.loop = GLib.MainLoop()
        self.problem = None
        Qmp.Connection.open_async(address, None, None, self.on_opened)

    def run(self):
        self.loop.run()
        return self.problem

    def on_opened(self, _source, result):
        try:
            self.qemu = Qmp.Connection.open_finish(result)
        except GLib.Error as error:
            self.finish(error.message)
            return
        events = self.qemu.watch_events(None, 256)
        events.next_async(None, self.on_next)
        print('Waiting for events', flush=True)

    def on_next(self, events, result):
        try:
            event = events.next_finish(result)
        except GLib.Error as error:
            self.finish(error.message)
            return
        if event is None:  # the connection has ended in order
            self.finish(None)
            return
        print(event.get_name(), event.get_data_json(), flush=True)
        if event.get_name() == 'SHUTDOWN':
            self.finish(None)
        else:
            events.next_async(None, self.on_next)

    def finish(self, problem):
        self.problem = problem
        self.loop.quit()


sys.exit(Watcher(sys.argv[1] if len(sys.argv) > 1 else 'unix:qmp.sock').run())
