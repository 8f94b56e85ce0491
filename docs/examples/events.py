# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: events.py ADDRESS

Prints events as they come, until QEMU shuts down.
"""
import asyncio
import json
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp


async def main(address='unix:qmp.sock'):
    async with Qmp.Connection.open_async(address) as qemu:
        events = qemu.events()
        print('Waiting for events', flush=True)

        async for event in events:
            print(event.name, json.dumps(event.data), flush=True)
            if event.name == 'SHUTDOWN':
                break


try:
    asyncio.run(main(*sys.argv[1:]))
except GLib.Error as error:
    sys.exit(error.message)
