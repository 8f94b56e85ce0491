/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: machine [QEMU]
 *
 * Starts a machine, has it stand still, and shuts it down. */

async void run_machine (string program) throws Error
{
    var launcher = new Qmp.Launcher (program);
    launcher.set_arguments ({ "-machine", "q35", "-nodefaults", "-display", "none" });

    var machine = yield launcher.launch_async ();
    print (machine.running ? "It runs.\n" : "It stands still.\n");
    machine.notify["running"].connect (() => print (machine.running ? "It runs.\n" : "It stands still.\n"));
    yield machine.pause_async ();

    machine.shutdown_step.connect ((step) => {
        print (step == Qmp.ShutdownStep.POWER_DOWN ? "The guest is asked.\n" : "QEMU is told.\n");
    });
    /* nobody is in there who would heed the power button */
    var options = new Qmp.ShutdownOptions () { power_down_timeout = 500 };
    yield machine.shut_down_async (options);
    print ("It ended with status %d.\n", machine.get_exit_status ());
}

async int main (string[] args)
{
    try {
        yield run_machine (args.length > 1 ? args[1] : "qemu-system-x86_64");
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
