/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Typed calls of both libraries as Vala sees them. */

delegate void Action () throws Error;

void
refused (Action action, Error kind, string what) throws Failure
{
  try
    {
      action ();
    }
  catch (Error e)
    {
      check (e.matches (kind.domain, kind.code), @"$(kind.message), not $(e.message)");
      check (what in e.message, @"$what in “$(e.message)”");
      return;
    }
  throw new Failure.UNEXPECTED ("expected: " + kind.message);
}

/* Waits for its end, by its events. */
async Qmp.JobStatusChangeEvent[]
run_job (Qmp.Connection qemu, string id, Qmp.BlockdevCreateOptions options) throws Error
{
  Qmp.JobStatusChangeEvent[] told = {};
  var changes = qemu.watch_events ({ "JOB_STATUS_CHANGE" }, 64);

  check (yield qemu.blockdev_create_async (id, options), "a job");
  while (told.length == 0 || told[told.length - 1].status != Qmp.JobStatus.CONCLUDED)
    {
      var event = yield changes.next_async (null);
      var change = event.to_struct () as Qmp.JobStatusChangeEvent;
      check (change != null, "a change");
      if (change.id == id)
        told += change;
    }
  check (yield qemu.job_dismiss_async (id), "the end of it");
  return told;
}

/* An image of 1 MiB. */
async Qmp.JobStatusChangeEvent[]
make_image (Qmp.Connection qemu, string filename) throws Error
{
  yield run_job (qemu, "file", new Qmp.BlockdevCreateOptionsFileBranch () { filename = filename, size = 0 });
  yield qemu.blockdev_add_async (new Qmp.BlockdevOptionsFileBranch () { node_name = "image", filename = filename });
  return yield run_job (qemu, "format", new Qmp.BlockdevCreateOptionsQcow2Branch () {
    file = new Qmp.BlockdevRef.for_reference ("image"),
    size = 1024 * 1024
  });
}

async void
test_status (Qmp.Connection qemu) throws Error
{
  var status = yield qemu.query_status_async ();
  check (status.running && status.get_running (), "a machine that runs");
  check (status.status == Qmp.RunState.RUNNING && status.get_status () == Qmp.RunState.RUNNING, "its state");
  same (status.get_status_text (), "running");
  same (parse (status.to_json ()).get_string_member ("status"), "running");
  check (yield qemu.stop_async (), "a stop");
  check (qemu.query_status ().status == Qmp.RunState.PAUSED, "a machine that has stopped");
  check ("paused" in qemu.human_monitor_command ("info status"), "the same in words");
}

async void
test_presence () throws Error
{
  string[] told = {};
  var options = new Qmp.BlockdevOptionsFileBranch () { filename = "/a", read_only = true };
  check (options.has_read_only () && !options.has_node_name (), "what was set");
  check (options.node_name == null && options.locking == Qmp.OnOffAuto.UNRECOGNIZED, "nothing else");
  options.notify.connect ((spec) => { told += spec.name; });
  options.unset_read_only ();
  options.set_filename (null);
  same (string.joinv (" ", told), "read-only filename");
  same (options.to_json (), "{\"driver\":\"file\"}");
}

async void
test_node_by_properties (Qmp.Connection qemu, Peer peer) throws Error
{
  var filename = peer.folder + "/disk.qcow2";
  yield make_image (qemu, filename);
  check (yield qemu.blockdev_add_async (new Qmp.BlockdevOptionsQcow2Branch () {
    node_name = "disk0",
    read_only = true,
    file = new Qmp.BlockdevRef.for_definition (new Qmp.BlockdevOptionsFileBranch () {
      filename = filename,
      locking = Qmp.OnOffAuto.OFF
    })
  }), "a node");

  Qmp.BlockDeviceInfo? disk = null;
  foreach (var node in yield qemu.query_named_block_nodes_async ())
    if (node.node_name == "disk0")
      disk = node;
  check (disk.ro && disk.detect_zeroes == Qmp.BlockdevDetectZeroesOptions.OFF, "its options");
  same (disk.drv, "qcow2");
  same (disk.image.filename, filename);
  check (disk.image.virtual_size == 1024 * 1024, "its size");
  var specific = disk.image.format_specific as Qmp.ImageInfoSpecificQcow2Branch;
  check (specific != null && specific.data.refcount_bits == 16, "what qcow2 alone has");
}

async void
test_node_by_setters (Qmp.Connection qemu, Peer peer) throws Error
{
  yield make_image (qemu, peer.folder + "/disk.qcow2");
  var options = new Qmp.BlockdevOptionsQcow2Branch ();
  options.set_node_name ("disk1");
  options.set_file (new Qmp.BlockdevRef.for_reference ("nothing"));
  options.set_discard (Qmp.BlockdevDiscardOptions.UNMAP);
  options.get_file ().set_reference ("image");
  same (options.to_json (), "{\"driver\":\"qcow2\",\"node-name\":\"disk1\",\"discard\":\"unmap\",\"file\":\"image\"}");
  check (qemu.blockdev_add (options), "a node");
  var nodes = qemu.query_named_block_nodes (new Qmp.QueryNamedBlockNodesArguments () { flat = true });
  check (nodes.length == 2, "two nodes");
  same (nodes[0].get_node_name (), "disk1");
  refused (() => qemu.blockdev_add (options), new Qmp.Error.GENERIC ("a refusal"), "disk1");
}

async void
test_devices_in_a_list () throws Error
{
  var machine = new Peer ("START_QEMU", { "-M", "pc", "-S" });
  var qemu = yield Qmp.Connection.open_async (machine.address);
  yield qemu.blockdev_add_async (new Qmp.BlockdevOptionsNullCoBranch () { node_name = "null", size = 4096 });
  var disk = new Qmp.DeviceAddArguments () { id = "disk" };
  check (disk.set_member_json ("drive", "\"null\""), "a member");
  same (disk.get_member_json ("drive"), "\"null\"");
  check (yield qemu.device_add_async ("virtio-blk-pci", disk), "a device");

  var store = new ListStore (typeof (Qmp.BlockInfo));
  foreach (var info in yield qemu.query_block_async ())
    store.append (info);
  check (store.get_n_items () == 1, "one device");
  var device = (Qmp.BlockInfo) store.get_item (0);
  same (device.inserted.node_name, "null");
  check (device.qdev.has_prefix ("/machine/peripheral/disk"), "its path");
  same (device.type, "unknown");
  same (device.get_type_member (), "unknown");
  refused (() => disk.set_member_json ("id", "\"other\""), new IOError.INVALID_ARGUMENT ("a refusal"), "id");
  yield machine.clean_up ();
}

async void
test_lists_of_objects (Qmp.Connection qemu) throws Error
{
  var a = new Qmp.BlockdevRef.for_reference ("a"), b = new Qmp.BlockdevRef.for_reference ("b");
  var store = new ListStore (typeof (Qmp.BlockdevRef));
  store.append (a);
  store.append (b);
  var options = new Qmp.BlockdevOptionsQuorumBranch () { vote_threshold = 1, children = store };
  same (options.to_json (), "{\"driver\":\"quorum\",\"children\":[\"a\",\"b\"],\"vote-threshold\":1}");
  check (options.children.get_n_items () == 2 && options.children.get_item (1) == b, "the same");
  options.set_children ({ b });
  check (options.get_children ().length == 1 && options.get_children ()[0] == b, "the other");
  options.children = null;
  check (!options.has_children () && options.get_children () == null, "none");
  check ((yield qemu.query_named_block_nodes_async ()).length == 0, "an empty list");
}

async void
test_transaction (Qmp.Connection qemu) throws Error
{
  Qmp.TransactionAction[] actions = {};
  string[] names = {};

  yield qemu.blockdev_add_async (new Qmp.BlockdevOptionsNullCoBranch () { node_name = "null" });
  foreach (var name in new string[] { "one", "two" })
    actions += new Qmp.TransactionActionBlockDirtyBitmapAddBranch () {
      data = new Qmp.BlockDirtyBitmapAdd () { node = "null", name = name }
    };
  check (yield qemu.transaction_async (actions), "a transaction");
  refused (() => qemu.transaction ({ new Qmp.TransactionActionAbortBranch () { data = new Qmp.Abort () } }),
           new Qmp.Error.GENERIC ("a refusal"), "abort");

  var nodes = yield qemu.query_named_block_nodes_async ();
  foreach (var bitmap in nodes[0].get_dirty_bitmaps ())
    names += bitmap.name;
  check ("one" in names && "two" in names && names.length == 2, "both bitmaps");
  check (nodes[0].dirty_bitmaps.get_item (1) is Qmp.BlockDirtyInfo, "a bitmap in a list");
}

async void
test_keys (Qmp.Connection qemu) throws Error
{
  Qmp.KeyValue[] keys = {
    new Qmp.KeyValueQcodeBranch () { data = Qmp.QKeyCode.CTRL },
    new Qmp.KeyValueQcodeBranch () { data = Qmp.QKeyCode.@1 }
  };
  same (keys[1].to_json (), "{\"type\":\"qcode\",\"data\":\"1\"}");
  check (yield qemu.send_key_async (keys, new Qmp.SendKeyArguments () { hold_time = 1 }), "keys");
  check (qemu.send_key (keys), "keys again");
}

async void
test_lists_of_integers (Qmp.Connection qemu) throws Error
{
  var memory = new Qmp.ObjectOptionsMemoryBackendRamBranch () { id = "memory", size = 1024 * 1024 };
  memory.set_host_nodes ({ 0, 65535 });
  memory.set_policy (Qmp.HostMemPolicy.PREFERRED);
  check (memory.get_host_nodes ().length == 2 && memory.get_host_nodes ()[1] == 65535, "both nodes");
  same (memory.host_nodes.print (false), "[0, 65535]");
  memory.host_nodes = new Variant.parsed ("[@t 3, %t]", (uint64) 65535);
  check (memory.get_host_nodes ()[1] == 65535, "the second node");
  memory.unset_host_nodes ();
  memory.unset_policy ();
  check (yield qemu.object_add_async (memory), "an object");
  var found = yield qemu.query_memdev_async ();
  same (found[0].id, "memory");
  check (found[0].get_host_nodes ().length == 0, "no nodes");
  check (found[0].policy == Qmp.HostMemPolicy.DEFAULT, "the default");
}

async void
test_wide_number (Qmp.Connection qemu) throws Error
{
  const string TEXT = "{\"max-bandwidth\":18446744073709551615}";
  var read = new Qmp.MigrateSetParameters.from_json (TEXT);
  check (read.max_bandwidth == uint64.MAX && read.get_max_bandwidth () == uint64.MAX, "all bits that were read");
  same (read.get_max_bandwidth_text (), "18446744073709551615");
  same (read.to_json (), TEXT);
  var parameters = new Qmp.MigrateSetParameters () { max_bandwidth = uint64.MAX };
  same (parameters.to_json (), TEXT);

  check (yield qemu.migrate_set_parameters_async (parameters), "parameters");
  check ((yield qemu.query_migrate_parameters_async ()).max_bandwidth == uint64.MAX, "all bits");
}

async void
test_unions () throws Error
{
  const string TEXT = "{\"driver\":\"punched-tape\",\"node-name\":\"tape\",\"width\":8}";
  var options = new Qmp.BlockdevOptions.from_json ("{\"driver\":\"qcow2\",\"file\":{\"driver\":\"file\",\"filename\":\"/a\"}}");
  var qcow2 = options as Qmp.BlockdevOptionsQcow2Branch;
  check (qcow2 != null && qcow2.driver == Qmp.BlockdevDriver.QCOW2, "a branch");
  var file = qcow2.file.definition as Qmp.BlockdevOptionsFileBranch;
  check (file != null && !qcow2.file.has_reference (), "a branch inside");
  same (file.to_blockdev_options_file ().filename, "/a");
  check (options.copy () is Qmp.BlockdevOptionsQcow2Branch, "a copy");

  var empty = new Qmp.YankInstance.from_json ("{\"type\":\"migration\"}");
  check (empty.get_type () == typeof (Qmp.YankInstance), "the union itself");
  check (empty.type == Qmp.YankInstanceType.MIGRATION, "its tag");

  var newer = new Qmp.BlockdevOptions.from_json (TEXT);
  check (newer.get_type () == typeof (Qmp.BlockdevOptions), "the union itself");
  check (newer.driver == Qmp.BlockdevDriver.UNRECOGNIZED, "an unknown tag");
  same (newer.get_driver_text (), "punched-tape");
  same (newer.node_name, "tape");
  same (newer.get_member_json ("width"), "8");
  same (newer.to_json (), TEXT);
}

async void
test_alternates () throws Error
{
  var reference = new Qmp.BlockdevRef.for_reference ("node");
  same (reference.to_json (), "\"node\"");
  check (!reference.has_definition (), "nothing else");
  same (new Qmp.BlockdevRef.for_definition (new Qmp.BlockdevOptionsNullCoBranch ()).to_json (), "{\"driver\":\"null-co\"}");
  var backing = new Qmp.BlockdevRefOrNull.for_reference ("node");
  backing.@null = true;
  check (!backing.has_reference (), "nothing else");
  same (backing.to_json (), new Qmp.BlockdevRefOrNull.for_null ().to_json ());
}

async void
test_event (Qmp.Connection qemu, Peer peer) throws Error
{
  Qmp.Event? stop = null;
  string[] told = {};
  qemu.event["STOP"].connect ((event) => { stop = event; });
  yield qemu.stop_async ();
  check (stop.to_struct () is Qmp.StopEvent, "a stop");
  foreach (var change in yield make_image (qemu, peer.folder + "/image"))
    told += change.get_status_text ();
  same (string.joinv (" ", told), "created running waiting pending concluded");
}

async void
test_errors (Qmp.Connection qemu) throws Error
{
  var invalid = new IOError.INVALID_ARGUMENT ("an invalid argument");
  refused (() => qemu.device_add ("nonsense"), new Qmp.Error.GENERIC ("a refusal"), "nonsense");
  refused (() => qemu.qom_set ("/machine", "type", "nonsense"), invalid, "qom-set: value");
  refused (() => qemu.migrate_continue (Qmp.MigrationStatus.UNRECOGNIZED), invalid, "migrate-continue: state");
  refused (() => new Qmp.BlockdevOptions.from_json ("{\"driver\":\"qcow2\",\"file\":{\"driver\":\"file\",\"filename\":7}}"),
           new Qmp.Error.UNEXPECTED_VALUE ("a wrong type"), "BlockdevOptions: file.filename");
  refused (() => new Qmp.StatusInfo.from_json ("{"), invalid, "StatusInfo");
  try
    {
      yield qemu.device_add_async ("nonsense");
      check (false, "an error");
    }
  catch (Qmp.Error.GENERIC e)
    {
      same (Qmp.Error.get_command (e), "device_add");
    }
}

async void
test_any_value (Qmp.Connection qemu) throws Error
{
  check (yield qemu.object_add_async (new Qmp.ObjectOptionsThrottleGroupBranch () { id = "group" }), "an object");
  check (yield qemu.qom_set_async ("/objects/group", "limits", "{\"iops-total\":7}"), "a property");
  var text = yield qemu.qom_get_async ("/objects/group", "limits");
  check (parse (text).get_int_member ("iops-total") == 7, "its value");
  same (qemu.qom_get ("/machine/unattached/system[0]", "size"), "18446744073709551615");
}

async void
test_agent (Qga.Connection agent) throws Error
{
  check (yield agent.guest_ping_async (), "an answer");
  check (agent.guest_sync (int64.MAX) == int64.MAX, "a number");
  check ((yield agent.guest_get_osinfo_async ()).kernel_release.length > 0, "a kernel");
  check ((agent.guest_get_time () / 1000 - get_real_time ()).abs () < 3600 * TimeSpan.SECOND, "the time");
  try
    {
      yield agent.guest_shutdown_async (new Qga.GuestShutdownArguments () { mode = "halt" });
      check (false, "an error");
    }
  catch (Qga.Error.COMMAND_DISABLED e)
    {
    }
}

async void
test_agent_process (Qga.Connection agent) throws Error
{
  var process = yield agent.guest_exec_async ("/bin/sh", new Qga.GuestExecArguments () {
    arg = { "-c", "cat; echo $WHO >&2; exit 3" },
    env = { "PATH=/usr/bin:/bin", "WHO=world" },
    input_data = new Bytes ("Grüße\n".data),
    capture_output = new Qga.GuestExecCaptureOutput.for_flag (true)
  });
  var status = yield agent.guest_exec_status_async (process.pid);
  while (!status.exited)
    status = yield agent.guest_exec_status_async (process.pid);
  check (status.exitcode == 3 && !status.has_signal (), "its exit status");
  check (status.out_data.compare (new Bytes ("Grüße\n".data)) == 0, "its output");
  check (status.get_err_data ().compare (new Bytes ("world\n".data)) == 0, "its complaints");
}

async void
test_agent_file (Qga.Connection agent, Peer peer) throws Error
{
  var file = yield agent.guest_file_open_async (peer.folder + "/file", new Qga.GuestFileOpenArguments () { mode = "w+" });
  var written = yield agent.guest_file_write_async (file, new Bytes ({ 'o', 0, 't' }));
  check (written.count == 3, "all bytes");
  var start = new Qga.GuestFileWhence.for_name (Qga.QGASeek.SET);
  check ((yield agent.guest_file_seek_async (file, 1, start)).position == 1, "a position");
  var read = yield agent.guest_file_read_async (file, new Qga.GuestFileReadArguments () { count = 100 });
  check (read.eof && read.buf_b64.compare (new Bytes ({ 0, 't' })) == 0, "the rest");
  check (yield agent.guest_file_close_async (file), "a close");
  refused (() => agent.guest_file_close (file), new Qga.Error.GENERIC ("a refusal"), "");
}

class TypedSuite : Suite
{
  construct
  {
    starter = "START_QEMU";
    names = {
      "status", "presence", "node-by-properties", "node-by-setters", "devices-in-a-list", "lists-of-objects",
      "transaction", "keys", "lists-of-integers", "wide-number", "unions", "alternates", "event", "errors", "any-value"
    };
  }

  public override async void run_test (string name, Peer? peer) throws Error
  {
    var qemu = yield Qmp.Connection.open_async (peer.address);
    switch (name)
      {
      case "status": yield test_status (qemu); break;
      case "presence": yield test_presence (); break;
      case "node-by-properties": yield test_node_by_properties (qemu, peer); break;
      case "node-by-setters": yield test_node_by_setters (qemu, peer); break;
      case "devices-in-a-list": yield test_devices_in_a_list (); break;
      case "lists-of-objects": yield test_lists_of_objects (qemu); break;
      case "transaction": yield test_transaction (qemu); break;
      case "keys": yield test_keys (qemu); break;
      case "lists-of-integers": yield test_lists_of_integers (qemu); break;
      case "wide-number": yield test_wide_number (qemu); break;
      case "unions": yield test_unions (); break;
      case "alternates": yield test_alternates (); break;
      case "event": yield test_event (qemu, peer); break;
      case "errors": yield test_errors (qemu); break;
      case "any-value": yield test_any_value (qemu); break;
      default: throw new Failure.UNEXPECTED ("there is no test " + name);
      }
  }
}

class TypedAgentSuite : Suite
{
  construct
  {
    starter = "START_AGENT";
    names = { "agent", "agent-process", "agent-file" };
  }

  public override async void run_test (string name, Peer? peer) throws Error
  {
    var agent = yield Qga.Connection.open_async (peer.address);
    switch (name)
      {
      case "agent": yield test_agent (agent); break;
      case "agent-process": yield test_agent_process (agent); break;
      case "agent-file": yield test_agent_file (agent, peer); break;
      default: throw new Failure.UNEXPECTED ("there is no test " + name);
      }
  }
}

int
main (string[] args)
{
  return args.length > 1 && args[1] == "agent" ? new TypedAgentSuite ().run () : new TypedSuite ().run ();
}
