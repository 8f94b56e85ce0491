# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: powerdown.py ADDRESS

Presses the machine's power button, and waits until QEMU has ended.
"""
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp


class Button:
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
        # before the command: an event often comes before the reply
        self.qemu.connect('event::POWERDOWN', self.on_event)
        self.qemu.connect('event::SHUTDOWN', self.on_event)
        self.qemu.connect('closed', self.on_closed)
        self.qemu.execute_json_async('system_powerdown', None, None, self.on_pressed)

    def on_pressed(self, qemu, result):
        try:
            qemu.execute_json_finish(result)
        except GLib.Error as error:
            self.finish(error.message)

    def on_event(self, _qemu, event):
        print(event.get_name(), flush=True)

    def on_closed(self, _qemu, error):
        if error is None:
            print('QEMU has ended', flush=True)
        self.finish(error and error.message)

    def finish(self, problem):
        self.problem = problem
        self.loop.quit()


sys.exit(Button(sys.argv[1] if len(sys.argv) > 1 else 'unix:qmp.sock').run())
