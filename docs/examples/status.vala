/* SPDX-License-Identifier: LGPL-2.1-or-later */
async int main (string[] args)
{
    try {
        var qemu = yield Qmp.Connection.open_async (args[1] ?? "unix:qmp.sock");
        var status = yield qemu.query_status_async ();

        print ("%s\n", status.get_status_text ());
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
