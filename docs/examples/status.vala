/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: status ADDRESS
 *
 * Says whether a machine runs. */

async void print_status (string address) throws Error
{
    var qemu = yield Qmp.Connection.open_async (address);
    var status = yield qemu.query_status_async ();

    print ("%s\n", status.get_status_text ());
}

async int main (string[] args)
{
    try {
        yield print_status (args.length > 1 ? args[1] : "unix:qmp.sock");
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
