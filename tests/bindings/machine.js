// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Machines from their start to their end, as JavaScript sees them.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Qmp from 'gi://Qmp?version=1.0';

import {equal, fails, runAll, test} from './harness.js';

Gio._promisify(Qmp.Connection, 'open_async', 'open_finish');
Gio._promisify(Qmp.Connection.prototype, 'query_status_async', 'query_status_finish');
Gio._promisify(Qmp.Launcher.prototype, 'launch_async', 'launch_finish');
Gio._promisify(Qmp.Machine, 'attach_async', 'attach_finish');
for (const name of ['start', 'pause', 'reset', 'shut_down', 'wait'])
    Gio._promisify(Qmp.Machine.prototype, `${name}_async`, `${name}_finish`);

// Boot sectors that write to a port and stand still: out dx, al; out dx, ax
const PANIC = [0xba, 0x05, 0x05, 0xb0, 0x01, 0xee];
const POWER_OFF = [0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef];

function newLauncher(more = []) {
    const launcher = Qmp.Launcher.new(GLib.getenv('QEMU') || 'qemu-system-x86_64');
    launcher.set_arguments(['-machine', 'pc', '-accel', 'tcg', '-m', '16', '-nodefaults', '-display', 'none', '-S', ...more]);
    return launcher;
}

async function launchCode(peer, code, more) {
    const sector = new Uint8Array(512);
    sector.set([...code, 0xf4, 0xeb, 0xfd]);
    sector.set([0x55, 0xaa], 510);
    GLib.file_set_contents(`${peer.folder}/boot.img`, sector);
    const launcher = newLauncher(more);
    launcher.append_option('drive', `if=ide,format=raw,snapshot=on,file=${peer.folder}/boot.img`);
    return await launcher.launch_async(null);
}

function told(machine, signal) {
    return new Promise(resolve => {
        const id = machine.connect(signal, (_machine, ...values) => {
            machine.disconnect(id);
            resolve(values);
        });
    });
}

async function stateOf(machine, state) {
    while (machine.run_state !== state)
        await told(machine, 'notify::run-state');
}

// The step that ends it, and all that were taken.
async function end(machine, properties = {}) {
    const steps = [];
    machine.connect('shutdown-step', (_machine, step) => steps.push(step));
    const step = await machine.shut_down_async(new Qmp.ShutdownOptions(properties), null);
    return [step, steps.join()];
}

test('its life', async () => {
    const machine = await newLauncher().launch_async(null);
    equal(machine.launched, true);
    equal(machine.run_state, Qmp.RunState.PRELAUNCH);
    equal(await machine.start_async(null), true);
    equal(machine.running, true);
    equal(await machine.pause_async(null), true);
    equal(machine.run_state, Qmp.RunState.PAUSED);
    const ended = told(machine, 'ended');
    // nobody is in there who would heed the power button
    const [step, steps] = await end(machine, {power_down_timeout: 50, power_down_interval: 0});
    equal(step, Qmp.ShutdownStep.QUIT);
    equal(steps, '1,2');
    await ended;
    equal(machine.alive, false);
    equal(machine.get_exit_status(), 0);
    equal(await machine.shut_down_async(null, null), Qmp.ShutdownStep.NONE);
});

test('reset', async () => {
    const machine = await newLauncher().launch_async(null);
    const reset = told(machine, 'guest-reset');
    equal(await machine.reset_async(null), true);
    const [cause] = await reset;
    equal(cause, Qmp.ShutdownCause.HOST_QMP_SYSTEM_RESET);
    equal(machine.shutdown_cause, cause);
    machine.kill();
    equal(await machine.wait_async(null), true);
    equal(machine.get_term_signal(), 9);
});

test('panic', async (_, peer) => {
    const machine = await launchCode(peer, PANIC, ['-device', 'pvpanic', '-action', 'panic=pause']);
    const panicked = told(machine, 'guest-panicked');
    await machine.start_async(null);
    const [action, information] = await panicked;
    equal(action, Qmp.GuestPanicAction.PAUSE);
    equal(information, null);
    equal(machine.panicked, true);
    equal(machine.panic_information, null);
    await stateOf(machine, Qmp.RunState.GUEST_PANICKED);
    const [step, steps] = await end(machine);
    equal(step, Qmp.ShutdownStep.QUIT);
    equal(steps, '2');
});

test('off, yet there', async (_, peer) => {
    const machine = await launchCode(peer, POWER_OFF, ['-no-shutdown']);
    const off = told(machine, 'guest-shutdown');
    await machine.start_async(null);
    const [cause] = await off;
    equal(cause, Qmp.ShutdownCause.GUEST_SHUTDOWN);
    await stateOf(machine, Qmp.RunState.SHUTDOWN);
    equal(machine.alive, true);
    await fails(machine.start_async(null), Qmp.Error, Qmp.Error.GENERIC);
    const [step, steps] = await end(machine);
    equal(step, Qmp.ShutdownStep.QUIT);
    equal(steps, '2');
});

test('attached', async (qemu, peer) => {
    qemu.close(null);
    const machine = await Qmp.Machine.attach_async(peer.address, null, null);
    equal(machine.launched, false);
    equal(machine.get_address(), peer.address);
    equal((await machine.connection.query_status_async(null)).running, true);
    const [step] = await end(machine, {power_down_timeout: 0});
    equal(step, Qmp.ShutdownStep.QUIT);
});

test('a QEMU that does not start', async () => {
    const launcher = newLauncher(['-device', 'no-such-device']);
    const error = await fails(launcher.launch_async(null), Qmp.Error, Qmp.Error.LAUNCH_FAILED);
    equal(error.message.includes('no-such-device'), true);
});

await runAll('START_QEMU', address => Qmp.Connection.open_async(address, null, null));
