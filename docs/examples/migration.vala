/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: migration QEMU SOCKET
 *
 * Starts a machine, and moves it from one QEMU to another. */

async void move (Qmp.Connection here, Qmp.Connection there, string uri) throws Error
{
    var incoming = yield Qmp.Migration.receive_async (there, uri);
    var migration = yield Qmp.Migration.start_async (here, uri);
    yield migration.wait_async ();
    print ("It has left.\n");
    yield incoming.wait_async ();
    print ("It has arrived.\n");
}

async void run (string program, string socket) throws Error
{
    var launcher = new Qmp.Launcher (program);
    launcher.set_arguments ({ "-machine", "pc", "-nodefaults", "-display", "none" });
    var here = yield launcher.launch_async ();
    launcher.append_option ("incoming", "defer");
    var there = yield launcher.launch_async ();

    yield move (here.connection, there.connection, "unix:" + socket);

    /* as another program would, or this one after a crash */
    var same = yield Qmp.Migration.attach_async (here.connection);
    print ("%.0f %% of it is done.\n", 100 * same.fraction);
}

async int main (string[] args)
{
    if (args.length != 3) {
        printerr ("usage: migration QEMU SOCKET\n");
        return 2;
    }
    try {
        yield run (args[1], args[2]);
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
