/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: snapshot ADDRESS
 *
 * Saves a whole machine in its image, the qcow2 node “disk”, with a progress
 * bar, and brings the machine back to that. */

void draw (Qmp.Job job)
{
    print ("[%-10s]\n", string.nfill (int.max (0, (int) (10 * job.fraction)), '#'));
}

async void save (Qmp.Connection qemu) throws Error
{
    var request = new Qmp.Request ("snapshot-save");
    request.set_arguments_json ("""{"job-id": "save", "tag": "before", "vmstate": "disk", "devices": ["disk"]}""");

    var job = yield Qmp.Job.start_async (qemu, request);
    job.notify["fraction"].connect (() => draw (job));
    draw (job);
    yield job.wait_async ();
    yield job.dismiss_async ();
    print ("The snapshot is taken.\n");
}

async void run (string address) throws Error
{
    var qemu = yield Qmp.Connection.open_async (address);

    yield save (qemu);
    foreach (var snapshot in yield qemu.list_snapshots_async ("disk"))
        print ("The image has: %s\n", snapshot.name);
    yield qemu.load_snapshot_async ("before", "disk", { "disk" });
    print ("The machine is back.\n");
}

async int main (string[] args)
{
    try {
        yield run (args.length > 1 ? args[1] : "unix:qmp.sock");
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
