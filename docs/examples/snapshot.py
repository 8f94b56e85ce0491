# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: snapshot.py ADDRESS

Saves a whole machine in its image, the qcow2 node “disk”, with a progress bar,
and brings the machine back to that.
"""
import asyncio
import json
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp


def draw(job, _property=None):
    print(f'[{"#" * int(10 * job.get_fraction()):10}]')


async def save(qemu):
    request = Qmp.Request.new('snapshot-save')
    request.set_arguments_json(json.dumps({'job-id': 'save', 'tag': 'before', 'vmstate': 'disk', 'devices': ['disk']}))
    job = await Qmp.Job.start_async(qemu, request)
    job.connect('notify::fraction', draw)
    draw(job)
    await job.wait_async()
    await job.dismiss_async()
    print('The snapshot is taken.')


async def main(address='unix:qmp.sock'):
    async with Qmp.Connection.open_async(address) as qemu:
        await save(qemu)
        for snapshot in await qemu.list_snapshots_async('disk'):
            print('The image has:', snapshot.get_name())
        await qemu.load_snapshot_async('before', 'disk', ['disk'])
        print('The machine is back.')


try:
    asyncio.run(main(*sys.argv[1:]))
except GLib.Error as error:
    sys.exit(error.message)
