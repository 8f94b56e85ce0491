// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the tests in JavaScript share: TAP, and the programs they talk to.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import system from 'system';

Gio._promisify(Gio.Subprocess.prototype, 'wait_async', 'wait_finish');

const tests = [];

export function test(name, body) {
    tests.push([name, body]);
}

export function equal(found, expected) {
    if (found !== expected)
        throw new Error(`expected ${expected}, found ${found}`);
}

export async function fails(promise, domain, code) {
    let value;
    try {
        value = await promise;
    } catch (error) {
        if (!(error instanceof GLib.Error) || !error.matches(domain, code))
            throw error;
        return error;
    }
    throw new Error(`expected a failure, found ${value}`);
}

// A program that listens on a socket, in a folder of its own.
export class Peer {
    constructor(starter, options = []) {
        this.starter = GLib.getenv(starter);
        this.options = options;
        this.folder = GLib.Dir.make_tmp('bindings-XXXXXX');
        this.address = `${this.folder}/socket`;
        this.start();
    }

    start() {
        this.process = Gio.Subprocess.new([this.starter, this.address, ...this.options],
            Gio.SubprocessFlags.STDOUT_SILENCE);
    }

    async stop() {
        this.process.force_exit();
        await this.process.wait_async(null);
    }

    async end() {
        await this.stop();
        const folder = Gio.File.new_for_path(this.folder);
        const infos = folder.enumerate_children('standard::name', Gio.FileQueryInfoFlags.NONE, null);
        for (let info = infos.next_file(null); info; info = infos.next_file(null))
            infos.get_child(info).delete(null);
        folder.delete(null);
    }
}

export function closed(connection) {
    return new Promise(resolve => connection.connect('closed', (_, error) => resolve(error)));
}

// Each in the way that is given; gives how many failed. `goesOn`: also after one that did,
// and if not, those that are left have failed with it.
export async function report(run, goesOn = true) {
    let failed = 0;
    print(`1..${tests.length}`);
    for (const [i, [name, body]] of tests.entries()) {
        try {
            await run(body);
            print(`ok ${i + 1} ${name}`);
        } catch (error) {
            print(`not ok ${i + 1} ${name}`);
            print(`# ${error}\n${error.stack ?? ''}`.replaceAll('\n', '\n# '));
            if (!goesOn)
                return tests.length - i;
            failed++;
        }
    }
    return failed;
}

export async function runEach(run) {
    system.exit(await report(run) === 0 ? 0 : 1);
}

// Each with a peer and a connection to it.
export async function runAll(starter, open) {
    await runEach(async body => {
        const peer = new Peer(starter);
        try {
            await body(await open(peer.address), peer);
        } finally {
            await peer.end();
        }
    });
}
