# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions that introspection has made, made comfortable: what is asynchronous
can be awaited, and typed arguments may be dicts."""
import json
import sys


def to_json(value):
    """Of native values, typed objects among them; integers are exact."""
    return json.dumps(value, allow_nan=False, default=to_native)


def to_native(value):
    if hasattr(value, 'to_json'):
        return json.loads(value.to_json())
    raise TypeError(f'JSON has no {type(value).__name__}')


def type_of(argument):
    # newer versions of PyGObject have another name for it
    return argument.get_type_info() if hasattr(argument, 'get_type_info') else argument.get_type()


class Signature:
    """Which arguments a function takes, in the order that Python gives them."""

    def __init__(self, info):
        arguments = info.get_arguments()
        hidden = {argument.get_destroy() for argument in arguments}
        hidden |= {type_of(argument).get_array_length() for argument in arguments}
        taken = [argument for number, argument in enumerate(arguments)
                 if number not in hidden and argument.get_direction() != 1]
        self.names = [argument.get_name() for argument in taken]
        self.types = {argument.get_name(): type_of(argument) for argument in taken}

    def has(self, name, args, kwargs):
        return name in kwargs or (name in self.names and self.names.index(name) < len(args))

    def named(self, args, kwargs):
        """All arguments by name."""
        if len(args) > len(self.names):
            raise TypeError(f'takes at most {len(self.names)} arguments, got {len(args)}')
        return {**dict(zip(self.names, args)), **kwargs}


class Call:
    """Stands for a function of a class, and looks at it when it is called."""

    __slots__ = ('library', 'info', 'finish', 'defaults', 'signature')

    def __init__(self, library, info, finish=None, defaults=None):
        self.library = library
        self.info = info
        self.finish = finish
        self.defaults = defaults
        self.signature = None

    def __get__(self, instance, owner):
        return BoundCall(self, instance, owner)

    def get_signature(self):
        if self.signature is None:
            self.signature = Signature(self.info)
        return self.signature

    def convert(self, name, value):
        """Makes typed objects of dicts, and of the dicts in a list."""
        if isinstance(value, (list, tuple)):
            return [self.convert(name, element) for element in value]
        if not isinstance(value, dict) or name not in self.get_signature().types:
            return value
        kind = self.get_signature().types[name]
        while kind.get_interface() is None and kind.get_param_type(0) is not None:
            kind = kind.get_param_type(0)
        found = kind.get_interface()
        return make_object(self.library, getattr(self.library, found.get_name()), value)


def make_object(library, kind, value):
    """A typed value has QEMU's names; options have those of their properties."""
    if issubclass(kind, library.Struct):
        return kind.new_from_json(to_json(value))
    if isinstance(value.get('limits'), dict):
        value = {**value, 'limits': library.Limits(**value['limits'])}
    return kind(**value)


def has_plain(values):
    return any(isinstance(value, (dict, list, tuple)) for value in values)


def running_loop():
    # importing asyncio takes longer than all of this; who has a loop, has done so
    asyncio = sys.modules.get('asyncio')
    return asyncio._get_running_loop() if asyncio is not None else None


class BoundCall:
    __slots__ = ('call', 'instance', 'owner')

    def __init__(self, call, instance, owner):
        self.call = call
        self.instance = instance
        self.owner = owner

    @property
    def __name__(self):
        return self.call.info.__name__

    @property
    def __doc__(self):
        return self.call.info.__doc__

    def __repr__(self):
        return repr(self.call.info)

    def get_first(self):
        """What goes before the arguments."""
        if self.call.info.is_constructor():
            return (self.owner,)
        return (self.instance,) if self.call.info.is_method() else ()

    def __call__(self, *args, **kwargs):
        call = self.call
        if self.instance is None and args and call.info.is_method():
            return BoundCall(call, args[0], self.owner)(*args[1:], **kwargs)
        if call.defaults:
            kwargs = self.complete(args, kwargs)
        if has_plain(args) or has_plain(kwargs.values()):
            args, kwargs = self.convert(args, kwargs)
        if call.finish is not None:
            loop = running_loop()
            if loop is not None and not call.get_signature().has('callback', args, kwargs):
                return self.begin(loop, args, kwargs)
        return call.info(*self.get_first(), *args, **kwargs)

    def complete(self, args, kwargs):
        """What is None may be left out by itself, but numbers may not."""
        signature = self.call.get_signature()
        return {**{name: value for name, value in self.call.defaults.items() if not signature.has(name, args, kwargs)}, **kwargs}

    def convert(self, args, kwargs):
        names = self.call.get_signature().names
        return ([self.call.convert(name, value) for name, value in zip(names, args)] + list(args[len(names):]),
                {name: self.call.convert(name, value) for name, value in kwargs.items()})

    def begin(self, loop, args, kwargs):
        from .operation import begin
        named = self.call.get_signature().named(args, kwargs)
        first = self.get_first()

        def start(cancellable, callback):
            self.call.info(*first, **{**named, 'cancellable': cancellable, 'callback': callback})

        def finish(result):
            return self.call.finish(*first, result)

        return begin(loop, start, finish, named.pop('cancellable', None))


def improve(library, names, defaults):
    """Makes the functions of these classes comfortable."""
    for class_name in names:
        owner = getattr(library, class_name)
        functions = {name: value for name, value in vars(owner).items()
                     if hasattr(value, 'get_arguments') and not name.endswith('_finish')}
        for name, info in functions.items():
            finish = vars(owner)[name[:-len('async')] + 'finish'] if name.endswith('_async') else None
            setattr(owner, name, Call(library, info, finish, defaults.get(class_name, {}).get(name)))

