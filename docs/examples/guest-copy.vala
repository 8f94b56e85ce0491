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

async int main (string[] args)
{
    if (args.length != 4) {
        printerr ("usage: guest-copy ADDRESS GUEST-FILE LOCAL-FILE\n");
        return 2;
    }
    try {
        yield copy (args[1], args[2], File.new_for_commandline_arg (args[3]));
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
