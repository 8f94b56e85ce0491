// SPDX-License-Identifier: LGPL-2.1-or-later
import Adw from 'gi://Adw?version=1';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk?version=4.0';

import {AddDialog} from './add-dialog.js';
import {askToForce} from './force-dialog.js';
import {MachineRow} from './machine-row.js';
import './machine-view.js';
import {describe, template} from './template.js';

const VIEWS = ['overview', 'screen', 'disks', 'jobs', 'events', 'guest'];

export const Window = GObject.registerClass({
    GTypeName: 'VmMonitorWindow',
    Template: template(import.meta.url, 'window.ui'),
    InternalChildren: ['toasts', 'leaflet', 'list', 'switcher', 'bar', 'back', 'run', 'off', 'content', 'machine'],
}, class Window extends Adw.ApplicationWindow {
    constructor({machines, ...properties}) {
        super(properties);
        this._machines = machines;
        this._selected = null;
        this._handlers = [];
        this._addActions();
        const help = Gtk.Builder.new_from_file(Gio.File.new_for_uri(template(import.meta.url, 'help-overlay.ui')).get_path());
        this.set_help_overlay(help.get_object('help_overlay'));

        this._switcher.stack = this._bar.stack = this._machine.views;
        this._switcher.connect('notify::title-visible', () => this._update());
        this._back.connect('clicked', () => this._leaflet.navigate(Adw.NavigationDirection.BACK));
        this._list.bind_model(machines, monitored => new MachineRow(monitored));
        this._list.connect('row-selected', (_list, row) => this._select(row?.monitored ?? null));
        this._list.connect('row-activated', () => this._leaflet.navigate(Adw.NavigationDirection.FORWARD));
        const handler = machines.connect('items-changed', () => this._selectAny());
        this.connect('destroy', () => {
            machines.disconnect(handler);
            this._select(null);
        });
        this._selectAny();
        this._update();
    }

    // The machine that is shown, or null.
    get selected() {
        return this._selected;
    }

    select(monitored) {
        this._list.select_row(this._list.get_row_at_index(Array.from(this._machines).indexOf(monitored)));
    }

    toast(text) {
        this._toasts.add_toast(new Adw.Toast({title: GLib.markup_escape_text(text, -1)}));
    }

    _addActions() {
        const actions = {
            'add': () => this._add(),
            'run': () => this._do(machine => machine.running ? machine.pause() : machine.start()),
            'power-off': () => this._do(machine => this._powerOff(machine)),
            'force-off': () => this._do(machine => this._forceOff(machine)),
            'stop-waiting': () => this._selected?.powerOff.stopWaiting(),
            'reconnect': () => this._selected?.open(),
            'remove': () => this._machines.removeMachine(this._selected),
            'refresh': () => this._machine.refresh(),
            'close': () => this.close(),
        };
        for (const [name, callback] of Object.entries(actions)) {
            const action = new Gio.SimpleAction({name});
            action.connect('activate', callback);
            this.add_action(action);
        }
        const view = new Gio.SimpleAction({name: 'view', parameter_type: new GLib.VariantType('s')});
        view.connect('activate', (_action, name) => this._showView(name.unpack()));
        this.add_action(view);
    }

    // What a button does may fail, and the machine may be gone by then.
    _do(step) {
        const machine = this._selected;
        step(machine).catch(error => machine.report(error));
    }

    _showView(name) {
        if (VIEWS.includes(name))
            this._machine.views.visible_child_name = name;
    }

    _add() {
        const dialog = new AddDialog({transient_for: this});
        dialog.connect('chosen', (_dialog, monitor, agent) => {
            const argument = agent === '' ? monitor : `${monitor},agent=${agent}`;
            this.select(this._machines.addArgument(argument, path => path));
        });
        dialog.present();
    }

    async _powerOff(machine) {
        if (!await machine.powerOff.ask())
            await this._forceOff(machine);
    }

    async _forceOff(machine) {
        if (await askToForce(this, machine))
            await machine.powerOff.force();
    }

    _selectAny() {
        if (this._list.get_selected_row() === null && this._machines.get_n_items() > 0)
            this._list.select_row(this._list.get_row_at_index(0));
        this._content.visible_child_name = this._machines.get_n_items() > 0 ? 'machine' : 'none';
        if (this._machines.get_n_items() === 0)
            this._select(null);
    }

    _select(monitored) {
        if (monitored === this._selected)
            return;
        this._handlers.forEach(handler => this._selected.disconnect(handler));
        this._selected = monitored;
        this._handlers = monitored === null ? [] : [
            monitored.connect('notify', () => this._update()),
            monitored.connect('problem', (_monitored, text) => this.toast(text)),
        ];
        this._machine.show(monitored);
        this._update();
    }

    _update() {
        const {name = 'VM Monitor', phase = 'closed', running = false, isOpen = false} = this._selected ?? {};
        const connected = phase === 'connected';
        for (const action of ['run', 'power-off', 'force-off', 'stop-waiting', 'refresh', 'view'])
            this.lookup_action(action).enabled = connected;
        this.lookup_action('reconnect').enabled = this._selected !== null && !isOpen;
        this.lookup_action('remove').enabled = this._selected !== null;
        if (running)
            describe(this._run, 'media-playback-pause-symbolic', 'Pause');
        else
            describe(this._run, 'media-playback-start-symbolic', 'Start');
        this._run.visible = this._off.visible = connected;
        this._switcher.title = this.title = name;
        this._switcher.view_switcher_enabled = connected;
        this._bar.reveal = connected && this._switcher.title_visible;
    }
});
