// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m errors.js ADDRESS
//
// Runs a command that QEMU does not have, and tells that error from others.
import Qmp from 'gi://Qmp?version=1.0';

const qemu = await Qmp.Connection.open_async(ARGV[0] ?? 'unix:qmp.sock');

try {
    await qemu.call('make-coffee');
} catch (error) {
    if (!error.matches(Qmp.Error, Qmp.Error.COMMAND_NOT_FOUND))
        throw error;
    print(`${error.command}: QEMU has no such command`);
}
