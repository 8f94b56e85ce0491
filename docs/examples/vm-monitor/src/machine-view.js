// SPDX-License-Identifier: LGPL-2.1-or-later
import Adw from 'gi://Adw?version=1';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';

import {template} from './template.js';
import {clean} from './text.js';
import './views/overview.js';
import './views/screen.js';
import './views/disks.js';
import './views/jobs.js';
import './views/events.js';
import './views/guest.js';

// One machine: while it is connected its views, otherwise why it is not.
export const MachineView = GObject.registerClass({
    GTypeName: 'MachineView',
    Template: template(import.meta.url, 'machine-view.ui'),
    InternalChildren: ['stack', 'connecting', 'gone', 'reconnect', 'power_off', 'step', 'views', 'jobs_page',
        'overview', 'screen', 'disks', 'jobs', 'events', 'guest'],
}, class MachineView extends Adw.Bin {
    constructor(properties = {}) {
        super(properties);
        this._monitored = null;
        this._handlers = [];
    }

    get views() {
        return this._views;
    }

    show(monitored) {
        this._forget();
        this._monitored = monitored;
        if (monitored === null)
            return;
        const watch = (object, signal, callback) => this._handlers.push([object, object.connect(signal, callback)]);
        watch(monitored, 'notify::phase', () => this._showPhase());
        watch(monitored.powerOff, 'notify::step', () => this._showStep());
        this._showPhase();
        this._showStep();
    }

    // What has no events is asked for again.
    refresh() {
        this[`_${this._views.visible_child_name}`].refresh?.();
    }

    _forget() {
        for (const [object, handler] of this._handlers)
            object.disconnect(handler);
        this._handlers = [];
        this._jobsBinding?.unbind();
        this._jobsBinding = null;
    }

    _showPhase() {
        const {phase, message, name, address, jobs} = this._monitored;
        switch (phase) {
        case 'connected':
            for (const view of [this._overview, this._screen, this._disks, this._jobs, this._events, this._guest])
                view.show(this._monitored);
            this._jobsBinding?.unbind();
            this._jobsBinding = jobs.bind_property('n-items', this._jobs_page, 'badge-number', GObject.BindingFlags.SYNC_CREATE);
            this._stack.visible_child_name = 'connected';
            break;
        case 'connecting':
            this._connecting.description = GLib.markup_escape_text(clean(address), -1);
            this._stack.visible_child_name = 'connecting';
            break;
        default:
            this._gone.icon_name = phase === 'failed' ? 'dialog-error-symbolic' : 'system-shutdown-symbolic';
            this._gone.title = phase === 'failed' ? `No Connection to “${name}”` : `“${name}” Has Ended`;
            this._gone.description = GLib.markup_escape_text(message, -1);
            this._stack.visible_child_name = 'gone';
        }
    }

    _showStep() {
        const {step} = this._monitored.powerOff;
        this._power_off.reveal_child = step !== '';
        if (step !== '')
            this._step.label = step;
    }
});
