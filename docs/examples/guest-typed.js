// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m guest-typed.js ADDRESS
//
// Says which system a guest runs, and which addresses it has.
import Qga from 'gi://Qga?version=1.0';

const agent = await Qga.Connection.open_async(ARGV[0] ?? 'unix:agent.sock');

const system = await agent.guest_get_osinfo_async();
print(`system: ${system.pretty_name ?? 'unknown'}`);

for (const network of await agent.guest_network_get_interfaces_async()) {
    for (const address of network.get_ip_addresses() ?? [])
        print(`${network.name}: ${address.ip_address}`);
}
