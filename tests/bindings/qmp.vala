/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* qmp-glib as Vala sees it. */

async void
wait_for_end (Qmp.Connection connection, out Error? error)
{
  SourceFunc resume = wait_for_end.callback;
  Error? reason = null;
  var id = connection.closed.connect ((e) => {
    reason = e;
    Idle.add ((owned) resume);
  });

  yield;
  connection.disconnect (id);
  error = reason;
}

async void
test_open (Qmp.Connection connection) throws Error
{
  check (connection.state == Qmp.ConnectionState.OPEN, "an open connection");
  check (connection.version.is_at_least (7, 0, 0), "a version");
  check ("oob" in connection.capabilities, "a capability");
  check (connection.out_of_band, "out-of-band");
  check (connection.limits.message_size == 10 * 1024 * 1024, "the default limit");
}

async void
test_text (Qmp.Connection connection) throws Error
{
  var text = yield connection.execute_json_async ("query-status", null, null);
  same (parse (text).get_string_member ("status"), "running");
  text = yield connection.execute_json_async ("qom-list-types", "{\"implements\":\"machine\"}", null);
  check ("none-machine" in text, "a machine");
  text = connection.execute_json ("query-status", null);
  check (parse (text).get_boolean_member ("running"), "a machine that runs");
}

async void
test_tree (Qmp.Connection connection) throws Error
{
  var node = yield connection.execute_async ("query-status", null, null);
  same (node.get_object ().get_string_member ("status"), "running");
  var types = yield connection.execute_async ("qom-list-types", Json.from_string ("{\"implements\":\"machine\"}"), null);
  check (types.get_array ().get_length () > 0, "types");
  node = connection.execute ("query-status", null);
  check (node.get_object ().get_boolean_member ("running"), "a machine that runs");
}

async void
test_request (Qmp.Connection connection) throws Error
{
  var request = new Qmp.Request ("query-status");
  request.timeout = 5000;
  var value = yield connection.execute_request_async (request, null);
  bool running;
  check (value.get_kind () == Qmp.ValueKind.OBJECT, "an object");
  same (value.dup_member_string ("status"), "running");
  check (value.get_member_boolean ("running", out running) && running, "a machine that runs");
  check (value.get_member ("nonsense") == null, "no such member");

  var overtaking = new Qmp.Request ("query-yank");
  overtaking.out_of_band = true;
  value = connection.execute_request (overtaking);
  same (value.get_element (0).dup_member_string ("type"), "chardev");
}

async void
test_wide_number (Qmp.Connection connection) throws Error
{
  const string PLACE = "{\"path\":\"/machine/unattached/system[0]\",\"property\":\"size\"}";
  var text = yield connection.execute_json_async ("qom-get", PLACE, null);
  same (text, "18446744073709551615");
  var node = yield connection.execute_async ("qom-get", Json.from_string (PLACE), null);
  check (Qmp.json_node_get_uint64 (node) == uint64.MAX, "all bits of a node");
  var request = new Qmp.Request ("qom-get");
  request.set_arguments_json (PLACE);
  var value = yield connection.execute_request_async (request, null);
  uint64 number;
  check (value.get_uint64 (out number) && number == uint64.MAX, "all bits of a value");
}

async void
test_signal (Qmp.Connection connection) throws Error
{
  string[] names = {};
  int stops = 0;
  connection.event.connect ((event) => { names += event.get_name (); });
  connection.event["STOP"].connect ((event) => { stops++; });
  yield connection.execute_json_async ("stop", null, null);
  yield connection.execute_json_async ("cont", null, null);
  same (string.joinv (" ", names), "STOP RESUME");
  check (stops == 1, "one STOP");
}

async void
test_event_stream (Qmp.Connection connection) throws Error
{
  var stream = connection.watch_events ({ "STOP", "SHUTDOWN" }, 16);
  yield connection.execute_json_async ("stop", null, null);
  yield connection.execute_json_async ("cont", null, null);
  var event = yield stream.next_async (null);
  same (event.get_name (), "STOP");
  check ((event.get_timestamp () - get_real_time ()).abs () < 3600 * TimeSpan.SECOND, "the time");
  check (event.get_data () == null, "no data");
  check (yield connection.quit_async (null), "a quit");
  event = yield stream.next_async (null);
  same (event.get_name (), "SHUTDOWN");
  same (event.get_data ().dup_member_string ("reason"), "host-qmp-quit");
  event = yield stream.next_async (null);
  check (event == null, "the end of the stream");
}

async void
test_error (Qmp.Connection connection) throws Error
{
  try
    {
      yield connection.execute_json_async ("query-nonsense", null, null);
      check (false, "an error");
    }
  catch (Qmp.Error.COMMAND_NOT_FOUND e)
    {
      check ("query-nonsense" in e.message, "the command's name");
      same (Qmp.Error.get_class_name (e), "CommandNotFound");
      same (Qmp.Error.get_command (e), "query-nonsense");
    }
  try
    {
      yield connection.execute_json_async ("device_del", "{\"id\":\"nobody\"}", null);
      check (false, "an error");
    }
  catch (Qmp.Error e)
    {
      check (e is Qmp.Error.DEVICE_NOT_FOUND, "the code");
    }
  try
    {
      connection.execute_json ("query-status", "{nonsense");
      check (false, "an error");
    }
  catch (IOError.INVALID_ARGUMENT e)
    {
      same (Qmp.Error.get_class_name (e), null);
    }
}

async void
test_opening_fails (Peer emulator) throws Error
{
  var options = new Qmp.OpenOptions ();
  options.retry = false;
  try
    {
      yield Qmp.Connection.open_async (emulator.folder + "/nothing", options, null);
      check (false, "an error");
    }
  catch (IOError.NOT_FOUND e)
    {
      check (emulator.folder in e.message, "the address");
    }
}

async void
test_cancel (Qmp.Connection connection) throws Error
{
  var cancellable = new Cancellable ();
  var stream = connection.watch_events (null, 4);
  Idle.add (() => { cancellable.cancel (); return Source.REMOVE; });
  try
    {
      yield stream.next_async (cancellable);
      check (false, "an error");
    }
  catch (IOError.CANCELLED e)
    {
    }
  stream.timeout = 50;
  try
    {
      yield stream.next_async (null);
      check (false, "an error");
    }
  catch (IOError.TIMED_OUT e)
    {
    }
  yield connection.execute_json_async ("stop", null, null);
  var event = yield stream.next_async (null);
  same (event.get_name (), "STOP");
}

async void
test_orderly_end (Qmp.Connection connection) throws Error
{
  Error? reason;
  connection.quit_async.begin (null);
  yield wait_for_end (connection, out reason);
  check (reason == null, "no reason");
  check (connection.state == Qmp.ConnectionState.CLOSED, "a closed connection");
}

async void
test_close (Qmp.Connection connection, Peer emulator) throws Error
{
  check (yield connection.close_async (null), "a close");
  var next = yield Qmp.Connection.open_async (emulator.address, null, null);
  var text = yield next.execute_json_async ("query-status", null, null);
  same (parse (text).get_string_member ("status"), "running");
}

async void
test_sudden_end (Qmp.Connection connection, Peer emulator) throws Error
{
  Error? reason;
  emulator.process.force_exit ();
  yield wait_for_end (connection, out reason);
  check (reason is IOError.CLOSED, "a reason");
  try
    {
      yield connection.execute_json_async ("query-status", null, null);
      check (false, "an error");
    }
  catch (IOError.CLOSED e)
    {
    }
}

async void
test_options (Qmp.Connection connection, Peer emulator) throws Error
{
  connection.close ();
  var limits = new Qmp.Limits ();
  limits.message_size = 65536;
  var options = new Qmp.OpenOptions ();
  options.limits = limits;
  options.out_of_band = false;
  options.default_timeout = 1234;
  var next = yield Qmp.Connection.open_async (emulator.address, options, null);
  check (!next.out_of_band, "no out-of-band");
  check (next.default_timeout == 1234, "a timeout");
  check (next.limits.message_size == 65536, "a limit");
  try
    {
      yield next.execute_json_async ("query-qmp-schema", null, null);
      check (false, "an error");
    }
  catch (Qmp.Error.TOO_LARGE e)
    {
    }
}

async void
test_blocking (Qmp.Connection connection, Peer emulator) throws Error
{
  connection.close ();
  var next = Qmp.Connection.open (emulator.address, null);
  var stream = next.watch_events ({ "STOP" }, 4);
  next.execute_json ("stop", null);
  same (stream.next ().get_name (), "STOP");
  check (next.quit (), "a quit");
  check (stream.next () == null, "the end of the stream");
}

async void
test_listener (Peer emulator) throws Error
{
  var cancellable = new Cancellable ();
  var listener = new Qmp.Listener (emulator.folder + "/listener");
  check (listener.get_address ().has_suffix ("/listener"), "an address");
  Idle.add (() => { cancellable.cancel (); return Source.REMOVE; });
  try
    {
      yield listener.accept_async (null, cancellable);
      check (false, "an error");
    }
  catch (IOError.CANCELLED e)
    {
    }
  listener.close ();
}

async void
test_schema (Qmp.Connection connection) throws Error
{
  var schema = yield connection.load_schema_async (null, null);
  check (schema == connection.load_schema (), "the same schema");
  check (schema.has_argument ("blockdev-add", "file.driver"), "an argument");
  check (schema.check_arguments_json ("query-status"), "good arguments");
  var type = schema.get_arguments_type ("blockdev-add");
  check (type.get_kind () == Qmp.SchemaKind.OBJECT, "an object");
  check (type.get_members ().length > 3, "members");
  check (type.get_member ("nonsense") == null, "no member");
  try
    {
      schema.check_arguments_json ("device_del", "{}");
      check (false, "an error");
    }
  catch (IOError.INVALID_ARGUMENT e)
    {
      same (e.message, "device_del: id: is missing");
    }
}

class QmpSuite : Suite
{
  construct
  {
    starter = "START_QEMU";
    names = {
      "open", "text", "tree", "request", "wide-number", "signal", "event-stream", "error", "opening-fails", "cancel",
      "orderly-end", "close", "sudden-end", "options", "blocking", "schema",
      "listener"
    };
  }

  public override async void run_test (string name, Peer? emulator) throws Error
  {
    var connection = yield Qmp.Connection.open_async (emulator.address, null, null);
    switch (name)
      {
      case "open": yield test_open (connection); break;
      case "text": yield test_text (connection); break;
      case "tree": yield test_tree (connection); break;
      case "request": yield test_request (connection); break;
      case "wide-number": yield test_wide_number (connection); break;
      case "signal": yield test_signal (connection); break;
      case "event-stream": yield test_event_stream (connection); break;
      case "error": yield test_error (connection); break;
      case "opening-fails": yield test_opening_fails (emulator); break;
      case "cancel": yield test_cancel (connection); break;
      case "orderly-end": yield test_orderly_end (connection); break;
      case "close": yield test_close (connection, emulator); break;
      case "sudden-end": yield test_sudden_end (connection, emulator); break;
      case "options": yield test_options (connection, emulator); break;
      case "blocking": yield test_blocking (connection, emulator); break;
      case "schema": yield test_schema (connection); break;
      case "listener": yield test_listener (emulator); break;
      default: throw new Failure.UNEXPECTED ("there is no test " + name);
      }
  }
}

int
main ()
{
  return new QmpSuite ().run ();
}
