/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: typed ADDRESS IMAGE
 *
 * Gives QEMU a qcow2 image, and prints the block devices that it has then. */

void show_devices (string address, string image) throws Error
{
    var qemu = Qmp.Connection.open (address);

    qemu.blockdev_add (new Qmp.BlockdevOptionsQcow2Branch () {
        node_name = "disk0",
        read_only = true,
        file = new Qmp.BlockdevRef.for_definition (new Qmp.BlockdevOptionsFileBranch () { filename = image })
    });

    foreach (var device in qemu.query_named_block_nodes ()) {
        if (!device.node_name.has_prefix ("#"))  // those are QEMU's own
            print ("%s: %s, %lld bytes%s\n", device.node_name, device.drv, device.image.virtual_size,
                   device.ro ? ", read-only" : "");
    }
}

int main (string[] args)
{
    if (args.length != 3) {
        printerr ("usage: typed ADDRESS IMAGE\n");
        return 2;
    }
    try {
        show_devices (args[1], args[2]);
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
    return 0;
}
