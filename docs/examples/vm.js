// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m vm.js GUEST [QEMU]
//
// Boots the guest of tools/guest/build, takes a snapshot with a progress bar,
// runs a command in there, and has it shut itself down.
import Gio from 'gi://Gio';
import Qga from 'gi://Qga?version=1.0';
import Qmp from 'gi://Qmp?version=1.0';

Gio._promisify(Gio.Subprocess.prototype, 'wait_check_async', 'wait_check_finish');

function draw(job) {
    print(`[${'#'.repeat(10 * Math.max(job.fraction, 0)).padEnd(10)}]`);
}

const [guest, program = 'qemu-system-x86_64'] = ARGV;
const [file] = Gio.File.new_tmp('vm-XXXXXX.qcow2');
const filename = file.get_path();
await Gio.Subprocess.new(['qemu-img', 'create', '-q', '-f', 'qcow2', filename, '64M'], 0).wait_check_async(null);

const launcher = Qmp.Launcher.new(program);
launcher.set_arguments(['-nodefaults', '-display', 'none', '-machine', 'pc', '-m', '192',
    '-kernel', `${guest}/vmlinuz`, '-initrd', `${guest}/initrd`, '-append', 'quiet panic=-1 rdinit=/bin/init']);
launcher.append_struct('blockdev', new Qmp.BlockdevOptionsQcow2Branch({
    node_name: 'disk',
    file: new Qmp.BlockdevRef({definition: new Qmp.BlockdevOptionsFileBranch({filename})}),
}));
launcher.append_option('device', 'virtio-blk-pci,drive=disk');
launcher.agent = true;
// QEMU has its image open by then
const machine = await launcher.launch_async().finally(() => file.delete(null));

const agent = await Qga.Connection.open_async(machine.get_agent_address());
const process = await Qga.Process.spawn_async(agent, ['uname', '-s']);
const [output] = await process.communicate_utf8_async();
print(`In there is ${output.trimEnd()}.`);

const request = Qmp.Request.new('snapshot-save');
request.set_arguments_json(JSON.stringify({'job-id': 'save', tag: 'first', vmstate: 'disk', devices: ['disk']}));
const job = await Qmp.Job.start_async(machine.connection, request);
draw(job);
job.connect('notify::fraction', () => draw(job));
await job.wait_async();
await job.dismiss_async();
print('The snapshot is taken.');

machine.connect('power-down', () => {
    agent.shutdown_async(Qga.ShutdownMode.POWERDOWN).catch(error => printerr(error.message));
    return true;
});
const step = await machine.shut_down_async();
print(step === Qmp.ShutdownStep.POWER_DOWN ? 'It has shut itself down.' : 'It had to be shut down.');
