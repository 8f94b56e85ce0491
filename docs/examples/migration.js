// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m migration.js QEMU SOCKET
//
// Starts a machine, and moves it from one QEMU to another.
import Qmp from 'gi://Qmp?version=1.0';

const [program, socket] = ARGV;
const uri = `unix:${socket}`;
const launcher = Qmp.Launcher.new(program);
launcher.set_arguments(['-machine', 'pc', '-nodefaults', '-display', 'none']);
const here = await launcher.launch_async();
launcher.append_option('incoming', 'defer');
const there = await launcher.launch_async();

const incoming = await Qmp.Migration.receive_async(there.connection, uri);
const migration = await Qmp.Migration.start_async(here.connection, uri);
await migration.wait_async();
print('It has left.');
await incoming.wait_async();
print('It has arrived.');

// as another program would, or this one after a crash
const same = await Qmp.Migration.attach_async(here.connection);
print(`${100 * same.fraction} % of it is done.`);
