// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m powerdown.js ADDRESS
//
// Presses the machine's power button, and waits until QEMU has ended.
import Qmp from 'gi://Qmp?version=1.0';

const qemu = await Qmp.Connection.open_async(ARGV[0] ?? 'unix:qmp.sock');

// before the command: an event often comes before the reply
for (const name of ['POWERDOWN', 'SHUTDOWN'])
    qemu.connect(`event::${name}`, (_qemu, event) => print(event.name));
const closed = new Promise((resolve, reject) => {
    qemu.connect('closed', (_qemu, error) => error ? reject(error) : resolve());
});

await qemu.system_powerdown_async();
await closed;
print('QEMU has ended');
