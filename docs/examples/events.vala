/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: events ADDRESS
 *
 * Prints events as they come, until QEMU shuts down. */

async void print_events (string address) throws Error
{
    var qemu = yield Qmp.Connection.open_async (address);
    var events = qemu.watch_events ();
    print ("Waiting for events\n");

    Qmp.Event? event;
    while ((event = yield events.next_async ()) != null) {
        print ("%s %s\n", event.get_name (), event.get_data_json ());
        if (event.get_name () == "SHUTDOWN")
            break;
    }
}

async int main (string[] args)
{
    try {
        yield print_events (args.length > 1 ? args[1] : "unix:qmp.sock");
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
