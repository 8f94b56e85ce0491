/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: errors ADDRESS
 *
 * Runs a command that QEMU does not have, and tells that error from others. */

int main (string[] args)
{
    try {
        var qemu = Qmp.Connection.open (args.length > 1 ? args[1] : "unix:qmp.sock");
        qemu.execute_json ("make-coffee");
    } catch (Qmp.Error.COMMAND_NOT_FOUND error) {
        print ("make-coffee: QEMU has no such command\n");
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
    printerr ("It worked\n");
    return 1;
}
