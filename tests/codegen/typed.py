# SPDX-License-Identifier: LGPL-2.1-or-later
"""The typed interface of a library as introspection shows it."""

import sys
from dataclasses import dataclass
from pathlib import Path

import gi

gi.require_version('Qmp', '1.0')
gi.require_version('Qga', '1.0')
from gi.repository import Gio, GLib, GObject, Qga, Qmp  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tools' / 'codegen'))
from description import Description  # noqa: E402
from model import Model  # noqa: E402
from names import accessor, property_name, snake  # noqa: E402

LIBRARIES = {'Qmp': Qmp, 'Qga': Qga}
INTEGERS = {GObject.TYPE_INT, GObject.TYPE_UINT, GObject.TYPE_INT64, GObject.TYPE_UINT64}
SIMPLE = {
    GObject.TYPE_BOOLEAN: 'boolean', GObject.TYPE_DOUBLE: 'number', GObject.TYPE_STRING: 'string',
    GObject.TYPE_STRV: 'strings', GObject.TYPE_VARIANT: 'integers', GLib.Bytes.__gtype__: 'bytes',
    **{each: 'integer' for each in INTEGERS},
}
TAGS = {'gboolean': 'boolean', 'gdouble': 'number', 'utf8': 'string', 'void': 'nothing'}


@dataclass
class Slot:
    """Where a value goes, or comes from: its kind, and the class or the enum that it is of."""

    kind: str
    of: object = None


class Library:
    """What there is, by the names that it should have."""

    def __init__(self, prefix):
        self.prefix, self.space = prefix, LIBRARIES[prefix]
        self.description = Description(ROOT / f'{prefix.lower()}-glib' / 'api')
        self.model = Model(prefix, self.description)
        self.made = {made.name: made for made in self.model.all_classes()}

    def find(self, name):
        """A class or an enum, or None."""
        return getattr(self.space, name, None)

    def method(self, owner, name):
        """A method, or None."""
        return getattr(owner, name, None)

    def read_type(self, info):
        """What introspection says of a type."""
        tag = info.get_tag_as_string()
        if tag == 'array':
            element = self.read_type(info.get_param_type(0))
            return Slot(element.kind + 's', element.of)
        if tag != 'interface':
            return Slot(TAGS.get(tag, 'integer'))
        name = info.get_interface().get_name()
        if name == 'Bytes':
            return Slot('bytes')
        found = self.find(name)
        return Slot('enum' if isinstance(found, type) and issubclass(found, GObject.GEnum) else 'object', found)

    def read_property(self, owner, member):
        """A member's property, or None; the elements of a list are told by its getter."""
        spec = next((each for each in owner.list_properties() if each.name == property_name(member)), None)
        if spec is None:
            return None
        if spec.value_type in SIMPLE:
            return Slot(SIMPLE[spec.value_type], self.listed_enum(owner, member))
        if spec.value_type.is_a(GObject.TYPE_ENUM):
            return Slot('enum', self.find(spec.value_type.name[3:]))
        if spec.value_type == Gio.ListModel.__gtype__:
            return self.read_type(getattr(owner, accessor('get', member)).get_return_type())
        return Slot('object', self.find(spec.value_type.name[3:]))

    def listed_enum(self, owner, member):
        """A list of names says in its documentation alone which enum they are of: here the description does."""
        made = self.made.get(owner.__name__)
        value = next((each for each in made.members if each.name == member), None) if made else None
        return self.find(value.target.c_name[3:]) if value is not None and value.kind == 'ENUM' else None


def nicks(enum):
    """The names of an enum's values."""
    return {each.value_nick: number for number, each in enum.__enum_values__.items()}


__all__ = ['GLib', 'GObject', 'Gio', 'Library', 'Slot', 'accessor', 'nicks', 'snake']
