// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m guest-copy.js ADDRESS GUEST-FILE LOCAL-FILE
//
// Copies a file out of a guest, and shows how far it is.
import Gio from 'gi://Gio';
import Qga from 'gi://Qga?version=1.0';

const MOST_BYTES = 100 * 1024 * 1024;

const [address, path, name] = ARGV;
const agent = await Qga.Connection.open_async(address);
const local = Gio.File.new_for_commandline_arg(name);
await agent.copy_from_guest_async(path, local, Gio.FileCopyFlags.OVERWRITE, MOST_BYTES,
    (current, total) => print(`${current} of ${total} bytes`));
