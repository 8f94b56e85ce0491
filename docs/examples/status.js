// SPDX-License-Identifier: LGPL-2.1-or-later
import Gio from 'gi://Gio';
import Qmp from 'gi://Qmp?version=1.0';

Gio._promisify(Qmp.Connection, 'open_async', 'open_finish');
Gio._promisify(Qmp.Connection.prototype, 'query_status_async', 'query_status_finish');

const qemu = await Qmp.Connection.open_async(ARGV[0] ?? 'unix:qmp.sock', null, null);
const status = await qemu.query_status_async(null);

print(status.get_status_text()); // status.running is true or false
