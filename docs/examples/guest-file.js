// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m guest-file.js ADDRESS PATH
//
// Writes a file in a guest, and reads it again line by line.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Qga from 'gi://Qga?version=1.0';

Gio._promisify(Gio.IOStream.prototype, 'close_async', 'close_finish');
Gio._promisify(Gio.OutputStream.prototype, 'write_all_async', 'write_all_finish');
Gio._promisify(Gio.DataInputStream.prototype, 'read_line_async', 'read_line_finish_utf8');

const [address, path] = ARGV;
const agent = await Qga.Connection.open_async(address);

const file = await Qga.File.open_async(agent, path, Qga.FileMode.WRITE);
const bytes = new TextEncoder().encode('Hello\nfrom the host\n');
await file.get_output_stream().write_all_async(bytes, GLib.PRIORITY_DEFAULT, null);
// only now is it known whether the guest had room for it
await file.close_async(GLib.PRIORITY_DEFAULT, null);

const copy = await Qga.File.open_async(agent, path, Qga.FileMode.READ);
const lines = new Gio.DataInputStream({baseStream: copy.get_input_stream()});
for (;;) {
    const [line] = await lines.read_line_async(GLib.PRIORITY_DEFAULT, null);
    if (line === null)
        break;
    print(line);
}
