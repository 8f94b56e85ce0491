/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: guest-copy ADDRESS GUEST-FILE LOCAL-FILE
 *
 * Copies a file out of a guest, and shows how far it is. */

const uint64 MOST_BYTES = 100 * 1024 * 1024;

async void copy (string address, string path, File local) throws Error
{
    var agent = yield Qga.Connection.open_async (address);

    yield agent.copy_from_guest_async (path, local, FileCopyFlags.OVERWRITE, MOST_BYTES, (current, total) => {
        print (@"$current of $total bytes\n");
    });
}

int main (string[] args)
{
    var loop = new MainLoop ();
    var exit_status = 0;

    copy.begin (args[1], args[2], File.new_for_commandline_arg (args[3]), (source, result) => {
        try {
            copy.end (result);
        } catch (Error error) {
            printerr ("%s\n", error.message);
            exit_status = 1;
        }
        loop.quit ();
    });
    loop.run ();
    return exit_status;
}
