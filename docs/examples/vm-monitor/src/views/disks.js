// SPDX-License-Identifier: LGPL-2.1-or-later
import Adw from 'gi://Adw?version=1';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk?version=4.0';
import Qmp from 'gi://Qmp?version=1.0';

import {template} from '../template.js';
import {clean, formatSize} from '../text.js';

// QEMU's own names: of the device if it has one, otherwise its place in the tree.
function nameDisk(disk) {
    if (disk.device)
        return clean(disk.device);
    return clean(disk.qdev?.replace(/^\/machine\/(peripheral|unattached)\//, '').replace(/\/virtio-backend$/, '') ?? 'Disk');
}

function describeMedium(disk) {
    const medium = disk.inserted;
    if (medium === null)
        return disk.tray_open ? 'Its tray is open.' : 'There is no medium in it.';
    // QEMU may have a name of its own, which is nothing for people
    const file = medium.file?.startsWith('json:') ? medium.backing_file && `on top of ${medium.backing_file}` : medium.file;
    return clean([file, medium.drv].filter(Boolean).join(' · '));
}

function describeSize({image}) {
    const size = formatSize(image.virtual_size);
    return image.has_actual_size() ? `${formatSize(image.actual_size)} of ${size}` : size;
}

// A value of Qmp.BlockInfo as a row.
function createRow(disk) {
    const medium = disk.inserted;
    const row = new Adw.ActionRow({use_markup: false, title: nameDisk(disk), subtitle: describeMedium(disk)});
    row.add_prefix(new Gtk.Image({
        icon_name: disk.removable ? 'media-optical-symbolic' : 'drive-harddisk-symbolic',
    }));
    if (medium !== null)
        row.add_suffix(new Gtk.Label({label: describeSize(medium), css_classes: ['dim-label', 'numeric']}));
    if (medium?.ro)
        row.add_suffix(new Gtk.Image({icon_name: 'changes-prevent-symbolic', tooltip_text: 'Cannot be written to'}));
    if (disk.has_io_status() && disk.io_status !== Qmp.BlockDeviceIoStatus.OK)
        row.add_suffix(new Gtk.Image({icon_name: 'dialog-warning-symbolic', tooltip_text: 'Reading or writing failed'}));
    return row;
}

export const DisksView = GObject.registerClass({
    GTypeName: 'DisksView',
    Template: template(import.meta.url, 'disks.ui'),
    InternalChildren: ['stack', 'list'],
}, class DisksView extends Adw.Bin {
    constructor(properties = {}) {
        super(properties);
        // QEMU has no event for a disk that comes
        this.connect('map', () => this.refresh());
    }

    show(monitored) {
        if (this._handler)
            this._monitored.disks.disconnect(this._handler);
        this._monitored = monitored;
        this._handler = monitored.disks.connect('items-changed', () => this._showPage());
        this._list.bind_model(monitored.disks, createRow);
        this._showPage();
    }

    refresh() {
        if (this._monitored?.phase === 'connected')
            this._monitored.disks.refresh().catch(error => this._monitored.report(error));
    }

    _showPage() {
        this._stack.visible_child_name = this._monitored.disks.get_n_items() > 0 ? 'list' : 'none';
    }
});
