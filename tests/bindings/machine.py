# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Machines from their start to their end, as Python sees them.
import os
import signal
import sys

import gi

gi.require_version('Qmp', '1.0')
from gi.repository import Qmp  # noqa: E402

from harness import equal, fails, run_all, run_until, test, wait  # noqa: E402

# Boot sectors that write to a port and stand still: out dx, al; out dx, ax
PANIC = bytes([0xba, 0x05, 0x05, 0xb0, 0x01, 0xee])
POWER_OFF = bytes([0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef])


def new_launcher(*more):
    launcher = Qmp.Launcher.new(os.environ.get('QEMU') or 'qemu-system-x86_64')
    launcher.set_arguments(['-machine', 'pc', '-accel', 'tcg', '-m', '16', '-nodefaults', '-display', 'none', '-S', *more])
    return launcher


def launch_code(peer, code, *more):
    with open(peer.folder + '/boot.img', 'wb') as file:
        file.write((code + b'\xf4\xeb\xfd').ljust(510, b'\0') + b'\x55\xaa')
    launcher = new_launcher(*more)
    launcher.append_option('drive', f'if=ide,format=raw,snapshot=on,file={peer.folder}/boot.img')
    return launcher.launch()


def listen(machine, name):
    told = []
    machine.connect(name, lambda _, *values: told.append(values))
    return told


def end(machine, **properties):
    """Gives the step that ends it, and all that were taken."""
    steps = listen(machine, 'shutdown-step')
    _, result = wait(machine.shut_down_async, Qmp.ShutdownOptions(**properties), None)
    return machine.shut_down_finish(result), [step for step, in steps]


@test
def its_life(_, peer):
    machine = new_launcher().launch()
    assert machine.props.launched
    equal(machine.props.run_state, Qmp.RunState.PRELAUNCH)
    assert machine.start()
    assert machine.props.running
    assert machine.pause()
    equal(machine.get_run_state(), Qmp.RunState.PAUSED)
    ended = listen(machine, 'ended')
    # nobody is in there who would heed the power button
    step, steps = end(machine, power_down_timeout=50, power_down_interval=0)
    equal(step, Qmp.ShutdownStep.QUIT)
    equal(steps, [Qmp.ShutdownStep.POWER_DOWN, Qmp.ShutdownStep.QUIT])
    run_until(lambda: ended)
    assert not machine.props.alive
    equal(machine.get_exit_status(), 0)
    equal(machine.shut_down(None), Qmp.ShutdownStep.NONE)


@test
def reset(_, peer):
    machine = new_launcher().launch()
    told = listen(machine, 'guest-reset')
    assert machine.reset()
    run_until(lambda: told)
    equal(told, [(Qmp.ShutdownCause.HOST_QMP_SYSTEM_RESET,)])
    equal(machine.props.shutdown_cause, Qmp.ShutdownCause.HOST_QMP_SYSTEM_RESET)
    machine.kill()
    assert machine.wait()
    equal(machine.get_term_signal(), signal.SIGKILL)


@test
def panic(_, peer):
    machine = launch_code(peer, PANIC, '-device', 'pvpanic', '-action', 'panic=pause')
    told = listen(machine, 'guest-panicked')
    machine.start()
    run_until(lambda: machine.props.run_state == Qmp.RunState.GUEST_PANICKED)
    equal(told, [(Qmp.GuestPanicAction.PAUSE, None)])
    assert machine.props.panicked
    equal(machine.get_panic_information(), None)
    equal(end(machine), (Qmp.ShutdownStep.QUIT, [Qmp.ShutdownStep.QUIT]))


@test
def off_yet_there(_, peer):
    machine = launch_code(peer, POWER_OFF, '-no-shutdown')
    told = listen(machine, 'guest-shutdown')
    machine.start()
    run_until(lambda: machine.props.run_state == Qmp.RunState.SHUTDOWN)
    equal(told, [(Qmp.ShutdownCause.GUEST_SHUTDOWN,)])
    assert machine.props.alive
    fails(Qmp.error_quark(), Qmp.Error.GENERIC, machine.start)
    equal(end(machine), (Qmp.ShutdownStep.QUIT, [Qmp.ShutdownStep.QUIT]))


@test
def attached(qemu, peer):
    qemu.close()
    machine = Qmp.Machine.attach(peer.address, None)
    assert not machine.props.launched
    equal(machine.get_address(), peer.address)
    equal(machine.shut_down(Qmp.ShutdownOptions(power_down_timeout=0)), Qmp.ShutdownStep.QUIT)


@test
def a_qemu_that_does_not_start(_, peer):
    error = fails(Qmp.error_quark(), Qmp.Error.LAUNCH_FAILED, new_launcher('-device', 'no-such-device').launch)
    assert 'no-such-device' in error.message


sys.exit(run_all('START_QEMU', Qmp.Connection.open))
