// SPDX-License-Identifier: LGPL-2.1-or-later
import Qmp from 'gi://Qmp?version=1.0';

const qemu = await Qmp.Connection.open_async(ARGV[0] ?? 'unix:qmp.sock');
const status = await qemu.query_status_async();

print(status.get_status_text()); // status.running is true or false
