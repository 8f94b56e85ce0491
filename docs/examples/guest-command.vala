/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: guest-command ADDRESS
 *
 * Runs a command in a guest, and shows what it wrote. */

async void run_command (string address) throws Error
{
    string output, error_output;
    var agent = yield Qga.Connection.open_async (address);
    var process = yield Qga.Process.spawn_async (agent, { "uname", "-a" });

    yield process.communicate_utf8_async (null, out output, out error_output);
    print ("%s", output);
}

async int main (string[] args)
{
    try {
        yield run_command (args.length > 1 ? args[1] : "unix:agent.sock");
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
