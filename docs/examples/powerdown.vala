/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: powerdown ADDRESS
 *
 * Presses the machine's power button, and waits until QEMU has ended. */

async void power_down (string address) throws Error
{
    var qemu = yield Qmp.Connection.open_async (address);
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

    yield qemu.execute_json_async ("system_powerdown");
    if (!has_ended) {
        resume = power_down.callback;
        yield;
    }
    if (problem != null)
        throw problem;
    print ("QEMU has ended\n");
}

async int main (string[] args)
{
    try {
        yield power_down (args.length > 1 ? args[1] : "unix:qmp.sock");
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
