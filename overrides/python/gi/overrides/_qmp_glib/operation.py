# SPDX-License-Identifier: LGPL-2.1-or-later
"""Asynchronous calls as something to await."""
import asyncio

from gi.repository import Gio, GLib, GObject

from .loop import join


class Operation(asyncio.Future):
    """What a call that ends in _async returns: it has begun, and can be awaited.

    What it gives may be used as a context: async with open_async (…) as it.
    """

    opened = None

    async def __aenter__(self):
        self.opened = await self
        return await self.opened.__aenter__()

    async def __aexit__(self, *reason):
        return await self.opened.__aexit__(*reason)


class Chain:
    """A cancellable of our own, which the caller's cancels as well."""

    def __init__(self, given):
        self.own = Gio.Cancellable()
        self.given = given
        self.handler = 0
        if given is not None:
            self.handler = GObject.Object.connect(given, 'cancelled', self.on_cancelled)
            if given.is_cancelled():
                self.own.cancel()

    def on_cancelled(self, _given):
        self.own.cancel()

    def release(self):
        if self.handler:
            GObject.Object.disconnect(self.given, self.handler)
            self.handler = 0


def settle(operation, finish, result):
    try:
        value = finish(result)
    except GLib.Error as error:
        if not operation.cancelled():
            operation.set_exception(error)
    else:
        if not operation.cancelled():
            operation.set_result(value)


def begin(loop, start, finish, cancellable=None):
    """Calls start (cancellable, callback), and returns what is to be awaited."""
    join(loop)
    operation = Operation(loop=loop)
    chain = Chain(cancellable)

    def on_ready(_source, result, *_data):
        chain.release()
        settle(operation, finish, result)

    def on_done(done):
        if done.cancelled():
            chain.own.cancel()

    operation.add_done_callback(on_done)
    try:
        start(chain.own, on_ready)
    except BaseException:
        chain.release()
        raise
    return operation
