// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m errors.js ADDRESS
//
// Runs a command that QEMU does not have, and tells that error from others.
import Gio from 'gi://Gio';
import Qmp from 'gi://Qmp?version=1.0';

Gio._promisify(Qmp.Connection, 'open_async', 'open_finish');
Gio._promisify(Qmp.Connection.prototype, 'execute_json_async', 'execute_json_finish');

const qemu = await Qmp.Connection.open_async(ARGV[0] ?? 'unix:qmp.sock', null, null);

try {
    await qemu.execute_json_async('make-coffee', null, null);
} catch (error) {
    if (!error.matches(Qmp.Error, Qmp.Error.COMMAND_NOT_FOUND))
        throw error;
    print(`${Qmp.Error.get_command(error)}: QEMU has no such command`);
}
