// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m migration.js QEMU SOCKET
//
// Starts a machine, and moves it from one QEMU to another.
import Gio from 'gi://Gio';
import Qmp from 'gi://Qmp?version=1.0';

Gio._promisify(Qmp.Launcher.prototype, 'launch_async', 'launch_finish');
for (const call of ['start', 'receive', 'attach'])
    Gio._promisify(Qmp.Migration, `${call}_async`, `${call}_finish`);
Gio._promisify(Qmp.Migration.prototype, 'wait_async', 'wait_finish');

const [program, socket] = ARGV;
const uri = `unix:${socket}`;
const launcher = Qmp.Launcher.new(program);
launcher.set_arguments(['-machine', 'pc', '-nodefaults', '-display', 'none']);
const here = await launcher.launch_async(null);
launcher.append_option('incoming', 'defer');
const there = await launcher.launch_async(null);

const incoming = await Qmp.Migration.receive_async(there.connection, uri, null, null);
const migration = await Qmp.Migration.start_async(here.connection, uri, null, null);
await migration.wait_async(null);
print('It has left.');
await incoming.wait_async(null);
print('It has arrived.');

// as another program would, or this one after a crash
const same = await Qmp.Migration.attach_async(here.connection, null);
print(`${100 * same.fraction} % of it is done.`);
