# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: machine.py [QEMU]

Starts a machine, has it stand still, and shuts it down.
"""
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp

loop = GLib.MainLoop()


def on_running(machine, _property):
    print('It runs.' if machine.props.running else 'It stands still.')
    # nobody is in there who would heed the power button
    options = Qmp.ShutdownOptions(power_down_timeout=500)
    machine.shut_down_async(options, None, on_shut_down)


def on_step(_machine, step):
    print('The guest is asked.' if step == Qmp.ShutdownStep.POWER_DOWN else 'QEMU is told.')


def on_shut_down(machine, result):
    machine.shut_down_finish(result)
    print(f'It ended with status {machine.get_exit_status()}.')
    loop.quit()


launcher = Qmp.Launcher.new(sys.argv[1] if len(sys.argv) > 1 else 'qemu-system-x86_64')
launcher.set_arguments(['-machine', 'q35', '-nodefaults', '-display', 'none'])

machine = launcher.launch(None)
print('It runs.' if machine.props.running else 'It stands still.')
machine.connect('notify::running', on_running)
machine.connect('shutdown-step', on_step)
machine.connect('guest-panicked', lambda _machine, action, _left: print(f'It has panicked: {action.value_nick}'))
machine.pause(None)
loop.run()
