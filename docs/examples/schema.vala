/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: schema ADDRESS
 *
 * Asks what a QEMU can do, and has it judge a call before it is sent. */

int main (string[] args)
{
    Qmp.Schema schema;
    try {
        var qemu = Qmp.Connection.open (args.length > 1 ? args[1] : "unix:qmp.sock");
        schema = qemu.load_schema ();
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
    try {
        schema.check_arguments_json ("blockdev-add", """{"driver":"raw","file":{"drver":"null-co"}}""");
    } catch (Error error) {
        print ("%s\n", error.message);
    }
    print ("blockdev-add: %s\n", schema.has_argument ("blockdev-add", "file.driver") ? "yes" : "no");
    print ("make-coffee: %s\n", schema.has_command ("make-coffee") ? "yes" : "no");
    return 0;
}
