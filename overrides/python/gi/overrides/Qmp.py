# SPDX-License-Identifier: LGPL-2.1-or-later
"""What PyGObject adds to qmp-glib as it loads it."""
from ..module import get_introspection_module
from ._qmp_glib.calls import improve
from ._qmp_glib.connection import add_call, add_closing, add_context, add_errors
from ._qmp_glib.events import add_events
from ._qmp_glib.qmp_defaults import DEFAULTS

Qmp = get_introspection_module('Qmp')

__all__ = []


def how_to_end(error):
    """After an exception, nobody waits for the guest."""
    return None if error is None else Qmp.ShutdownOptions(power_down_timeout=0)


def end_machine(machine, error):
    """A machine of ours goes; another one stays as it is."""
    if not machine.get_launched():
        machine.get_connection().close()
    elif machine.get_alive():
        machine.shut_down(how_to_end(error))


async def end_machine_async(machine, error):
    if not machine.get_launched():
        await machine.get_connection().close_async()
    elif machine.get_alive():
        await machine.shut_down_async(how_to_end(error))


improve(Qmp, ['Connection', 'EventStream', 'ExternalSnapshot', 'Job', 'Launcher', 'Listener', 'Machine', 'Migration', 'QomNode', 'Version'],
        DEFAULTS)
add_call(Qmp)
add_errors(Qmp)
add_events(Qmp)
add_closing(Qmp.Connection)
add_context(Qmp.Machine, end_machine, end_machine_async)
