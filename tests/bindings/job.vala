/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Jobs, and what is done with images, as Vala sees them. */

async void
add_nodes (Qmp.Connection connection) throws Error
{
  foreach (var name in new string[] { "from", "to" })
    yield connection.execute_json_async ("blockdev-add", @"{\"driver\":\"null-co\",\"node-name\":\"$name\",\"size\":8388608,\"read-zeroes\":true}");
}

Qmp.Request
backup (string more) throws Error
{
  var request = new Qmp.Request ("blockdev-backup");

  request.set_arguments_json (@"{\"device\":\"from\",\"target\":\"to\",\"sync\":\"full\"$more}");
  return request;
}

async void
test_run (Qmp.Connection connection) throws Error
{
  yield add_nodes (connection);
  check (yield Qmp.Job.run_async (connection, backup (""), null, Qmp.JobRunFlags.NONE), "an end");
  same (yield connection.execute_json_async ("query-jobs"), "[]");
  check (Qmp.Job.run (connection, backup (""), null, Qmp.JobRunFlags.KEEP), "an end");
  try
    {
      yield Qmp.Job.run_async (connection, backup (",\"bitmap\":\"none\""), null, Qmp.JobRunFlags.NONE);
      check (false, "an error");
    }
  catch (Qmp.Error.GENERIC e)
    {
      same (Qmp.Error.get_command (e), "blockdev-backup");
    }
}

async void
test_follow (Qmp.Connection connection) throws Error
{
  var list = new Qmp.JobList (connection);
  double last = -1;
  bool rises = true;

  yield add_nodes (connection);
  var job = yield Qmp.Job.start_async (connection, backup (",\"job-id\":\"b\",\"speed\":4194304"), null);
  same (job.id, "b");
  check (job.job_type == Qmp.JobType.BACKUP, "a type");
  check (list.get_item_type () == typeof (Qmp.Job), "the items' type");
  job.interval = 50;
  job.notify["fraction"].connect (() => {
    rises = rises && job.fraction > last;
    last = job.fraction;
  });
  check (yield job.wait_async (), "an end");
  check (!job.active && rises && last == 1, "all of it done");
}

async void
test_details (Qmp.Connection connection) throws Error
{
  yield add_nodes (connection);
  var job = Qmp.Job.start (connection, backup (",\"speed\":1"), null);
  check (job.speed_limit == -1, "nothing known");
  yield job.query_details_async ();
  check (job.speed_limit == 1 && job.auto_dismiss && job.auto_finalize, "what is known");
  job.limit_speed (2);
  check (job.speed_limit == 2, "the new limit");
  yield job.cancel_async (false);
  try
    {
      yield job.wait_async ();
      check (false, "an error");
    }
  catch (IOError.CANCELLED e)
    {
      check (job.status == Qmp.JobStatus.NULL || job.status == Qmp.JobStatus.CONCLUDED, "an end");
    }
}

async void
test_overlays (Qmp.Connection connection, string folder) throws Error
{
  var path = folder + "/disk";
  FileUtils.set_data (path, new uint8[1048576]);
  yield connection.execute_json_async ("blockdev-add",
    @"{\"driver\":\"raw\",\"node-name\":\"disk\",\"file\":{\"driver\":\"file\",\"filename\":\"$path\"}}");
  var snapshot = new Qmp.ExternalSnapshot ();
  snapshot.add_disk ("disk", folder + "/one", "one");
  string[] names = yield snapshot.take_async (connection);
  check (names.length == 1 && names[0] == "one", "a name");
  var top = yield connection.add_overlay_async ("one", folder + "/two");
  var chain = yield connection.list_chain_async (top);
  check (chain.length == 3, "three images");
  same (chain[0].node_name, top);
  same (chain[2].file, path);
  var arguments = new Qmp.BlockStreamArguments ();
  arguments.base_node = "disk";
  check (yield connection.stream_overlay_async (top, arguments), "a shorter chain");
  check (connection.list_chain (top).length == 2, "two images");
  same (yield connection.commit_overlay_async (top), "disk");
  try
    {
      connection.list_chain (top);
      check (false, "an error");
    }
  catch (IOError.NOT_FOUND e)
    {
      check (top in e.message, "the name");
    }
}

async void
test_snapshots (Qmp.Connection connection) throws Error
{
  yield add_nodes (connection);
  check ((yield connection.list_snapshots_async ("from")).length == 0, "no snapshot");
  try
    {
      yield connection.load_snapshot_async ("none", "from", { "from" });
      check (false, "an error");
    }
  catch (Qmp.Error.JOB_FAILED e)
    {
    }
}

class JobSuite : Suite
{
  construct
  {
    starter = "START_QEMU";
    names = { "run", "follow", "details", "overlays", "snapshots" };
  }

  public override async void run_test (string name, Peer? peer) throws Error
  {
    var connection = yield Qmp.Connection.open_async (peer.address);
    switch (name)
      {
      case "run": yield test_run (connection); break;
      case "follow": yield test_follow (connection); break;
      case "details": yield test_details (connection); break;
      case "overlays": yield test_overlays (connection, peer.folder); break;
      case "snapshots": yield test_snapshots (connection); break;
      default: throw new Failure.UNEXPECTED ("there is no test " + name);
      }
  }
}

int
main ()
{
  return new JobSuite ().run ();
}
