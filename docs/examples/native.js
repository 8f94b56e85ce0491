// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m native.js ADDRESS
//
// Runs commands with plain values in and out, prints events as they come, and
// tells which error it was.
import Qmp from 'gi://Qmp?version=1.0';

const qemu = await Qmp.Connection.open_async(ARGV[0] ?? 'unix:qmp.sock', {timeout: 10000});

const {running} = await qemu.call('query-status');
print(running ? 'It runs.' : 'It stands still.');

await qemu.blockdev_add_async({driver: 'null-co', 'node-name': 'disk', size: 2n ** 60n});
const nodes = await qemu.call('query-named-block-nodes', {flat: true}, {timeout: 5000});
const size = nodes[0].image['virtual-size'];
print(`${size} bytes, as a ${typeof size}`);

const events = qemu.events('STOP', 'RESUME', {timeout: 10000});
await qemu.stop_async();
await qemu.cont_async();
for await (const event of events) {
    print(event.name);
    if (event.name === 'RESUME')
        break;
}

try {
    await qemu.call('blockdev-del', {'node-name': 'nothing'});
} catch (error) {
    if (!(error instanceof Qmp.Error))
        throw error;
    print(`${error.command}: ${error.className}`);
}
