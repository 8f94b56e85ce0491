/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The far end as Vala sees it. */

async Qmp.Connection
open_to (Qmp.Server server) throws Error
{
  return yield Qmp.Connection.open_stream_async (server.open_stream ());
}

async void
test_table () throws Error
{
  var server = new Qmp.Server ();
  server.version = new Qmp.Version (9, 1, 2, null);
  server.set_result_json ("query-uuid", "{\"UUID\": \"x\"}");
  server.set_error ("cont", "DeviceNotActive", "it sleeps");

  var connection = yield open_to (server);
  same (connection.version.to_string (), "9.1.2");
  same (yield connection.execute_json_async ("query-uuid"), "{\"UUID\": \"x\"}");
  try
    {
      yield connection.execute_json_async ("cont");
    }
  catch (Qmp.Error.DEVICE_NOT_ACTIVE e)
    {
      same (e.message, "cont: it sleeps");
      return;
    }
  check (false, "a refusal");
}

async void
test_handlers () throws Error
{
  var server = new Qmp.Server ();
  Qmp.ServerCall? kept = null;

  server.command["sum"].connect ((call) => {
    try
      {
        var arguments = parse (call.get_arguments_json ());
        return call.return_json ((arguments.get_int_member ("a") + arguments.get_int_member ("b")).to_string ());
      }
    catch (Error e)
      {
        return false;
      }
  });
  server.command["later"].connect ((call) => {
    kept = call;
    Idle.add (() => {
      try
        {
          kept.return_json ("\"late\"");
        }
      catch (Error e)
        {
          kept.return_gerror (e);
        }
      return Source.REMOVE;
    });
    return true;
  });

  var connection = yield open_to (server);
  same (yield connection.execute_json_async ("sum", "{\"a\": 1, \"b\": 2}"), "3");
  same (yield connection.execute_json_async ("later"), "\"late\"");
  check (kept.is_answered (), "an answer");
}

async void
test_events () throws Error
{
  var server = new Qmp.Server ();
  var connection = yield open_to (server);
  var events = connection.watch_events (null, 10);

  server.emit_event_json ("STOP");
  server.relay_event (new Qmp.Event.from_json ("{\"event\": \"RESUME\"}"));
  same ((yield events.next_async ()).get_name (), "STOP");
  same ((yield events.next_async ()).get_name (), "RESUME");
  server.emit_event_json ("SHUTDOWN", "{\"guest\": false, \"reason\": \"host-qmp-quit\"}");
  server.get_clients ()[0].close ();
  same ((yield events.next_async ()).get_name (), "SHUTDOWN");
  check ((yield events.next_async ()) == null, "the end");
}

class ServerSuite : Suite
{
  construct
  {
    names = { "table", "handlers", "events" };
  }

  public override async void run_test (string name, Peer? peer) throws Error
  {
    if (name == "table")
      yield test_table ();
    else if (name == "handlers")
      yield test_handlers ();
    else
      yield test_events ();
  }
}

int
main ()
{
  return new ServerSuite ().run ();
}
