// SPDX-License-Identifier: LGPL-2.1-or-later
import Adw from 'gi://Adw?version=1';
import GObject from 'gi://GObject';

import {template} from '../template.js';
import {clean, formatSize} from '../text.js';
import './info-row.js';

export const OverviewView = GObject.registerClass({
    GTypeName: 'OverviewView',
    Template: template(import.meta.url, 'overview.ui'),
    InternalChildren: ['state', 'processors', 'memory', 'acceleration', 'version', 'monitor', 'agent'],
}, class OverviewView extends Adw.Bin {
    show(monitored) {
        this._binding?.unbind();
        this._binding = monitored.bind_property('run-state', this._state, 'value', GObject.BindingFlags.SYNC_CREATE);
        this._monitor.value = clean(monitored.address);
        this._agent.value = clean(monitored.guest.address ?? 'None');
        this._ask(monitored).catch(error => monitored.report(error));
    }

    // All at once: QEMU has the questions before the first answer is here.
    async _ask(monitored) {
        const {connection, cancellable} = monitored;
        const version = connection.get_version();
        this._version.value = clean(`${version.get_major()}.${version.get_minor()}.${version.get_micro()}`);
        const [processors, memory, kvm] = await Promise.all([
            connection.query_cpus_fast_async(cancellable),
            connection.query_memory_size_summary_async(cancellable),
            connection.query_kvm_async(cancellable),
        ]);
        this._processors.value = String(processors.length);
        this._memory.value = formatSize(memory.base_memory);
        this._acceleration.value = kvm.enabled ? 'KVM' : 'Emulation';
    }
});
