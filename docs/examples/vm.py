# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: vm.py GUEST [QEMU]

Boots the guest of tools/guest/build, takes a snapshot with a progress bar, runs
a command in there, and has it shut itself down.
"""
import json
import os
import subprocess
import sys
import tempfile

import gi
gi.require_version('Qga', '1.0')
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qga, Qmp


def launch(guest, program, filename):
    """A machine with an agent, and a disk for the snapshot."""
    launcher = Qmp.Launcher.new(program)
    launcher.set_arguments([
        '-nodefaults', '-display', 'none', '-machine', 'pc', '-m', '192', '-kernel', f'{guest}/vmlinuz',
        '-initrd', f'{guest}/initrd', '-append', 'quiet panic=-1 rdinit=/bin/init'])
    file = Qmp.BlockdevOptionsFileBranch(filename=filename)
    launcher.append_struct('blockdev', Qmp.BlockdevOptionsQcow2Branch(node_name='disk', file=Qmp.BlockdevRef(definition=file)))
    launcher.append_option('device', 'virtio-blk-pci,drive=disk')
    launcher.set_agent(True)
    return launcher.launch(None)


def draw(job, _property=None):
    print(f'[{"#" * int(10 * job.props.fraction):10}]')


def take_snapshot(machine, loop):
    """Shows how far it is while it goes on."""
    def on_done(job, result):
        job.wait_finish(result)
        job.dismiss(None)
        loop.quit()

    request = Qmp.Request.new('snapshot-save')
    request.set_arguments_json(json.dumps({'job-id': 'save', 'tag': 'first', 'vmstate': 'disk', 'devices': ['disk']}))
    job = Qmp.Job.start(machine.props.connection, request, None, None)
    draw(job)
    job.connect('notify::fraction', draw)
    job.wait_async(None, on_done)
    loop.run()
    print('The snapshot is taken.')


def main(guest, program='qemu-system-x86_64'):
    with tempfile.TemporaryDirectory() as folder:
        filename = os.path.join(folder, 'disk.qcow2')
        subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', filename, '64M'], check=True)
        machine = launch(guest, program, filename)
        agent = Qga.Connection.open(machine.get_agent_address())
        _, output, _ = Qga.Process.spawn(agent, ['uname', '-s']).communicate_utf8()
        print(f'In there is {output.rstrip()}.')
        take_snapshot(machine, GLib.MainLoop())

        def on_power_down(_machine):
            agent.shutdown(Qga.ShutdownMode.POWERDOWN)
            return True

        machine.connect('power-down', on_power_down)
        step = machine.shut_down(None, None)
        print('It has shut itself down.' if step == Qmp.ShutdownStep.POWER_DOWN else 'It had to be shut down.')


main(*sys.argv[1:])
