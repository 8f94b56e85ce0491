# SPDX-License-Identifier: LGPL-2.1-or-later
"""What both libraries' connections have: call (), an end with the block that they
are used in, and errors that say what they are."""
import json

from gi.repository import GLib

from .calls import to_json


def make_request(library, command, arguments, fd, options):
    request = library.Request.new(command)
    if arguments is not None:
        request.set_arguments_json(to_json(arguments))
    for name, value in options.items():
        if value is not None:
            request.set_property(name.replace('_', '-'), value)
    if fd is not None:
        request.set_fd(fd)
    return request


def read(reply):
    return json.loads(reply if isinstance(reply, str) else reply.to_json())


def add_call(library):
    """Gives Connection.call () and call_async ().

    Their options are those of a request: timeout in milliseconds, sensitive; for
    QEMU out_of_band and fd; for an agent reply_size.
    """
    def call(self, command, arguments=None, *, cancellable=None, fd=None, **options):
        """Runs a command by its name, with and for native values, and blocks."""
        request = make_request(library, command, arguments, fd, options)
        return read(self.execute_request(request, cancellable))

    async def call_async(self, command, arguments=None, *, cancellable=None, fd=None, **options):
        """Runs a command by its name, with and for native values."""
        request = make_request(library, command, arguments, fd, options)
        return read(await self.execute_request_async(request, cancellable))

    library.Connection.call = call
    library.Connection.call_async = call_async


def add_errors(library):
    """Gives Error.of (), and has get_command () and get_description () work.

    Of a GError, PyGObject keeps the message alone: "command: description".
    """
    codes = library.Error
    domain = GLib.quark_to_string(codes.quark())

    def of(error):
        """Which of the library's errors it is, or None."""
        return codes(error.code) if isinstance(error, GLib.Error) and error.domain == domain else None

    def get_parts(error):
        code = of(error)
        # those up to this one are the peer's answer
        if code is None or code > codes.UNRECOGNIZED_CLASS:
            return None, None
        command, _, description = error.message.partition(': ')
        return command, description

    codes.of = staticmethod(of)
    codes.get_command = staticmethod(lambda error: get_parts(error)[0])
    codes.get_description = staticmethod(lambda error: get_parts(error)[1])


def add_context(kind, end, end_async):
    """Ends it with the block it is used in; both are told of the block's exception."""
    def enter(self):
        return self

    async def enter_async(self):
        return self

    def leave(self, _kind, error, _traceback):
        end(self, error)

    async def leave_async(self, _kind, error, _traceback):
        await end_async(self, error)

    kind.__enter__ = enter
    kind.__exit__ = leave
    kind.__aenter__ = enter_async
    kind.__aexit__ = leave_async


def add_closing(kind):
    async def close_async(self, _error):
        await self.close_async()

    add_context(kind, lambda self, _error: self.close(), close_async)
