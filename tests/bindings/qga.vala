/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* qga-glib as Vala sees it. */

async void
test_open (Qga.Connection agent) throws Error
{
  check (agent.state == Qga.ConnectionState.OPEN, "an open connection");
  check (agent.responsive && agent.agent_present, "an agent");
  check (agent.generation == 1, "the first agent");
  check (agent.dup_agent_version ()[0].isdigit (), "a version");
  check ("guest-ping" in agent.dup_commands (), "a command");
  check (agent.has_command ("guest-shutdown") && !agent.is_command_enabled ("guest-shutdown"), "a disabled command");
  check (agent.is_command_enabled ("guest-ping"), "an enabled command");
  check (!agent.has_command ("guest-nonsense"), "no such command");
}

async void
test_text (Qga.Connection agent) throws Error
{
  same (yield agent.execute_json_async ("guest-ping"), "{}");
  var text = yield agent.execute_json_async ("guest-sync", "{\"id\": 9223372036854775807}");
  same (text, "9223372036854775807");
  check (parse (agent.execute_json ("guest-get-osinfo")).has_member ("kernel-release"), "a kernel");
}

async void
test_tree (Qga.Connection agent) throws Error
{
  var node = yield agent.execute_async ("guest-sync", Json.from_string ("{\"id\": 42}"));
  check (node.get_int () == 42, "the answer");
  node = agent.execute ("guest-get-host-name");
  check (node.get_object ().has_member ("host-name"), "a name");
}

async void
test_request (Qga.Connection agent) throws Error
{
  var request = new Qga.Request ("guest-sync");
  request.timeout = 5000;
  request.set_arguments_json ("{\"id\": 7}");
  same (yield agent.execute_request_async (request), "7");
  check ((yield agent.execute_unanswered_async (new Qga.Request ("guest-ping"))) == Qga.Acceptance.REPLIED, "a reply");
}

async void
test_process (Qga.Connection agent) throws Error
{
  string output, error_output;
  Bytes bytes;
  var process = yield Qga.Process.spawn_async (agent, { "sh", "-c", "echo out; echo err >&2; exit 3" });
  yield process.communicate_utf8_async (null, out output, out error_output);
  same (output, "out\n");
  same (error_output, "err\n");
  check (process.get_ended () && !process.get_successful (), "an end");
  check (process.get_exit_status () == 3, "a status");
  process.communicate (out bytes, null);
  check (bytes.length == 4, "bytes");
  try
    {
      yield process.wait_check_async ();
      check (false, "an error");
    }
  catch (Error e)
    {
      check (e.domain == Quark.from_string ("g-spawn-exit-error-quark") && e.code == 3, "the status");
    }
}

async void
test_process_with_input (Qga.Connection agent) throws Error
{
  string output, error_output;
  var options = new Qga.ProcessOptions ();
  options.input = new Bytes ("Grüße\n".data);
  options.environment = { "PATH=/usr/bin:/bin", "WHO=world" };
  var process = Qga.Process.spawn (agent, { "sh", "-c", "cat; echo $WHO >&2" }, options);
  process.communicate_utf8 (out output, out error_output);
  same (output, "Grüße\n");
  same (error_output, "world\n");
  check (process.wait_check (), "a good end");
}

async void
test_error (Qga.Connection agent) throws Error
{
  try
    {
      yield agent.execute_json_async ("guest-nonsense");
      check (false, "an error");
    }
  catch (Qga.Error.COMMAND_NOT_FOUND e)
    {
      same (Qga.Error.get_class_name (e), "CommandNotFound");
      same (Qga.Error.get_command (e), "guest-nonsense");
    }
  try
    {
      agent.shutdown (Qga.ShutdownMode.HALT);
      check (false, "an error");
    }
  catch (Qga.Error.COMMAND_DISABLED e)
    {
    }
  try
    {
      yield Qga.Process.spawn_async (agent, { "/nothing" });
      check (false, "an error");
    }
  catch (Qga.Error e)
    {
      check (e is Qga.Error.GENERIC, "the code");
    }
  try
    {
      agent.execute_json ("guest-ping", "{nonsense");
      check (false, "an error");
    }
  catch (IOError.INVALID_ARGUMENT e)
    {
      same (Qga.Error.get_class_name (e), null);
    }
}

async void
test_file (Qga.Connection agent, Peer peer) throws Error
{
  string text;
  var path = peer.folder + "/file";
  var file = yield Qga.File.open_async (agent, path, Qga.FileMode.WRITE_READ);
  same (file.path, path);
  check ((yield file.output_stream.write_async ("one\ntwo\n".data)) == 8, "all bytes");
  check (yield file.output_stream.flush_async (), "a flush");
  check (file.tell () == 8, "a position");
  check (yield file.seek_async (0, SeekType.SET), "a seek");
  var lines = new DataInputStream (file.input_stream);
  same (yield lines.read_line_async (), "one");
  same (lines.read_line (), "two");
  check ((yield lines.read_line_async ()) == null, "the end");
  check (file.seek (-4, SeekType.END), "a seek");
  var bytes = yield file.input_stream.read_bytes_async (100);
  check (bytes.length == 4, "the rest");
  check (yield file.close_async (), "an end");
  FileUtils.get_contents (path, out text);
  same (text, "one\ntwo\n");
}

async void
test_copy (Qga.Connection agent, Peer peer) throws Error
{
  int64 done = 0;
  uint8[] bytes;
  var source = File.new_for_path (peer.folder + "/source");
  var copy = File.new_for_path (peer.folder + "/copy");
  var path = peer.folder + "/guest";
  FileUtils.set_data (source.get_path (), new uint8[200000]);
  check (yield agent.copy_to_guest_async (source, path, FileCopyFlags.NONE, (current, total) => done = current), "a copy");
  check (done == 200000, "the whole way");
  done = 0;
  yield agent.copy_from_guest_async (path, copy, FileCopyFlags.NONE, uint64.MAX, (current, total) => done = current);
  check (done == 200000, "the whole way back");
  FileUtils.get_data (copy.get_path (), out bytes);
  check (bytes.length == 200000, "all bytes");
  try
    {
      agent.copy_from_guest (path, copy, FileCopyFlags.NONE, 1000000);
      check (false, "an error");
    }
  catch (IOError.EXISTS e)
    {
    }
  check (agent.copy_from_guest (path, copy, FileCopyFlags.OVERWRITE, 1000000, (current, total) => done = total), "a copy");
}

async void
test_freeze (Qga.Connection agent, Peer peer) throws Error
{
  check ((yield Qga.FreezeGuard.query_async (agent)) == Qga.FreezeStatus.THAWED, "a thawed guest");
  agent.close ();
  yield peer.stop ();

  /* the mark that an agent leaves when it freezes */
  FileUtils.set_contents (peer.folder + "/qga.state.isfrozen", "");
  peer.start ();
  var next = yield Qga.Connection.open_async (peer.address);
  check (Qga.FreezeGuard.query (next) == Qga.FreezeStatus.FROZEN, "a frozen guest");
  try
    {
      yield next.execute_json_async ("guest-get-osinfo");
      check (false, "an error");
    }
  catch (Qga.Error.FROZEN e)
    {
    }
}

async void
test_silence (Qga.Connection agent, Peer peer) throws Error
{
  SourceFunc resume = test_silence.callback;
  var handler = agent.notify["responsive"].connect (() => Idle.add (() => resume ()));
  var request = new Qga.Request ("guest-ping");
  request.timeout = 50;
  peer.process.send_signal (Posix.Signal.STOP);
  Posix.waitpid ((Posix.pid_t) int.parse (peer.process.get_identifier ()), null, Posix.WUNTRACED);
  try
    {
      agent.execute_request (request);
      check (false, "an error");
    }
  catch (IOError.TIMED_OUT e)
    {
    }
  yield;
  check (!agent.responsive, "silence");
  agent.disconnect (handler);
  peer.process.send_signal (Posix.Signal.CONT);
  same (yield agent.execute_json_async ("guest-ping"), "{}");
  check (agent.responsive, "an agent that is back");
}

async void
test_cancel (Qga.Connection agent) throws Error
{
  var cancellable = new Cancellable ();
  cancellable.cancel ();
  try
    {
      yield agent.execute_json_async ("guest-ping", null, cancellable);
      check (false, "an error");
    }
  catch (IOError.CANCELLED e)
    {
    }
  same (agent.execute_json ("guest-ping"), "{}");
}

async void
test_end (Qga.Connection agent, Peer peer) throws Error
{
  SourceFunc resume = test_end.callback;
  Error? reason = null;
  agent.closed.connect ((e) => {
    reason = e;
    Idle.add ((owned) resume);
  });
  peer.process.force_exit ();
  yield;
  check (reason is IOError.CLOSED, "a reason");
  check (agent.state == Qga.ConnectionState.CLOSED, "a closed connection");
}

async void
test_options (Qga.Connection agent, Peer peer) throws Error
{
  check (yield agent.close_async (), "a close");
  var options = new Qga.OpenOptions ();
  options.default_timeout = 1234;
  options.limits = new Qga.Limits ();
  options.limits.pending_calls = 5;
  var next = Qga.Connection.open (peer.address, options);
  check (next.default_timeout == 1234, "a timeout");
  check (next.limits.pending_calls == 5, "a limit");
}

class QgaSuite : Suite
{
  construct
  {
    starter = "START_AGENT";
    names = {
      "open", "text", "tree", "request", "process", "process-with-input", "error", "file", "copy", "freeze", "silence",
      "cancel", "end", "options"
    };
  }

  public override async void run_test (string name, Peer? peer) throws Error
  {
    var agent = yield Qga.Connection.open_async (peer.address);
    switch (name)
      {
      case "open": yield test_open (agent); break;
      case "text": yield test_text (agent); break;
      case "tree": yield test_tree (agent); break;
      case "request": yield test_request (agent); break;
      case "process": yield test_process (agent); break;
      case "process-with-input": yield test_process_with_input (agent); break;
      case "error": yield test_error (agent); break;
      case "file": yield test_file (agent, peer); break;
      case "copy": yield test_copy (agent, peer); break;
      case "freeze": yield test_freeze (agent, peer); break;
      case "silence": yield test_silence (agent, peer); break;
      case "cancel": yield test_cancel (agent); break;
      case "end": yield test_end (agent, peer); break;
      case "options": yield test_options (agent, peer); break;
      default: throw new Failure.UNEXPECTED ("there is no test " + name);
      }
  }
}

int
main ()
{
  return new QgaSuite ().run ();
}
