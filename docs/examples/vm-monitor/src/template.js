// SPDX-License-Identifier: LGPL-2.1-or-later
import GLib from 'gi://GLib';
import Gtk from 'gi://Gtk?version=4.0';

// The template that stands beside a module, whose URL is `url`.
export function template(url, name) {
    return GLib.Uri.resolve_relative(url, name, GLib.UriFlags.NONE);
}

// A button that has an icon only: what it does, for those who see it and who do not.
export function describe(button, iconName, text) {
    button.icon_name = iconName;
    button.tooltip_text = text;
    button.update_property([Gtk.AccessibleProperty.LABEL], [text]);
}
