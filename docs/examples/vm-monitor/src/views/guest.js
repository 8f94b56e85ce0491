// SPDX-License-Identifier: LGPL-2.1-or-later
import Adw from 'gi://Adw?version=1';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk?version=4.0';

import {template} from '../template.js';
import {clean, formatSize} from '../text.js';
import {InfoRow} from './info-row.js';

// A guest may have, or invent, any number.
const MOST_ROWS = 30;

function createInterfaceRow(network) {
    const addresses = (network.get_ip_addresses() ?? []).map(address => address.ip_address);
    return new InfoRow({title: clean(network.name), value: clean(addresses.join(', ') || 'No address')});
}

function createFileSystemRow(system) {
    const row = new InfoRow({title: clean(system.mountpoint), subtitle: clean(`${system.name} · ${system.get_type_member()}`)});
    if (system.has_used_bytes() && system.has_total_bytes()) {
        row.value = `${formatSize(system.used_bytes)} of ${formatSize(system.total_bytes)}`;
        row.add_suffix(new Gtk.LevelBar({
            value: Math.min(Number(system.used_bytes) / Math.max(Number(system.total_bytes), 1), 1),
            width_request: 120,
            valign: Gtk.Align.CENTER,
        }));
    }
    return row;
}

function fill(list, values, createRow) {
    for (let row = list.get_first_child(); row; row = list.get_first_child())
        list.remove(row);
    for (const value of values.slice(0, MOST_ROWS))
        list.append(createRow(value));
    // its group is its parent's parent's parent
    list.get_ancestor(Adw.PreferencesGroup).visible = values.length > 0;
}

export const GuestView = GObject.registerClass({
    GTypeName: 'GuestView',
    Template: template(import.meta.url, 'guest.ui'),
    InternalChildren: ['stack', 'silence', 'system', 'kernel', 'host_name', 'users', 'agent', 'interfaces', 'file_systems'],
}, class GuestView extends Adw.Bin {
    constructor(properties = {}) {
        super(properties);
        this._guest = null;
    }

    show(monitored) {
        this._handlers?.forEach(handler => this._guest.disconnect(handler));
        this._guest = monitored.guest;
        this._handlers = [
            this._guest.connect('notify::state', () => this._showPage()),
            this._guest.connect('changed', () => this._fill()),
        ];
        if (this._guest.state === 'answering')
            this._fill();
        this._showPage();
    }

    refresh() {
        this._guest?.refresh().catch(logError);
    }

    _showPage() {
        const {state, message, address} = this._guest;
        this._silence.description = GLib.markup_escape_text(message, -1);
        this._stack.visible_child_name = state === 'absent' && address !== null ? 'asking' : state;
    }

    _fill() {
        const {system, hostName, users, interfaces, fileSystems, agent} = this._guest;
        this._system.value = clean(system?.pretty_name ?? 'Unknown');
        this._kernel.value = clean(system?.kernel_release ?? 'Unknown');
        this._host_name.value = clean(hostName?.host_name ?? 'Unknown');
        this._users.value = clean(users.map(user => user.user).join(', ') || 'Nobody');
        this._agent.value = clean(agent.dup_agent_version() ?? 'Unknown');
        fill(this._interfaces, interfaces, createInterfaceRow);
        fill(this._file_systems, fileSystems, createFileSystemRow);
    }
});
