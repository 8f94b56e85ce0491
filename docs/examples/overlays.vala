/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: overlays ADDRESS FILE
 *
 * Makes a block device of an image, takes an external snapshot of it, prints
 * what it is made of, and merges the overlay down again. */

async void add_image (Qmp.Connection qemu, string filename) throws Error
{
    var file = new Qmp.BlockdevOptionsFileBranch () { filename = filename };
    var below = new Qmp.BlockdevRef.for_definition (file);

    yield qemu.blockdev_add_async (new Qmp.BlockdevOptionsRawBranch () { node_name = "image", file = below });
}

async void run (string address, string path) throws Error
{
    var qemu = yield Qmp.Connection.open_async (address);

    yield add_image (qemu, path);
    var snapshot = new Qmp.ExternalSnapshot ();
    snapshot.add_disk ("image", path + "-1");
    string[] overlays = yield snapshot.take_async (qemu);

    string[] formats = {};
    foreach (var node in yield qemu.list_chain_async (overlays[0]))
        formats += node.drv;
    print ("%s\n", string.joinv (" on ", formats));

    print ("merged into %s\n", yield qemu.commit_overlay_async (overlays[0]));
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
