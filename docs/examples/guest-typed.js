// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m guest-typed.js ADDRESS
//
// Says which system a guest runs, and which addresses it has.
import Gio from 'gi://Gio';
import Qga from 'gi://Qga?version=1.0';

Gio._promisify(Qga.Connection, 'open_async', 'open_finish');
for (const call of ['guest_get_osinfo', 'guest_network_get_interfaces'])
    Gio._promisify(Qga.Connection.prototype, `${call}_async`, `${call}_finish`);

const agent = await Qga.Connection.open_async(ARGV[0] ?? 'unix:agent.sock', null, null);

const system = await agent.guest_get_osinfo_async(null);
print(`system: ${system.pretty_name ?? 'unknown'}`);

for (const network of await agent.guest_network_get_interfaces_async(null)) {
    for (const address of network.get_ip_addresses() ?? [])
        print(`${network.name}: ${address.ip_address}`);
}
