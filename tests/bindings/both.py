# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Both libraries in one process, and what one hears of the other's peer.
import sys

import gi

gi.require_version('Qmp', '1.0')
gi.require_version('Qga', '1.0')
from gi.repository import GLib, Qga, Qmp  # noqa: E402

from harness import Peer, equal, run_all, run_until, test  # noqa: E402


@test
def types(agent, peer):
    equal(Qmp.Connection.__gtype__.name, 'QmpConnection')
    equal(Qga.Connection.__gtype__.name, 'QgaConnection')


@test
def errors(agent, peer):
    error = GLib.Error.new_literal(Qga.error_quark(), 'of the agent', Qga.Error.GENERIC)
    assert error.matches(Qga.error_quark(), Qga.Error.GENERIC)
    assert not error.matches(Qmp.error_quark(), Qmp.Error.GENERIC)


@test
def a_monitor_for_an_agent(agent, peer):
    with Peer('START_QEMU') as emulator:
        qemu = Qmp.Connection.open(emulator.address)
        agent.watch_monitor(qemu)
        qemu.execute_json('system_reset')
        run_until(lambda: agent.props.generation == 2)
        equal(agent.execute_json('guest-ping'), '{}')
        equal(agent.props.responsive, True)


sys.exit(run_all('START_AGENT', Qga.Connection.open))
