# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Both libraries under asyncio, with their overrides.
import asyncio
import gc
import os
import sys
import threading
import weakref

import gi

gi.require_version('Qga', '1.0')
gi.require_version('Qmp', '1.0')
from gi.repository import Gio, GLib, Qga, Qmp  # noqa: E402

from harness import Peer, equal, run_all, test  # noqa: E402

OPERATIONS = 2000


def run(body):
    """A test that is a coroutine, in a loop of its own."""
    def with_loop(address, emulator):
        asyncio.run(body(address, emulator))
    with_loop.__name__ = body.__name__
    return test(with_loop)


async def fails(code, awaitable, domain=Qmp.error_quark()):
    try:
        value = await awaitable
    except GLib.Error as error:
        if not error.matches(domain, code):
            raise
        return error
    raise AssertionError(f'expected a failure, found {value!r}')


@run
async def calls(address, emulator):
    qemu = await Qmp.Connection.open_async(address)
    assert (await qemu.query_status_async()).get_running()
    equal((await qemu.call_async('query-status'))['status'], 'running')
    equal(await qemu.call_async('qom-get', {'path': '/machine/unattached/system[0]', 'property': 'size'}), 2**64 - 1)
    await qemu.blockdev_add_async({'driver': 'null-co', 'node-name': 'a'})
    equal(len(await qemu.query_named_block_nodes_async()), 1)
    equal(len(await qemu.call_async('query-yank', out_of_band=True)), 1)
    await fails(Qmp.Error.DEVICE_NOT_ACTIVE, qemu.set_balloon_async(1))
    both = await asyncio.gather(qemu.query_status_async(), qemu.query_version_async())
    equal(both[1].get_qemu().get_major() >= 7, True)
    # blocking calls work here, too
    assert qemu.query_status().get_running()
    await qemu.close_async()


@run
async def errors(address, emulator):
    async with Qmp.Connection.open_async(address) as qemu:
        error = await fails(Qmp.Error.COMMAND_NOT_FOUND, qemu.call_async('make-coffee'))
        equal(Qmp.Error.get_class_name(error), 'CommandNotFound')
        await fails(Qmp.Error.DEVICE_NOT_FOUND, qemu.device_del_async('nobody'))
        try:
            await qemu.execute_json_async()
        except TypeError:
            pass
        else:
            raise AssertionError('it took no command')
    equal(qemu.props.state, Qmp.ConnectionState.CLOSED)
    await fails(Gio.IOErrorEnum.NOT_FOUND, Qmp.Connection.open_async(emulator.folder + '/nothing', {'retry': False}),
                Gio.io_error_quark())


@run
async def events(address, emulator):
    async with Qmp.Connection.open_async(address) as qemu:
        watch = qemu.events('STOP', 'SHUTDOWN')
        await qemu.stop_async()
        await qemu.quit_async()
        equal([(event.name, event.data) async for event in watch],
              [('STOP', {}), ('SHUTDOWN', {'guest': False, 'reason': 'host-qmp-quit'})])


def watches():
    return [found for found in gc.get_objects() if isinstance(found, Qmp.EventStream)]


@run
async def breaking_out_ends_the_watch(address, emulator):
    async with Qmp.Connection.open_async(address) as qemu:
        async def stop():
            await asyncio.sleep(0)
            await qemu.stop_async()

        stopping = asyncio.create_task(stop())
        async for event in qemu.events('STOP'):
            equal(event.name, 'STOP')
            equal(len(watches()), 1)
            break
        equal(watches(), [])
        await stopping


@run
async def cancelling(address, emulator):
    async with Qmp.Connection.open_async(address) as qemu:
        watch = qemu.events('STOP')
        waiting = asyncio.create_task(anext(watch))
        await asyncio.sleep(0)
        waiting.cancel()
        try:
            await waiting
        except asyncio.CancelledError:
            pass
        else:
            raise AssertionError('it was not cancelled')
        # it took nothing with it
        await qemu.stop_async()
        equal((await anext(watch)).name, 'STOP')

        try:
            await asyncio.wait_for(anext(watch), 0.02)
        except asyncio.TimeoutError:
            pass
        else:
            raise AssertionError('nothing has happened')

        waiting = asyncio.create_task(anext(watch, 'the end'))
        await asyncio.sleep(0)
        watch.close()
        equal(await waiting, 'the end')
        equal([event async for event in watch], [])

        given = Gio.Cancellable()
        operation = qemu.query_status_async(given)
        given.cancel()
        await fails(Gio.IOErrorEnum.CANCELLED, operation, Gio.io_error_quark())
        await fails(Gio.IOErrorEnum.CANCELLED, qemu.query_status_async(cancellable=given), Gio.io_error_quark())
        # a cancellable of the caller's is not cancelled by a task
        shared = Gio.Cancellable()
        operation = qemu.query_status_async(shared)
        operation.cancel()
        await asyncio.wait([operation])
        equal(shared.is_cancelled(), False)
        assert (await qemu.query_status_async(shared)).get_running() is False


@run
async def an_opening_that_is_cancelled(address, emulator):
    opening = Qmp.Connection.open_async(emulator.folder + '/nothing')
    await asyncio.sleep(0.01)
    opening.cancel()
    await asyncio.wait([opening])
    assert opening.cancelled()


@run
async def a_sudden_end(address, emulator):
    qemu = await Qmp.Connection.open_async(address)
    watch = qemu.events()
    emulator.process.force_exit()
    await fails(Gio.IOErrorEnum.CLOSED, anext(watch), Gio.io_error_quark())


@run
async def signals_and_timers_of_glib(address, emulator):
    loop = asyncio.get_running_loop()
    async with Qmp.Connection.open_async(address) as qemu:
        stopped, ticked = loop.create_future(), loop.create_future()
        qemu.connect('event::STOP', lambda _, event: stopped.set_result(event.name))
        GLib.timeout_add(1, lambda: ticked.set_result('tick'))
        await qemu.stop_async()
        equal(await asyncio.gather(stopped, ticked), ['STOP', 'tick'])


@run
async def asyncio_of_its_own(address, emulator):
    """Timers, threads, pipes and processes are as they were."""
    async with Qmp.Connection.open_async(address) as qemu:
        process = await asyncio.create_subprocess_exec('echo', 'hello', stdout=asyncio.subprocess.PIPE)
        (output, _), status, value = await asyncio.gather(
            process.communicate(), qemu.query_status_async(), asyncio.to_thread(lambda: 42), )
        equal((output, status.get_running(), value), (b'hello\n', True, 42))
        loop = asyncio.get_running_loop()
        before = loop.time()
        await asyncio.sleep(0.02)
        assert loop.time() - before >= 0.02


@run
async def nothing_is_left(address, emulator):
    async with Qmp.Connection.open_async(address) as qemu:
        files = len(os.listdir('/proc/self/fd'))
        first = None
        for number in range(OPERATIONS):
            operation = qemu.query_status_async()
            if first is None:
                first = weakref.ref(operation)
            await operation
            if number == OPERATIONS // 2:
                gc.collect()
                middle = len(gc.get_objects())
        del operation
        gc.collect()
        equal(first(), None)
        assert len(gc.get_objects()) - middle < 100, len(gc.get_objects()) - middle
        equal(len(os.listdir('/proc/self/fd')), files)


@test
def one_loop_after_the_other(address, emulator):
    async def ask():
        async with Qmp.Connection.open_async(address) as qemu:
            return (await qemu.query_status_async()).get_running()

    files = None
    for _ in range(5):
        assert asyncio.run(ask())
        files = files or len(os.listdir('/proc/self/fd'))
    equal(len(os.listdir('/proc/self/fd')), files)


@test
def a_loop_in_another_thread(address, emulator):
    async def ask():
        async with Qmp.Connection.open_async(address) as qemu:
            return (await qemu.query_status_async()).get_running()

    results = []
    thread = threading.Thread(target=lambda: results.append(asyncio.run(ask())))
    thread.start()
    thread.join()
    equal(results, [True])


@run
async def machines(address, emulator):
    launcher = Qmp.Launcher.new(os.environ.get('QEMU') or 'qemu-system-x86_64')
    launcher.set_arguments(['-M', 'none', '-nodefaults', '-display', 'none'])
    try:
        async with launcher.launch_async() as machine:
            await machine.pause_async()
            equal((await machine.get_connection().call_async('query-status'))['running'], False)
            raise ValueError
    except ValueError:
        assert not machine.get_alive()


@run
async def agents(address, emulator):
    with Peer('START_AGENT') as guest:
        async with Qga.Connection.open_async(guest.address) as agent:
            equal(await agent.call_async('guest-sync', {'id': 2**63 - 1}), 2**63 - 1)
            assert (await agent.guest_get_osinfo_async()).get_kernel_release()
            process = await Qga.Process.spawn_async(agent, ['echo', 'hello'])
            equal((await process.communicate_utf8_async())[1], 'hello\n')
            error = await fails(Qga.Error.COMMAND_DISABLED, agent.guest_fstrim_async(), Qga.Error.quark())
            equal(Qga.Error.of(error), Qga.Error.COMMAND_DISABLED)
            equal(Qmp.Error.of(error), None)


@run
async def frozen_file_systems(address, emulator):
    """Thawed at the end of the block, whatever has happened in there."""
    with Peer('START_FREEZING_AGENT') as guest:
        async with Qga.Connection.open_async(guest.address) as agent:
            try:
                async with Qga.FreezeGuard.freeze_async(agent) as guard:
                    equal(guard.get_count(), 2)
                    equal(await Qga.FreezeGuard.query_async(agent), Qga.FreezeStatus.FROZEN)
                    raise ValueError
            except ValueError:
                assert guard.get_thawed()
            equal(await Qga.FreezeGuard.query_async(agent), Qga.FreezeStatus.THAWED)
            with Qga.FreezeGuard.freeze(agent):
                equal(Qga.FreezeGuard.query(agent), Qga.FreezeStatus.FROZEN)
            equal(Qga.FreezeGuard.query(agent), Qga.FreezeStatus.THAWED)


sys.exit(run_all('START_QEMU', lambda address: address))
