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

int main (string[] args)
{
    var loop = new MainLoop ();
    var exit_status = 0;

    run_command.begin (args.length > 1 ? args[1] : "unix:agent.sock", (source, result) => {
        try {
            run_command.end (result);
        } catch (Error error) {
            printerr ("%s\n", error.message);
            exit_status = 1;
        }
        loop.quit ();
    });
    loop.run ();
    return exit_status;
}
