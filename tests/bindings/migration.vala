/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Migrations, as Vala sees them. */

async Qmp.Machine
launch (bool incoming) throws Error
{
  var launcher = new Qmp.Launcher (Environment.get_variable ("QEMU") ?? "qemu-system-x86_64");
  launcher.set_arguments ({ "-machine", "pc", "-accel", "tcg", "-m", "16", "-nodefaults", "-display", "none" });
  if (incoming)
    launcher.append_option ("incoming", "defer");
  return yield launcher.launch_async ();
}

async void
test_there_and_in (Qmp.Connection from, Qmp.Connection to, string uri) throws Error
{
  var incoming = yield Qmp.Migration.receive_async (to, uri);
  var outgoing = yield Qmp.Migration.start_async (from, uri);
  check (incoming.incoming && !outgoing.incoming, "two sides");
  check (yield outgoing.wait_async (), "an end");
  check (yield incoming.wait_async (), "an end at the other side");
  check (outgoing.status == Qmp.MigrationStatus.COMPLETED, "a good one");
  check (!outgoing.active && outgoing.transferred > 0 && outgoing.fraction >= 1, "all of it");
  check (outgoing.error == null, "no error");
}

async void
test_attached (Qmp.Connection from, Qmp.Connection to, string uri) throws Error
{
  yield from.migrate_set_parameters_async (new Qmp.MigrateSetParameters () { max_bandwidth = 4096 });
  yield Qmp.Migration.receive_async (to, uri);
  var first = yield Qmp.Migration.start_async (from, uri);
  var second = yield Qmp.Migration.attach_async (from);
  var incoming = yield Qmp.Migration.attach_async (to);
  check (second.active && !second.incoming, "one that goes on");
  check (incoming.incoming, "the other side");
  check (yield second.cancel_async (), "a cancelled one");
  try
    {
      yield first.wait_async ();
      check (false, "an error");
    }
  catch (IOError.CANCELLED e)
    {
      check (first.status == Qmp.MigrationStatus.CANCELLED, "cancelled for both");
    }
}

async void
test_failing (Qmp.Connection from, string uri) throws Error
{
  var migration = yield Qmp.Migration.start_async (from, uri);
  try
    {
      yield migration.wait_async ();
      check (false, "an error");
    }
  catch (Qmp.Error.MIGRATION_FAILED e)
    {
      check ("No such file" in migration.error, "QEMU's words");
    }
}

class MigrationSuite : Suite
{
  construct
  {
    starter = "START_QEMU";
    names = { "there-and-in", "attached", "failing" };
  }

  private async void run_on (string name, Qmp.Connection from, Qmp.Connection to, string uri) throws Error
  {
    switch (name)
      {
      case "there-and-in": yield test_there_and_in (from, to, uri); break;
      case "attached": yield test_attached (from, to, uri); break;
      case "failing": yield test_failing (from, uri); break;
      default: throw new Failure.UNEXPECTED ("there is no test " + name);
      }
  }

  public override async void run_test (string name, Peer? peer) throws Error
  {
    var options = new Qmp.ShutdownOptions () { power_down_timeout = 0 };
    var source = yield launch (false);
    var destination = yield launch (true);
    Error? reason = null;
    try
      {
        yield run_on (name, source.connection, destination.connection, @"unix:$(peer.folder)/move");
      }
    catch (Error e)
      {
        reason = e;
      }
    yield source.shut_down_async (options);
    yield destination.shut_down_async (options);
    if (reason != null)
      throw reason;
  }
}

int
main ()
{
  return new MigrationSuite ().run ();
}
