// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m vm.js GUEST [QEMU]
//
// Boots the guest of tools/guest/build, runs a command in there, and has it shut
// itself down.
import Qga from 'gi://Qga?version=1.0';
import Qmp from 'gi://Qmp?version=1.0';

const [guest, program = 'qemu-system-x86_64'] = ARGV;
const launcher = Qmp.Launcher.new(program);
launcher.set_arguments(['-nodefaults', '-display', 'none', '-machine', 'pc', '-m', '192',
    '-kernel', `${guest}/vmlinuz`, '-initrd', `${guest}/initrd`, '-append', 'quiet panic=-1 rdinit=/bin/init']);
launcher.agent = true;

// whatever happens in there, the machine is gone at its end
await Qmp.using(launcher.launch_async(), async machine => {
    const agent = await Qga.Connection.open_async(machine.get_agent_address());
    const process = await Qga.Process.spawn_async(agent, ['uname', '-s']);
    const [output] = await process.communicate_utf8_async();
    print(`In there is ${output.trimEnd()}.`);

    // by its agent; without this, by the power button
    machine.connect('power-down', () => {
        agent.shutdown_async(Qga.ShutdownMode.POWERDOWN).catch(error => printerr(error.message));
        return true;
    });
    const step = await machine.shut_down_async();
    print(step === Qmp.ShutdownStep.POWER_DOWN ? 'It has shut itself down.' : 'It had to be shut down.');
});
