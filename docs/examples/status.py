# SPDX-License-Identifier: LGPL-2.1-or-later
import asyncio
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp


async def main(address='unix:qmp.sock'):
    async with Qmp.Connection.open_async(address) as qemu:
        status = await qemu.query_status_async()
        print(status.get_status_text())  # status.get_running() is True or False


try:
    asyncio.run(main(*sys.argv[1:]))
except GLib.Error as error:
    sys.exit(error.message)
