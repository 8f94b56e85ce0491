/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: guest-file ADDRESS PATH
 *
 * Writes a file in a guest, and reads it again line by line. */

async void write_file (Qga.Connection agent, string path, string text) throws Error
{
    var file = yield Qga.File.open_async (agent, path, Qga.FileMode.WRITE);

    yield file.output_stream.write_all_async (text.data, Priority.DEFAULT, null, null);
    /* only now is it known whether the guest had room for it */
    yield file.close_async ();
}

async void print_file (Qga.Connection agent, string path) throws Error
{
    var file = yield Qga.File.open_async (agent, path, Qga.FileMode.READ);
    var lines = new DataInputStream (file.input_stream);

    string? line;
    while ((line = yield lines.read_line_async ()) != null)
        print ("%s\n", line);
}

async void show (string address, string path) throws Error
{
    var agent = yield Qga.Connection.open_async (address);

    yield write_file (agent, path, "Hello\nfrom the host\n");
    yield print_file (agent, path);
}

async int main (string[] args)
{
    if (args.length != 3) {
        printerr ("usage: guest-file ADDRESS PATH\n");
        return 2;
    }
    try {
        yield show (args[1], args[2]);
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
