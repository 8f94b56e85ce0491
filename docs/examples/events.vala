/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: events ADDRESS
 *
 * Prints events as they come, until QEMU shuts down. */

async void print_events (string address) throws Error
{
    var qemu = yield Qmp.Connection.open_async (address, null, null);
    var events = qemu.watch_events (null, 256);
    print ("Waiting for events\n");

    Qmp.Event? event;
    while ((event = yield events.next_async (null)) != null) {
        print ("%s %s\n", event.get_name (), event.get_data_json ());
        if (event.get_name () == "SHUTDOWN")
            break;
    }
}

int main (string[] args)
{
    var loop = new MainLoop ();
    var exit_status = 0;

    print_events.begin (args.length > 1 ? args[1] : "unix:qmp.sock", (source, result) => {
        try {
            print_events.end (result);
        } catch (Error error) {
            printerr ("%s\n", error.message);
            exit_status = 1;
        }
        loop.quit ();
    });
    loop.run ();
    return exit_status;
}
