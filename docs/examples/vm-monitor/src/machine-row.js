// SPDX-License-Identifier: LGPL-2.1-or-later
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk?version=4.0';
import Pango from 'gi://Pango';

const PHASES = {
    connecting: 'Connecting…',
    ended: 'Has ended',
    failed: 'No connection',
    closed: 'Not connected',
};

function createLabel(...classes) {
    return new Gtk.Label({xalign: 0, ellipsize: Pango.EllipsizeMode.END, css_classes: classes});
}

// A machine in the sidebar.
export const MachineRow = GObject.registerClass({
    GTypeName: 'MachineRow',
}, class MachineRow extends Gtk.ListBoxRow {
    constructor(monitored) {
        super();
        this.monitored = monitored;
        this._icon = new Gtk.Image();
        this._state = createLabel('dim-label', 'caption');
        const name = createLabel();
        monitored.bind_property('name', name, 'label', GObject.BindingFlags.SYNC_CREATE);

        const labels = new Gtk.Box({orientation: Gtk.Orientation.VERTICAL, spacing: 2});
        labels.append(name);
        labels.append(this._state);
        this.child = new Gtk.Box({spacing: 12, margin_top: 6, margin_bottom: 6});
        this.child.append(this._icon);
        this.child.append(labels);
        this.tooltip_text = monitored.address;

        for (const property of ['phase', 'run-state', 'running'])
            monitored.connect(`notify::${property}`, () => this._update());
        this._update();
    }

    _update() {
        const {phase, run_state: state, running} = this.monitored;
        if (phase === 'connected') {
            this._icon.icon_name = running ? 'media-playback-start-symbolic' : 'media-playback-pause-symbolic';
            this._state.label = state;
        } else {
            this._icon.icon_name = phase === 'failed' ? 'dialog-error-symbolic' : 'media-playback-stop-symbolic';
            this._state.label = PHASES[phase];
        }
    }
});
