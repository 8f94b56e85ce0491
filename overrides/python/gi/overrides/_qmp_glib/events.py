# SPDX-License-Identifier: LGPL-2.1-or-later
"""for event in connection.events (…), and async for."""
import json

from gi.repository import Gio, GLib

# As many as wait for whoever reads them.
CAPACITY = 256


class Events:
    """Events one after the other, until the connection ends in order.

    The watch ends with close (), with a block that this is used in, or when
    nobody has it any more.
    """

    def __init__(self, stream, cancellable):
        self._stream = stream
        self._mine = cancellable is None
        self._cancellable = Gio.Cancellable() if self._mine else cancellable
        self._waiting = 0
        self._closed = False
        self._dropped = 0

    @property
    def dropped(self):
        """How many were lost, since nobody read them in time."""
        return self._dropped if self._stream is None else self._stream.get_dropped()

    def close(self):
        self._closed = True
        if self._waiting == 0:
            self._end()
        elif self._mine:
            self._cancellable.cancel()

    def _end(self):
        # whoever still has the stream does not gather events
        stream, self._stream = self._stream, None
        if stream is not None:
            self._dropped = stream.get_dropped()
            stream.run_dispose()

    def __iter__(self):
        return self

    def __next__(self):
        event = None if self._closed else self._stream.next(self._cancellable)
        if event is None:
            self.close()
            raise StopIteration
        return event

    def __aiter__(self):
        return self

    async def __anext__(self):
        event = None if self._closed else await self._wait()
        if event is None:
            self.close()
            raise StopAsyncIteration
        return event

    async def _wait(self):
        self._waiting += 1
        try:
            return await self._stream.next_async(self._cancellable)
        except GLib.Error as error:
            if not self._closed or not error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED):
                raise
            return None
        finally:
            self._waiting -= 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        self.close()


def add_events(library):
    def events(self, *names, capacity=CAPACITY, timeout=None, cancellable=None):
        """Watches events of these names, or all of them, from now on.

        timeout is how many milliseconds to wait for the next one.
        """
        stream = self.watch_events(list(names) or None, capacity)
        stream.set_timeout(GLib.MAXINT32 if timeout is None else timeout)
        return Events(stream, cancellable)

    library.Connection.events = events
    library.Event.name = property(lambda self: self.get_name())
    library.Event.timestamp = property(lambda self: self.get_timestamp())
    library.Event.data = property(lambda self: json.loads(self.get_data_json()))
