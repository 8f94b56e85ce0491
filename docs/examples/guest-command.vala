/* SPDX-License-Identifier: LGPL-2.1-or-later */
async int main (string[] args)
{
    string output, error_output;

    try {
        var agent = yield Qga.Connection.open_async (args[1] ?? "unix:agent.sock");
        var process = yield Qga.Process.spawn_async (agent, { "uname", "-a" });

        yield process.communicate_utf8_async (null, out output, out error_output);
        print ("%s", output);
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
