/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: powerdown ADDRESS
 *
 * Presses the machine's power button, and waits until QEMU has ended. */

async void power_down (string address) throws Error
{
    var qemu = yield Qmp.Connection.open_async (address, null, null);
    var has_ended = false;
    Error? problem = null;
    SourceFunc? resume = null;

    /* before the command: an event often comes before the reply */
    qemu.event["POWERDOWN"].connect ((event) => print ("%s\n", event.get_name ()));
    qemu.event["SHUTDOWN"].connect ((event) => print ("%s\n", event.get_name ()));
    qemu.closed.connect ((error) => {
        has_ended = true;
        problem = error;
        if (resume != null)
            resume ();
    });

    yield qemu.execute_json_async ("system_powerdown", null, null);
    if (!has_ended) {
        resume = power_down.callback;
        yield;
    }
    if (problem != null)
        throw problem;
    print ("QEMU has ended\n");
}

int main (string[] args)
{
    var loop = new MainLoop ();
    var exit_status = 0;

    power_down.begin (args.length > 1 ? args[1] : "unix:qmp.sock", (source, result) => {
        try {
            power_down.end (result);
        } catch (Error error) {
            printerr ("%s\n", error.message);
            exit_status = 1;
        }
        loop.quit ();
    });
    loop.run ();
    return exit_status;
}
