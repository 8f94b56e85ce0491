/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: devices QEMU IMAGE
 *
 * Plugs a disk in and out, changes a medium, and measures a guest. */

async void use_disk (Qmp.Connection qemu, string filename) throws Error
{
    var image = new Qmp.BlockdevOptionsFileBranch () { filename = filename, node_name = "data" };
    yield qemu.plug_disk_async (image, "usb-storage", new Qmp.DeviceAddArguments () { id = "disk1" });
    print ("The disk is plugged in.\n");
    yield qemu.unplug_disk_async ("disk1", "data");
    print ("It is gone.\n");
}

async void use_drive (Qmp.Connection qemu, string filename) throws Error
{
    var medium = new Qmp.BlockdevOptionsFileBranch () { filename = filename, node_name = "tools", read_only = true };
    yield qemu.change_medium_async ("cd0", medium);
    print ("The medium is in the drive.\n");
    yield qemu.eject_medium_async ("cd0");
    print ("It is out.\n");
}

async void run (string program, string filename) throws Error
{
    var launcher = new Qmp.Launcher (program);
    launcher.set_arguments ({ "-machine", "pc", "-nodefaults", "-display", "none",
                              "-device", "qemu-xhci", "-device", "ide-cd,id=cd0" });

    var machine = yield launcher.launch_async ();
    yield use_disk (machine.connection, filename);
    yield use_drive (machine.connection, filename);

    var info = yield machine.connection.measure_dirty_rate_async (1);
    print ("The guest writes %lld MiB/s.\n", info.dirty_rate);
}

async int main (string[] args)
{
    if (args.length != 3) {
        printerr ("usage: devices QEMU IMAGE\n");
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
