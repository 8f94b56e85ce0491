// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m events.js ADDRESS
//
// Prints events as they come, until QEMU shuts down.
import Qmp from 'gi://Qmp?version=1.0';

const qemu = await Qmp.Connection.open_async(ARGV[0] ?? 'unix:qmp.sock');
const events = qemu.events();
print('Waiting for events');

for await (const event of events) {
    print(event.name, JSON.stringify(event.data));
    if (event.name === 'SHUTDOWN')
        break;
}
