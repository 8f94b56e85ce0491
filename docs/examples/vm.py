# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: vm.py GUEST [QEMU]

Boots the guest of tools/guest/build, runs a command in there, and has it shut
itself down.
"""
import sys

import gi
gi.require_version('Qga', '1.0')
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qga, Qmp


def run(machine):
    agent = Qga.Connection.open(machine.get_agent_address())
    _, output, _ = Qga.Process.spawn(agent, ['uname', '-s']).communicate_utf8()
    print(f'In there is {output.rstrip()}.')

    def on_power_down(_machine):
        """Asks the guest by its agent; without this, by the power button."""
        agent.shutdown(Qga.ShutdownMode.POWERDOWN)
        return True

    machine.connect('power-down', on_power_down)
    step = machine.shut_down()
    print('It has shut itself down.' if step == Qmp.ShutdownStep.POWER_DOWN else 'It had to be shut down.')


def main(guest, program='qemu-system-x86_64'):
    launcher = Qmp.Launcher.new(program)
    launcher.set_arguments([
        '-nodefaults', '-display', 'none', '-machine', 'pc', '-m', '192', '-kernel', f'{guest}/vmlinuz',
        '-initrd', f'{guest}/initrd', '-append', 'quiet panic=-1 rdinit=/bin/init'])
    launcher.set_agent(True)

    # whatever happens in there, the machine is gone at its end
    with launcher.launch() as machine:
        run(machine)


if len(sys.argv) < 2:
    sys.exit('usage: vm.py GUEST [QEMU]')
try:
    main(*sys.argv[1:])
except GLib.Error as error:
    sys.exit(error.message)
