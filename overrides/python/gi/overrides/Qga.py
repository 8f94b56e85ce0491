# SPDX-License-Identifier: LGPL-2.1-or-later
"""What PyGObject adds to qga-glib as it loads it."""
from ..module import get_introspection_module
from ._qmp_glib.calls import improve
from ._qmp_glib.connection import add_call, add_closing, add_context, add_errors
from ._qmp_glib.qga_defaults import DEFAULTS

Qga = get_introspection_module('Qga')

__all__ = []


def thaw(guard, _error):
    if not guard.get_thawed():
        guard.thaw()


async def thaw_async(guard, _error):
    if not guard.get_thawed():
        await guard.thaw_async()


improve(Qga, ['Connection', 'File', 'FreezeGuard', 'Process'], DEFAULTS)
add_call(Qga)
add_errors(Qga)
add_closing(Qga.Connection)
add_context(Qga.FreezeGuard, thaw, thaw_async)
