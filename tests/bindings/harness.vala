/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests in Vala share: TAP, and the programs they talk to. */

public errordomain Failure
{
  UNEXPECTED
}

public void
check (bool truth, string what) throws Failure
{
  if (!truth)
    throw new Failure.UNEXPECTED ("expected: " + what);
}

public void
same (string? found, string? expected) throws Failure
{
  if (found != expected)
    throw new Failure.UNEXPECTED (@"expected $(expected ?? "nothing"), found $(found ?? "nothing")");
}

public Json.Object
parse (string text) throws Error
{
  return Json.from_string (text).get_object ();
}

/* A program that listens on a socket, in a folder of its own. */
public class Peer
{
  public string folder;
  public string address;
  public Subprocess process;
  private string[] command;

  public Peer (string starter, string[] options = {}) throws Error
  {
    folder = DirUtils.make_tmp ("bindings-XXXXXX");
    address = folder + "/socket";
    command = { Environment.get_variable (starter), address };
    foreach (var option in options)
      command += option;
    start ();
  }

  public void start () throws Error
  {
    process = new Subprocess.newv (command, SubprocessFlags.STDOUT_SILENCE);
  }

  public async void stop () throws Error
  {
    process.force_exit ();
    yield process.wait_async ();
  }

  public async void clean_up () throws Error
  {
    string? name;

    yield stop ();
    var names = Dir.open (folder);
    while ((name = names.read_name ()) != null)
      FileUtils.unlink (Path.build_filename (folder, name));
    DirUtils.remove (folder);
  }
}

public abstract class Suite : Object
{
  public string? starter;
  public string[] names;

  /* With a peer that was started a moment ago; null when there is no starter. */
  public abstract async void run_test (string name, Peer? peer) throws Error;

  private async bool run_with_peer (string name)
  {
    try
      {
        var peer = starter != null ? new Peer (starter) : null;
        Error? reason = null;
        try
          {
            yield run_test (name, peer);
          }
        catch (Error e)
          {
            reason = e;
          }
        if (peer != null)
          yield peer.clean_up ();
        if (reason != null)
          throw reason;
        return true;
      }
    catch (Error e)
      {
        print ("# %s: %s\n", name, e.message);
        return false;
      }
  }

  private async int run_all ()
  {
    int failed = 0;
    print ("1..%d\n", names.length);
    for (var i = 0; i < names.length; i++)
      {
        var good = yield run_with_peer (names[i]);
        print ("%s %d %s\n", good ? "ok" : "not ok", i + 1, names[i]);
        failed += good ? 0 : 1;
      }
    return failed == 0 ? 0 : 1;
  }

  public int run ()
  {
    var loop = new MainLoop ();
    int status = 1;
    run_all.begin ((object, result) => {
      status = run_all.end (result);
      loop.quit ();
    });
    loop.run ();
    return status;
  }
}
