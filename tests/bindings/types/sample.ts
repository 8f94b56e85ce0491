// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Never run: what a compiler is to accept, and what it is to refuse.
import Gio from 'gi://Gio';
import Qga from 'gi://Qga?version=1.0';
import Qmp from 'gi://Qmp';

async function control(address: string): Promise<bigint> {
  const qemu = await Qmp.Connection.open_async(address, {timeout: 5000, outOfBand: false});
  const status: Qmp.StatusInfo = await qemu.query_status_async();
  print(status.running, status.status === Qmp.RunState.RUNNING, status.get_status_text());
  // @ts-expect-error
  print(status.runing);

  await qemu.blockdev_add_async({driver: 'raw', 'node-name': 'a', file: {driver: 'null-co', size: 2n ** 60n}});
  await qemu.blockdev_add_async(new Qmp.BlockdevOptionsRawBranch({nodeName: 'b', file: Qmp.BlockdevRef.new_for_reference('a')}));
  // @ts-expect-error
  await qemu.blockdev_add_async('a');
  // @ts-expect-error
  new Qmp.BlockdevOptionsRawBranch({nodename: 'b'});

  print(qemu.query_status().running, qemu.watch_events().capacity, Qmp.Connection.open(address).out_of_band);
  // @ts-expect-error
  qemu.device_del();
  // @ts-expect-error
  qemu.set_default_timeout();

  const nodes = await qemu.query_named_block_nodes_async();
  const size: number | bigint | undefined = nodes?.[0].image?.virtual_size;

  qemu.query_status_async(null, (source, result) => print(source.query_status_finish(result).running));
  const reply = await qemu.call('query-block', null, {timeout: 100, outOfBand: true, cancellable: new Gio.Cancellable()});
  print(reply[0].device);
  // @ts-expect-error
  await qemu.call('query-block', null, {timeOut: 100});

  const events = qemu.events('STOP', 'RESUME', {capacity: 7});
  for await (const event of events)
    print(event.name, event.data.x, event.to_struct() instanceof Qmp.ShutdownEvent, events.dropped);
  // @ts-expect-error
  qemu.events({capasity: 7});

  qemu.connect('closed', (_source, error) => print(error?.message));
  qemu.connect('event::STOP', (_source, event) => print(event.name));
  try {
    await qemu.quit_async();
  } catch (error) {
    if (error instanceof Qmp.Error && error.matches(Qmp.Error, Qmp.Error.COMMAND_NOT_FOUND))
      print(error.className, error.command, error.description);
  }
  return BigInt(size ?? 0);
}

async function start(): Promise<Qmp.ShutdownStep> {
  const launcher = Qmp.Launcher.new('qemu-system-x86_64');
  launcher.agent = true;
  const version: Qmp.Version = await Qmp.using(launcher.launch_async(), machine => machine.connection.version);
  print(version.is_at_least(8, 2));
  // @ts-expect-error
  await Qmp.using(launcher, () => true);
  const machine = await launcher.launch_async();
  machine.connect('shutdown-step', (_machine, step) => print(step === Qmp.ShutdownStep.QUIT));
  return machine.shut_down_async({power_down_timeout: 10});
}

async function look(address: string): Promise<string> {
  const agent = await Qga.Connection.open_async(address);
  const process = await Qga.Process.spawn_async(agent, ['uname']);
  const [output] = await process.communicate_utf8_async();
  const time: number | bigint = await agent.guest_get_time_async();
  print(time, (await agent.call('guest-info')).version);
  return output;
}

export {control, look, start};
