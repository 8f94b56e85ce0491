// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m machine.js [QEMU]
//
// Starts a machine, has it stand still, and shuts it down.
import Qmp from 'gi://Qmp?version=1.0';

const launcher = Qmp.Launcher.new(ARGV[0] ?? 'qemu-system-x86_64');
launcher.set_arguments(['-machine', 'q35', '-nodefaults', '-display', 'none']);

const machine = await launcher.launch_async();
print(machine.running ? 'It runs.' : 'It stands still.');
machine.connect('notify::running', () => print(machine.running ? 'It runs.' : 'It stands still.'));
machine.connect('guest-panicked', (_machine, action) => print(`It has panicked: ${action}`));
await machine.pause_async();

machine.connect('shutdown-step', (_machine, step) => {
    print(step === Qmp.ShutdownStep.POWER_DOWN ? 'The guest is asked.' : 'QEMU is told.');
});
// nobody is in there who would heed the power button
const options = new Qmp.ShutdownOptions({power_down_timeout: 500});
await machine.shut_down_async(options);
print(`It ended with status ${machine.get_exit_status()}.`);
