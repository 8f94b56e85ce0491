# SPDX-License-Identifier: LGPL-2.1-or-later
#
# QEMU's objects, the guest's screen and its keyboard as Python sees them.
import sys

import gi

gi.require_version('Qmp', '1.0')
from gi.repository import Gio, Qmp  # noqa: E402

from harness import Peer, equal, fails, run_all, test, wait  # noqa: E402

MACHINE = ['-M', 'pc', '-S', '-device', 'VGA,id=vga', '-object', 'memory-backend-ram,id=ram,size=1M']


def with_machine(body):
    def run(_, peer):
        with Peer('START_QEMU', *MACHINE) as machine:
            body(Qmp.Connection.open(machine.address))
    run.__name__ = body.__name__
    return test(run)


@with_machine
def tree(qemu):
    root = Qmp.QomNode.new(qemu, '/')
    _, result = wait(root.load_async, None)
    assert root.load_finish(result)
    assert 'machine' in [child.props.name for child in root]
    vga = Qmp.QomNode.new(qemu, '/machine/peripheral/vga')
    assert vga.load()
    equal(vga.props.type_name, 'VGA')
    equal(vga.find_property('hotplugged').props.type, 'bool')
    assert 'vgamem_mb' in [info.props.name for info in vga.get_properties()]
    equal(vga.read('hotplugged').to_json(), 'false')
    bus = vga.follow('parent_bus')
    assert bus.load()
    equal(bus.props.type_name, 'PCI')


@with_machine
def write(qemu):
    ram = Qmp.QomNode.new(qemu, '/objects/ram')
    assert ram.write('merge', 'false')
    equal(ram.read('merge').to_json(), 'false')
    fails(Qmp.error_quark(), Qmp.Error.GENERIC, ram.write, 'merge', '7')


@with_machine
def screenshot(qemu):
    _, result = wait(qemu.take_screenshot_async, None, 0, None)
    shot = qemu.take_screenshot_finish(result)
    equal(shot.props.format, Qmp.ImageFormat.PNG)
    assert shot.props.width > 0 and shot.props.height > 0
    equal(shot.props.bytes.get_data()[1:4], b'PNG')
    equal(qemu.take_screenshot('vga', 0).props.width, shot.props.width)


@with_machine
def text(qemu):
    error = fails(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT, qemu.type_text, 'Grüße', -1)
    assert 'ü' in error.message
    assert qemu.cont()
    assert qemu.type_text('Hi!\n', -1)
    assert qemu.click(Qmp.InputButton.LEFT)


sys.exit(run_all('START_QEMU', Qmp.Connection.open))
