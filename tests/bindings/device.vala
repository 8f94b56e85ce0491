/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Devices and media, as Vala sees them. */

async void
test_disk (Qmp.Connection qemu) throws Error
{
  var node = new Qmp.BlockdevOptionsNullCoBranch () { node_name = "node0", size = 4096 };
  var disk = new Qmp.DeviceAddArguments () { id = "disk0" };
  check (yield qemu.plug_disk_async (node, "virtio-blk-pci", disk), "a disk");
  try
    {
      yield qemu.unplug_disk_async ("disk0", "node0", new Qmp.UnplugOptions () { timeout = 20, interval = 5 });
      check (false, "an error");
    }
  catch (IOError.TIMED_OUT e)
    {
      check ("still there" in e.message, "what is known");
    }
  /* a reset completes what the guest has not heeded */
  qemu.system_reset_async.begin (null);
  check (yield qemu.unplug_disk_async ("disk0", "node0"), "no disk");
}

async void
test_nobody (Qmp.Connection qemu) throws Error
{
  try
    {
      yield qemu.unplug_device_async ("nobody");
      check (false, "an error");
    }
  catch (Qmp.Error.DEVICE_NOT_FOUND e)
    {
    }
}

async string?
get_medium (Qmp.Connection qemu) throws Error
{
  foreach (var drive in yield qemu.query_block_async ())
    if (drive.qdev == "cd0")
      return drive.inserted != null ? drive.inserted.node_name : null;
  return "no drive";
}

async void
test_medium (Qmp.Connection qemu) throws Error
{
  var medium = new Qmp.BlockdevOptionsNullCoBranch () { node_name = "first", size = 4096, read_only = true };
  check (yield qemu.change_medium_async ("cd0", medium), "a medium");
  same (yield get_medium (qemu), "first");
  medium.node_name = "second";
  check (yield qemu.change_medium_async ("cd0", medium, new Qmp.MediumOptions () { force = true }), "another one");
  same (yield get_medium (qemu), "second");
  check (yield qemu.eject_medium_async ("cd0"), "none");
  same (yield get_medium (qemu), null);
}

async void
test_memory (Qmp.Connection qemu) throws Error
{
  var info = yield qemu.measure_dirty_rate_async (1);
  check (info.status == Qmp.DirtyRateStatus.MEASURED, "a result");
  try
    {
      yield qemu.set_balloon_async (8 * 1024 * 1024);
      check (false, "an error");
    }
  catch (Qmp.Error.DEVICE_NOT_ACTIVE e)
    {
    }
}

class DeviceSuite : Suite
{
  construct
  {
    starter = "START_QEMU";
    names = { "disk", "nobody", "medium", "memory" };
  }

  private async void run_on (string name, Qmp.Connection qemu) throws Error
  {
    switch (name)
      {
      case "disk": yield test_disk (qemu); break;
      case "nobody": yield test_nobody (qemu); break;
      case "medium": yield test_medium (qemu); break;
      case "memory": yield test_memory (qemu); break;
      default: throw new Failure.UNEXPECTED ("there is no test " + name);
      }
  }

  /* Nobody in there heeds: it stands still. */
  public override async void run_test (string name, Peer? peer) throws Error
  {
    var machine = new Peer (starter, { "-M", "pc", "-S", "-device", "ide-cd,id=cd0" });
    Error? reason = null;
    try
      {
        yield run_on (name, yield Qmp.Connection.open_async (machine.address, null));
      }
    catch (Error e)
      {
        reason = e;
      }
    yield machine.clean_up ();
    if (reason != null)
      throw reason;
  }
}

int
main ()
{
  return new DeviceSuite ().run ();
}
