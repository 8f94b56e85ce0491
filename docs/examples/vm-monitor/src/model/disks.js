// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The disks of a machine, as a list model of Qmp.BlockInfo.
import Gio from 'gi://Gio';
import GObject from 'gi://GObject';
import Qmp from 'gi://Qmp?version=1.0';

import {pause} from '../later.js';

// After these it is not as it was. A disk that is plugged in has no event.
const EVENTS = ['BLOCK_IMAGE_CORRUPTED', 'BLOCK_IO_ERROR', 'BLOCK_JOB_COMPLETED', 'DEVICE_DELETED',
    'DEVICE_TRAY_MOVED', 'JOB_STATUS_CHANGE', 'RESUME'];
const PAUSE_MS = 250;

export const Disks = GObject.registerClass(class Disks extends Gio.ListStore {
    constructor() {
        super({item_type: Qmp.BlockInfo.$gtype});
    }

    // A stream that keeps one event is enough: it says that there is something to ask for.
    async follow(connection, cancellable) {
        this._connection = connection;
        this._cancellable = cancellable;
        const events = connection.events(...EVENTS, {capacity: 1, cancellable});
        await this.refresh();
        for await (const _event of events) {
            await this.refresh();
            await pause(PAUSE_MS);
        }
    }

    async refresh() {
        const disks = await this._connection.query_block_async(this._cancellable);
        this.splice(0, this.get_n_items(), disks);
    }
});
