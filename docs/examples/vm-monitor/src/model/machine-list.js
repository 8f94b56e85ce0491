// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The machines that are watched: a list model, for the sidebar.
import Gio from 'gi://Gio';
import GObject from 'gi://GObject';

import {MonitoredMachine} from './monitored-machine.js';

const ADDRESS = /^(unix|tcp|tls|vsock|fd):/;

export const MachineList = GObject.registerClass(class MachineList extends Gio.ListStore {
    constructor() {
        super({item_type: MonitoredMachine.$gtype});
    }

    // MONITOR or MONITOR,agent=AGENT, each an address of the library's or a path.
    addArgument(argument, resolve) {
        const [monitor, agent = null] = argument.split(',agent=').map(part => ADDRESS.test(part) ? part : resolve(part));
        return this.addMachine(monitor, agent);
    }

    // One that is there already is not watched twice: QEMU has one client only.
    addMachine(address, agentAddress = null) {
        let machine = this.find(address);
        if (machine === undefined) {
            machine = new MonitoredMachine({address, agent_address: agentAddress});
            this.append(machine);
        }
        if (!machine.isOpen)
            machine.open();
        return machine;
    }

    find(address) {
        return Array.from(this).find(machine => machine.address === address);
    }

    removeMachine(machine) {
        machine.close();
        this.remove(Array.from(this).indexOf(machine));
    }

    closeAll() {
        for (const machine of this)
            machine.close();
    }
});
