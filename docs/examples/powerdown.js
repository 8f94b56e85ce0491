// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m powerdown.js ADDRESS
//
// Presses the machine's power button, and waits until QEMU has ended.
import Gio from 'gi://Gio';
import Qmp from 'gi://Qmp?version=1.0';

Gio._promisify(Qmp.Connection, 'open_async', 'open_finish');
Gio._promisify(Qmp.Connection.prototype, 'execute_json_async', 'execute_json_finish');

const qemu = await Qmp.Connection.open_async(ARGV[0] ?? 'unix:qmp.sock', null, null);

// before the command: an event often comes before the reply
for (const name of ['POWERDOWN', 'SHUTDOWN'])
    qemu.connect(`event::${name}`, (_qemu, event) => print(event.get_name()));
const closed = new Promise((resolve, reject) => {
    qemu.connect('closed', (_qemu, error) => error ? reject(error) : resolve());
});

await qemu.execute_json_async('system_powerdown', null, null);
await closed;
print('QEMU has ended');
