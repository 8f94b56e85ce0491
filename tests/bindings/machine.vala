/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Machines from their start to their end, as Vala sees them. */

/* Boot sectors that write to a port and stand still: out dx, al; out dx, ax */
const uint8[] PANIC = { 0xba, 0x05, 0x05, 0xb0, 0x01, 0xee };
const uint8[] POWER_OFF = { 0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef };

Qmp.Launcher
new_launcher (string[] more = {}) throws Error
{
  var launcher = new Qmp.Launcher (Environment.get_variable ("QEMU") ?? "qemu-system-x86_64");
  launcher.set_arguments ({ "-machine", "pc", "-accel", "tcg", "-m", "16", "-nodefaults", "-display", "none", "-S" });
  foreach (var argument in more)
    launcher.append (argument);
  return launcher;
}

async Qmp.Machine
launch_code (Peer peer, uint8[] code, string[] more) throws Error
{
  var sector = new uint8[512];
  for (var i = 0; i < code.length; i++)
    sector[i] = code[i];
  sector[code.length] = 0xf4;
  sector[code.length + 1] = 0xeb;
  sector[code.length + 2] = 0xfd;
  sector[510] = 0x55;
  sector[511] = 0xaa;
  FileUtils.set_data (peer.folder + "/boot.img", sector);
  var launcher = new_launcher (more);
  launcher.append_option ("drive", @"if=ide,format=raw,snapshot=on,file=$(peer.folder)/boot.img");
  return yield launcher.launch_async ();
}

async void
wait_for_state (Qmp.Machine machine, Qmp.RunState state)
{
  SourceFunc resume = wait_for_state.callback;
  var id = machine.notify["run-state"].connect (() => {
    if (machine.run_state == state)
      Idle.add (() => resume ());
  });

  if (machine.run_state != state)
    yield;
  machine.disconnect (id);
}

/* Which steps are taken, and the one that ends it last. */
async string
shut_down (Qmp.Machine machine, int power_down_timeout) throws Error
{
  var steps = "";
  machine.shutdown_step.connect ((step) => { steps += @"$((int) step)"; });
  var options = new Qmp.ShutdownOptions () { power_down_timeout = power_down_timeout, power_down_interval = 0 };
  var last = yield machine.shut_down_async (options);
  return @"$steps, $((int) last)";
}

async void
test_life () throws Error
{
  var machine = yield new_launcher ().launch_async ();
  check (machine.launched, "a child");
  check (machine.run_state == Qmp.RunState.PRELAUNCH, "a machine that waits");
  check (yield machine.start_async (), "a start");
  check (machine.running, "a machine that runs");
  check (yield machine.pause_async (), "a pause");
  check (machine.run_state == Qmp.RunState.PAUSED, "a machine that stands still");
  /* nobody is in there who would heed the power button */
  same (yield shut_down (machine, 50), "12, 2");
  check (!machine.alive, "an end");
  check (machine.get_exit_status () == 0, "a good end");
}

async void
test_reset () throws Error
{
  var machine = yield new_launcher ().launch_async ();
  var told = -1;
  machine.guest_reset.connect ((cause) => { told = cause; });
  check (yield machine.reset_async (), "a reset");
  check (told == Qmp.ShutdownCause.HOST_QMP_SYSTEM_RESET, "its cause");
  check (machine.shutdown_cause == Qmp.ShutdownCause.HOST_QMP_SYSTEM_RESET, "its cause, later");
  machine.kill ();
  check (yield machine.wait_async (), "its end");
}

async void
test_panic (Peer peer) throws Error
{
  var machine = yield launch_code (peer, PANIC, { "-device", "pvpanic", "-action", "panic=pause" });
  var told = -1;
  machine.guest_panicked.connect ((action, information) => { told = information == null ? (int) action : -2; });
  yield machine.start_async ();
  yield wait_for_state (machine, Qmp.RunState.GUEST_PANICKED);
  check (told == Qmp.GuestPanicAction.PAUSE, "what is done about it");
  check (machine.panicked, "a panic");
  check (machine.panic_information == null, "no more");
  same (yield shut_down (machine, 30000), "2, 2");
}

async void
test_stays (Peer peer) throws Error
{
  var machine = yield launch_code (peer, POWER_OFF, { "-no-shutdown" });
  var told = -1;
  machine.guest_shutdown.connect ((cause) => { told = cause; });
  yield machine.start_async ();
  yield wait_for_state (machine, Qmp.RunState.SHUTDOWN);
  check (told == Qmp.ShutdownCause.GUEST_SHUTDOWN, "its cause");
  check (machine.alive, "a QEMU that stays");
  same (yield shut_down (machine, 30000), "2, 2");
}

async void
test_attached (Peer peer) throws Error
{
  var machine = yield Qmp.Machine.attach_async (peer.address, null);
  check (!machine.launched, "somebody else's child");
  same (machine.get_address (), peer.address);
  same (yield shut_down (machine, 0), "2, 2");
}

class MachineSuite : Suite
{
  construct
  {
    starter = "START_QEMU";
    names = { "life", "reset", "panic", "stays", "attached" };
  }

  public override async void run_test (string name, Peer? peer) throws Error
  {
    switch (name)
      {
      case "life": yield test_life (); break;
      case "reset": yield test_reset (); break;
      case "panic": yield test_panic (peer); break;
      case "stays": yield test_stays (peer); break;
      case "attached": yield test_attached (peer); break;
      default: throw new Failure.UNEXPECTED ("there is no test " + name);
      }
  }
}

int
main ()
{
  return new MachineSuite ().run ();
}
