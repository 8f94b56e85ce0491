/* SPDX-License-Identifier: LGPL-2.1-or-later */

async void print_status (string address) throws Error
{
    var qemu = yield Qmp.Connection.open_async (address);
    var status = yield qemu.query_status_async ();

    print ("%s\n", status.get_status_text ());
}

int main (string[] args)
{
    var loop = new MainLoop ();
    var exit_status = 0;

    print_status.begin (args.length > 1 ? args[1] : "unix:qmp.sock", (source, result) => {
        try {
            print_status.end (result);
        } catch (Error error) {
            printerr ("%s\n", error.message);
            exit_status = 1;
        }
        loop.quit ();
    });
    loop.run ();
    return exit_status;
}
