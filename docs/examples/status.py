# SPDX-License-Identifier: LGPL-2.1-or-later
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp


def on_opened(_source, result):
    try:
        qemu = Qmp.Connection.open_finish(result)
    except GLib.Error as error:
        finish(error)
        return
    qemu.query_status_async(None, on_status)


def on_status(qemu, result):
    try:
        status = qemu.query_status_finish(result)
    except GLib.Error as error:
        finish(error)
        return
    print(status.get_status_text())  # status.get_running() is True or False
    finish(None)


def finish(error):
    global problem
    problem = error
    loop.quit()


problem = None
loop = GLib.MainLoop()
address = sys.argv[1] if len(sys.argv) > 1 else 'unix:qmp.sock'
Qmp.Connection.open_async(address, None, None, on_opened)
loop.run()
if problem is not None:
    sys.exit(problem.message)
