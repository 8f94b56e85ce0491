/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: typed ADDRESS FILE
 *
 * Makes a block device of an image, lists what block devices there are, ends
 * QEMU, and says why it has ended. */

async void add_image (Qmp.Connection qemu, string filename) throws Error
{
    var file = new Qmp.BlockdevOptionsFileBranch () { filename = filename };
    var below = new Qmp.BlockdevRef.for_definition (file);

    yield qemu.blockdev_add_async (new Qmp.BlockdevOptionsRawBranch () { node_name = "image", file = below });
}

async void print_nodes (Qmp.Connection qemu) throws Error
{
    foreach (var node in yield qemu.query_named_block_nodes_async ())
        print ("%s: %s, %lld bytes\n", node.node_name, node.drv, node.image.virtual_size);
}

async void end_machine (Qmp.Connection qemu) throws Error
{
    var events = qemu.watch_events ({ "SHUTDOWN" }, 1);

    yield qemu.quit_async ();
    var event = yield events.next_async ();
    var data = event.to_struct () as Qmp.ShutdownEvent;
    if (data.reason == Qmp.ShutdownCause.HOST_QMP_QUIT)
        print ("The end: %s\n", data.get_reason_text ());
}

async void run (string address, string filename) throws Error
{
    var qemu = yield Qmp.Connection.open_async (address);

    yield add_image (qemu, filename);
    yield print_nodes (qemu);
    yield end_machine (qemu);
}

async int main (string[] args)
{
    try {
        yield run (args.length > 1 ? args[1] : "unix:qmp.sock", args.length > 2 ? args[2] : "image");
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
