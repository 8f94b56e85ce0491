// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m events.js ADDRESS
//
// Prints events as they come, until QEMU shuts down.
import Gio from 'gi://Gio';
import Qmp from 'gi://Qmp?version=1.0';

Gio._promisify(Qmp.Connection, 'open_async', 'open_finish');
Gio._promisify(Qmp.EventStream.prototype, 'next_async', 'next_finish');

const qemu = await Qmp.Connection.open_async(ARGV[0] ?? 'unix:qmp.sock', null, null);
const events = qemu.watch_events(null, 256);
print('Waiting for events');

let event;
do {
    event = await events.next_async(null);
    if (event)
        print(event.get_name(), event.get_data_json());
} while (event && event.get_name() !== 'SHUTDOWN');
