/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: vm GUEST [QEMU]
 *
 * Boots the guest of tools/guest/build, runs a command in there, and has it
 * shut itself down. */

async void run_command (Qga.Connection agent) throws Error
{
    string output;
    var process = yield Qga.Process.spawn_async (agent, { "uname", "-s" });

    yield process.communicate_utf8_async (null, out output, null);
    print ("In there is %s.\n", output.chomp ());
}

async void run (string guest, string program) throws Error
{
    var launcher = new Qmp.Launcher (program) { agent = true };
    launcher.set_arguments ({ "-nodefaults", "-display", "none", "-machine", "pc", "-m", "192",
                              "-kernel", guest + "/vmlinuz", "-initrd", guest + "/initrd",
                              "-append", "quiet panic=-1 rdinit=/bin/init" });

    var machine = yield launcher.launch_async ();
    var agent = yield Qga.Connection.open_async (machine.get_agent_address ());
    yield run_command (agent);

    /* by its agent; without this, by the power button */
    machine.power_down.connect (() => {
        agent.shutdown_async.begin (Qga.ShutdownMode.POWERDOWN);
        return true;
    });
    var step = yield machine.shut_down_async ();
    print (step == Qmp.ShutdownStep.POWER_DOWN ? "It has shut itself down.\n" : "It had to be shut down.\n");
}

async int main (string[] args)
{
    if (args.length < 2) {
        printerr ("usage: vm GUEST [QEMU]\n");
        return 2;
    }
    try {
        yield run (args[1], args.length > 2 ? args[2] : "qemu-system-x86_64");
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
