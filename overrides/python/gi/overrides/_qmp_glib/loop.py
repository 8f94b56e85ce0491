# SPDX-License-Identifier: LGPL-2.1-or-later
"""asyncio and GLib in one thread.

asyncio's own loop stays in charge: only where it would wait, GLib's main context
waits, for both.  asyncio.run () and everything else works as ever.
"""
import math
import selectors
import threading

from gi.repository import GLib

# How many turns are left for what was cancelled when its loop closes.
LAST_TURNS = 100


class Doorbell(GLib.Source):
    """Wakes the context when one of asyncio's files is ready, or its time is up."""

    def __init__(self, fd):
        super().__init__()
        self.timeout = -1
        self.poll = GLib.PollFD(fd, GLib.IOCondition.IN)
        self.add_poll(self.poll)

    def prepare(self):
        return False, self.timeout

    def check(self):
        return self.poll.revents != 0

    def dispatch(self, _callback, _arguments):
        return True

    def finalize(self):
        pass


class ContextSelector(selectors.BaseSelector):
    """Another selector, which runs a main context while it waits."""

    def __init__(self, selector, context, is_own):
        self.selector = selector
        self.context = context
        self.is_own = is_own
        # an epoll is ready when one of its files is
        self.doorbell = Doorbell(selector.fileno())
        self.doorbell.attach(context)

    def select(self, timeout=None):
        may_wait = timeout is None or timeout > 0
        self.doorbell.timeout = math.ceil(timeout * 1000) if timeout else -1
        self.context.iteration(may_wait)
        return self.selector.select(0)

    def close(self):
        for _ in range(LAST_TURNS):
            if not self.context.iteration(False):
                break
        self.doorbell.destroy()
        if self.is_own:
            self.context.pop_thread_default()
        self.selector.close()

    def register(self, fileobj, events, data=None):
        return self.selector.register(fileobj, events, data)

    def unregister(self, fileobj):
        return self.selector.unregister(fileobj)

    def modify(self, fileobj, events, data=None):
        return self.selector.modify(fileobj, events, data)

    def get_key(self, fileobj):
        return self.selector.get_key(fileobj)

    def get_map(self):
        return self.selector.get_map()


def choose_context():
    """The context that calls of this thread come back in, and whether it is new."""
    context = GLib.MainContext.get_thread_default()
    if context is None and threading.current_thread() is not threading.main_thread():
        # the default one is the main thread's
        context = GLib.MainContext()
        context.push_thread_default()
        return context, True
    context = context or GLib.MainContext.default()
    if not context.acquire():
        raise RuntimeError('another thread runs the main context of this one')
    context.release()
    return context, False


def runs_glib(loop):
    """Whether the loop is PyGObject's own, of newer versions."""
    return type(loop).__module__ == 'gi.events'


def join(loop):
    """Has a running loop run this thread's main context, too."""
    selector = getattr(loop, '_selector', None)
    if isinstance(selector, ContextSelector) or runs_glib(loop):
        return
    if not hasattr(selector, 'fileno'):
        raise RuntimeError(f'{type(loop).__name__} cannot run a main context of GLib; asyncio.SelectorEventLoop can')
    loop._selector = ContextSelector(selector, *choose_context())
