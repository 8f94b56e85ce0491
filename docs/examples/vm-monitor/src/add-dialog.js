// SPDX-License-Identifier: LGPL-2.1-or-later
import Adw from 'gi://Adw?version=1';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk?version=4.0';

import {template} from './template.js';

// Asks for a machine's two sockets.
export const AddDialog = GObject.registerClass({
    GTypeName: 'AddDialog',
    Template: template(import.meta.url, 'add-dialog.ui'),
    InternalChildren: ['monitor', 'agent', 'add', 'choose_monitor', 'choose_agent'],
    Signals: {'chosen': {param_types: [GObject.TYPE_STRING, GObject.TYPE_STRING]}},
}, class AddDialog extends Adw.Window {
    constructor(properties = {}) {
        super(properties);
        this._monitor.connect('changed', () => (this._add.sensitive = this._monitor.text.trim() !== ''));
        this._add.connect('clicked', () => {
            this.emit('chosen', this._monitor.text.trim(), this._agent.text.trim());
            this.close();
        });
        this._choose_monitor.connect('clicked', () => this._choose(this._monitor));
        this._choose_agent.connect('clicked', () => this._choose(this._agent));
    }

    _choose(row) {
        // held here, or it would go with this function
        this._chooser = new Gtk.FileChooserNative({title: 'Choose a Socket', transient_for: this, modal: true});
        this._chooser.connect('response', (chooser, response) => {
            if (response === Gtk.ResponseType.ACCEPT)
                row.text = chooser.get_file().get_path() ?? '';
            this._chooser = null;
        });
        this._chooser.show();
    }
});
