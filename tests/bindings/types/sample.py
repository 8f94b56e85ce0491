# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Never run: what a type checker is to accept, and what it is to refuse.
import asyncio

from gi.repository import Gio, GLib, Qga, Qmp


async def control(address: str) -> int:
    async with Qmp.Connection.open_async(address, {'timeout': 5000}) as qemu:
        status = await qemu.query_status_async()
        print(status.get_running(), status.get_status() == Qmp.RunState.RUNNING, status.props.running)
        print(status.get_runing())  # type: ignore[attr-defined]

        await qemu.blockdev_add_async({'driver': 'raw', 'node-name': 'a', 'file': {'driver': 'null-co'}})
        await qemu.blockdev_add_async('a')  # type: ignore[call-overload]
        Qmp.BlockdevOptionsRawBranch(nodename='a')  # type: ignore[call-arg]

        nodes = await qemu.query_named_block_nodes_async()
        reply = await qemu.call_async('query-block', timeout=100, out_of_band=True, cancellable=Gio.Cancellable())
        print(reply[0]['device'])
        async for event in qemu.events('STOP', capacity=7):
            print(event.name, event.data['x'])
        print(qemu.events(capasity=7))  # type: ignore[call-arg]
        both = await asyncio.gather(qemu.query_status_async(), qemu.query_version_async())
        print(both[0].get_running(), both[1].get_qemu())
        image = nodes[0].get_image()
        return image.get_virtual_size() if image else 0


def look(address: str) -> str:
    try:
        with Qga.Connection.open(address) as agent:
            process = Qga.Process.spawn(agent, ['uname'])
            _, output, _ = process.communicate_utf8()
            print(agent.call('guest-info')['version'], agent.guest_get_time())
            return output
    except GLib.Error as error:
        if Qga.Error.of(error) == Qga.Error.COMMAND_DISABLED:
            return error.message
        raise


def omit(qemu: Qmp.Connection, request: Qmp.Request) -> None:
    print(qemu.watch_events().get_capacity(), qemu.take_screenshot(), Qmp.Job.run(qemu, request))
    qemu.type_text('a')
    qemu.type_text()  # type: ignore[call-arg]


def start() -> Qmp.ShutdownStep:
    launcher = Qmp.Launcher.new('qemu-system-x86_64')
    launcher.set_agent(True)
    machine = launcher.launch()
    with machine.get_connection().events('STOP') as events:
        print([event.timestamp for event in events], events.dropped)
    return machine.shut_down({'power_down_timeout': 10})
