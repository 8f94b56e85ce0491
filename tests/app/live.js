// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The example app with a real QEMU, and a real guest in it.
import Adw from 'gi://Adw?version=1';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Gtk from 'gi://Gtk?version=4.0';

import {AddDialog} from '../../docs/examples/vm-monitor/src/add-dialog.js';
import {act, end, equal, find, isListening, picture, press, read, removeFolder, runAll, sees, start, test, until,
    windowOf} from './harness.js';

// of the user's own, as apps do
const folder = `${GLib.get_user_runtime_dir()}/machines`;
let guest;

GLib.mkdir_with_parents(folder, 0o700);

async function startGuest(name, ...options) {
    const process = start(GLib.getenv('RUN_GUEST'), GLib.getenv('GUEST'), `${folder}/${name}.sock`, `${folder}/${name}.agent.sock`,
        '-vga', 'std', '-name', name, '-append', 'console=tty0 console=ttyS0 panic=-1 rdinit=/bin/init',
        '-blockdev', 'driver=null-co,node-name=scratch,size=2147483648,read-zeroes=on', '-device', 'virtio-blk-pci,drive=scratch,id=scratch-disk',
        '-device', 'ide-cd,id=cd', ...options);
    await until('a monitor', () => isListening(`${folder}/${name}.sock`));
    return process;
}

function show(window, view) {
    act(window, 'view', new GLib.Variant('s', view));
}

test('no machine yet', async window => {
    await sees(window, 'No Machines');
    await picture(window, 'empty');
});

test('a machine is added by its sockets', async window => {
    guest = await startGuest('small-guest');
    act(window, 'add');
    const dialog = await until('a dialog', () => windowOf(AddDialog));
    const [monitor, agent] = find(dialog, Adw.EntryRow);
    monitor.text = `${folder}/small-guest.sock`;
    agent.text = `${folder}/small-guest.agent.sock`;
    await picture(dialog, 'add');
    press(dialog, '_Add');
    await sees(window, 'Overview');
    await sees(window, 'Running');
});

test('what it is', async window => {
    await sees(window, '192.0 MiB');
    await sees(window, 'Emulation');
    await sees(window, `${folder}/small-guest.agent.sock`);
});

test('its guest', async window => {
    show(window, 'guest');
    // it boots meanwhile
    for (let i = 0; i < 20 && !read(window).includes('Small guest 1'); i++) {
        await until('an answer, or none', () => !read(window).includes('Asking the Guest…'));
        if (read(window).includes('No Answer'))
            act(window, 'refresh');
    }
    await sees(window, 'Small guest 1');
    await sees(window, 'small-guest');
    await sees(window, '10.0.2.15');
    await sees(window, '/data');
    await picture(window, 'guest');
});

test('its overview', async window => {
    show(window, 'overview');
    await picture(window, 'overview');
});

test('its screen', async window => {
    show(window, 'screen');
    await sees(window, ' × ');
    const [image] = find(window, Gtk.Picture);
    const former = image.paintable;
    await until('another picture', () => image.paintable !== former);
    equal(image.paintable.width >= 640, true);
    await picture(window, 'screen');
});

test('its disks', async window => {
    show(window, 'disks');
    await sees(window, 'data');
    await sees(window, 'of 160.0 MiB');
    await sees(window, 'scratch-disk');
    await sees(window, 'There is no medium in it.');
    await picture(window, 'disks');
});

test('pause and start', async window => {
    show(window, 'overview');
    const {connection} = window.selected;
    press(window, 'Pause');
    await sees(window, 'Paused');
    equal((await connection.query_status_async()).running, false);
    press(window, 'Start');
    await until('Running', () => read(window).includes('Running'));
    equal((await connection.query_status_async()).running, true);
    // somebody else does it
    await connection.stop_async();
    await sees(window, 'Paused');
    await connection.cont_async();
    await sees(window, 'Running');
});

test('a job to its end', async window => {
    const {connection} = window.selected;
    show(window, 'jobs');
    await sees(window, 'No Jobs');
    await connection.call('blockdev-add', {driver: 'null-co', 'node-name': 'copy', size: 160 * 1024 * 1024, 'read-zeroes': true});
    await connection.call('blockdev-mirror',
        {'job-id': 'copy-of-data', device: 'data', target: 'copy', sync: 'full', speed: 24 * 1024 * 1024, 'auto-dismiss': false});
    await sees(window, 'copy-of-data');
    const [bar] = find(window, Gtk.ProgressBar);
    await until('half of it', () => bar.fraction > 0.5);
    await picture(window, 'jobs');
    await until('all of it', () => bar.fraction === 1);
    await sees(window, 'Ready');
    press(window, 'Cancel');
    await sees(window, 'Ended');
    press(window, 'Dismiss');
    await sees(window, 'No Jobs');
});

test('its events', async window => {
    show(window, 'events');
    await sees(window, 'RESUME');
    await sees(window, 'JOB_STATUS_CHANGE');
    await sees(window, '"copy-of-data"');
    await sees(window, ' events');
    await picture(window, 'events');
});

test('a second machine, from its folder', async window => {
    const runtime = `${GLib.get_user_runtime_dir()}/vm-monitor`;
    GLib.mkdir_with_parents(runtime, 0o700);
    const second = start(GLib.getenv('START_QEMU'), `${runtime}/second.sock`, '-S', '-M', 'pc', '-name', 'Second <b>machine</b>');
    await sees(window, 'Second <b>machine</b>');
    await sees(window, 'Not started');
    const machines = window.application.machines;
    window.select(machines.get_item(1));
    show(window, 'guest');
    await sees(window, 'No Answer');
    show(window, 'overview');
    await picture(window, 'two');

    // killed: the library's words, and no more of it
    await end(second);
    await sees(window, 'No Connection to “Second <b>machine</b>”');
    await sees(window, 'QEMU');
    await picture(window, 'failed');
    press(window, '_Remove');
    await until('one machine', () => machines.get_n_items() === 1);
    await sees(window, 'Running');
});

test('power off, and in the end by force', async window => {
    show(window, 'overview');
    const {connection} = window.selected;
    await connection.stop_async();
    await sees(window, 'Paused');
    press(window, 'Power Off');
    await sees(window, 'Asking the guest to power off, by its agent…');
    press(window, '_Force Off…');
    const dialog = await until('a question', () => windowOf(Adw.MessageDialog));
    await sees(dialog, 'Force “small-guest” Off?');
    await picture(window, 'power-off');
    press(dialog, '_Keep It Running');
    press(window, 'Stop _Waiting');
    await until('nothing asked', () => !window.selected.powerOff.isGoingOn);
    equal(window.selected.phase, 'connected');
});

test('power off, by the guest itself', async window => {
    await window.selected.connection.cont_async();
    press(window, 'Power Off');
    await sees(window, 'The guest has powered itself off.');
    await guest.wait_async(null);
    await picture(window, 'ended');
});

test('connected again, and forced off', async window => {
    guest = await startGuest('small-guest', '-S');
    press(window, 'Re_connect');
    await sees(window, 'Not started');
    press(window, 'Power Off');
    await sees(window, 'Asking the guest to power off, by its power button…');
    press(window, '_Force Off…');
    press(await until('a question', () => windowOf(Adw.MessageDialog)), '_Force Off');
    await sees(window, 'It was powered off by force.');
    await guest.wait_async(null);
    press(window, '_Remove');
    await sees(window, 'No Machines');
});

test('nothing is left', async () => {
    await removeFolder(folder);
    equal(Gio.File.new_for_path(folder).query_exists(null), false);
});

runAll();
