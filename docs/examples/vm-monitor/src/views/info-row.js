// SPDX-License-Identifier: LGPL-2.1-or-later
import Adw from 'gi://Adw?version=1';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk?version=4.0';
import Pango from 'gi://Pango';

// A title, and at its other end a value that can be copied. Neither is markup.
export const InfoRow = GObject.registerClass({
    GTypeName: 'InfoRow',
    Properties: {
        'value': GObject.ParamSpec.string('value', '', '', GObject.ParamFlags.READWRITE, ''),
    },
}, class InfoRow extends Adw.ActionRow {
    constructor(properties = {}) {
        super({use_markup: false, ...properties});
        const label = new Gtk.Label({
            selectable: true,
            ellipsize: Pango.EllipsizeMode.MIDDLE,
            xalign: 1,
            hexpand: true,
            css_classes: ['dim-label'],
        });
        this.bind_property('value', label, 'label', GObject.BindingFlags.SYNC_CREATE);
        this.add_suffix(label);
        this.use_markup = false;
    }
});
