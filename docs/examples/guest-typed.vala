/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: guest-typed ADDRESS
 *
 * Says which system a guest runs, and which addresses it has. */

async void print_system (string address) throws Error
{
    var agent = yield Qga.Connection.open_async (address);
    var system = yield agent.guest_get_osinfo_async ();

    print ("system: %s\n", system.pretty_name ?? "unknown");
    foreach (var network in yield agent.guest_network_get_interfaces_async ()) {
        var addresses = network.get_ip_addresses ();
        for (var i = 0; addresses != null && i < addresses.length; i++)
            print ("%s: %s\n", network.name, addresses[i].ip_address);
    }
}

async int main (string[] args)
{
    try {
        yield print_system (args.length > 1 ? args[1] : "unix:agent.sock");
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
