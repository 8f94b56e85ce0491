// SPDX-License-Identifier: LGPL-2.1-or-later
import Adw from 'gi://Adw?version=1';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk?version=4.0';

import {template} from '../template.js';
import {JobRow} from './job-row.js';

export const JobsView = GObject.registerClass({
    GTypeName: 'JobsView',
    Template: template(import.meta.url, 'jobs.ui'),
    InternalChildren: ['stack', 'list'],
}, class JobsView extends Adw.Bin {
    constructor(properties = {}) {
        super(properties);
        const factory = new Gtk.SignalListItemFactory();
        factory.connect('setup', (_factory, item) => {
            item.child = new JobRow();
            item.activatable = false;
            item.child.connect('failed', (_row, error) => this._monitored.report(error));
        });
        factory.connect('bind', (_factory, item) => item.child.bind(item.item));
        factory.connect('unbind', (_factory, item) => item.child.unbind());
        this._list.factory = factory;
    }

    // The library's list of jobs is the model.
    show(monitored) {
        if (this._handler)
            this._jobs.disconnect(this._handler);
        this._monitored = monitored;
        this._jobs = monitored.jobs;
        this._handler = this._jobs.connect('items-changed', () => this._showPage());
        this._list.model = new Gtk.NoSelection({model: this._jobs});
        this._showPage();
    }

    _showPage() {
        this._stack.visible_child_name = this._jobs.get_n_items() > 0 ? 'list' : 'none';
    }
});
