# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: machine.py [QEMU]

Starts a machine, has it stand still, and shuts it down.
"""
import asyncio
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp


def on_running(machine, _property=None):
    print('It runs.' if machine.props.running else 'It stands still.')


def on_step(_machine, step):
    print('The guest is asked.' if step == Qmp.ShutdownStep.POWER_DOWN else 'QEMU is told.')


async def main(program='qemu-system-x86_64'):
    launcher = Qmp.Launcher.new(program)
    launcher.set_arguments(['-machine', 'q35', '-nodefaults', '-display', 'none'])

    # whatever happens in there, the machine is gone at its end
    async with launcher.launch_async() as machine:
        machine.connect('notify::running', on_running)
        machine.connect('guest-panicked', lambda _machine, action, _left: print(f'It has panicked: {action.value_nick}'))
        on_running(machine)
        await machine.pause_async()

        machine.connect('shutdown-step', on_step)
        # nobody is in there who would heed the power button
        await machine.shut_down_async({'power_down_timeout': 500})
        print(f'It ended with status {machine.get_exit_status()}.')


try:
    asyncio.run(main(*sys.argv[1:]))
except GLib.Error as error:
    sys.exit(error.message)
