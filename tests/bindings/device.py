# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Devices plugged and unplugged, as Python sees it.
import sys

import gi

gi.require_version('Qmp', '1.0')
from gi.repository import Gio, Qmp  # noqa: E402

from harness import Peer, equal, fails, run_all, run_until, test, wait  # noqa: E402


def start_machine():
    """Nobody in there heeds: it stands still."""
    return Peer('START_QEMU', '-M', 'pc', '-S', '-device', 'ide-cd,id=cd0')


@test
def disk(_, peer):
    node = Qmp.BlockdevOptionsNullCoBranch(node_name='node0', size=4096)
    with start_machine() as machine:
        qemu = Qmp.Connection.open(machine.address)
        assert qemu.plug_disk(node, 'virtio-blk-pci', Qmp.DeviceAddArguments(id='disk0'))
        equal(len(qemu.query_named_block_nodes()), 1)

        hasty = Qmp.UnplugOptions(timeout=20, interval=5)
        error = fails(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT, qemu.unplug_disk, 'disk0', 'node0', hasty)
        assert 'still there' in error.message

        results = []
        qemu.unplug_disk_async('disk0', 'node0', None, None, lambda _, result: results.append(result))
        assert qemu.system_reset()
        run_until(lambda: results)
        assert qemu.unplug_disk_finish(results[0])
        equal(len(qemu.query_named_block_nodes()), 0)


@test
def nobody(_, peer):
    with start_machine() as machine:
        qemu = Qmp.Connection.open(machine.address)
        fails(Qmp.error_quark(), Qmp.Error.DEVICE_NOT_FOUND, qemu.unplug_device, 'nobody')


@test
def medium(_, peer):
    with start_machine() as machine:
        qemu = Qmp.Connection.open(machine.address)

        def inside():
            drive, = [drive for drive in qemu.query_block() if drive.get_qdev() == 'cd0']
            return drive.get_inserted() and drive.get_inserted().get_node_name()

        disc = Qmp.BlockdevOptionsNullCoBranch(node_name='first', size=4096, read_only=True)
        assert qemu.change_medium('cd0', disc)
        equal(inside(), 'first')
        disc.props.node_name = 'second'
        _, result = wait(qemu.change_medium_async, 'cd0', disc, Qmp.MediumOptions(keep_node=True), None)
        assert qemu.change_medium_finish(result)
        equal(inside(), 'second')
        equal(len(qemu.query_named_block_nodes()), 2)
        assert qemu.eject_medium('cd0')
        equal(inside(), None)
        disc.unset_node_name()
        fails(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT, qemu.change_medium, 'cd0', disc)


@test
def memory(_, peer):
    with start_machine() as machine:
        qemu = Qmp.Connection.open(machine.address)
        equal(qemu.measure_dirty_rate(1).get_status(), Qmp.DirtyRateStatus.MEASURED)
        fails(Qmp.error_quark(), Qmp.Error.DEVICE_NOT_ACTIVE, qemu.set_balloon, 8 << 20, 1000)


sys.exit(run_all('START_QEMU', Qmp.Connection.open))
