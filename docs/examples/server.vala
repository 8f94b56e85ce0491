/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: server
 *
 * Tests a function that drives QEMU, without QEMU. */

/* What is to be tested: stops a machine that runs, and lets one run that does not. */
async void toggle (Qmp.Connection qemu) throws Error
{
    var status = yield qemu.query_status_async ();

    if (status.get_running ())
        yield qemu.stop_async ();
    else
        yield qemu.cont_async ();
}

/* The machine that is not there. */
Qmp.Server make_server () throws Error
{
    var server = new Qmp.Server ();

    server.set_result_json ("query-status", """{"status": "running", "running": true}""");
    server.set_error ("cont", "GenericError", "Resetting the Virtual Machine is required");
    server.command["stop"].connect ((server, call) => {
        print ("It asked: %s\n", call.get_command ());
        try {
            server.set_result_json ("query-status", """{"status": "paused", "running": false}""");
            server.emit_event_json ("STOP");
            return call.return_json ();
        } catch (Error error) {
            return false;
        }
    });
    return server;
}

async void test_toggle () throws Error
{
    var server = make_server ();
    var qemu = yield Qmp.Connection.open_stream_async (server.open_stream ());
    var events = qemu.watch_events (null, 10);

    yield toggle (qemu);
    print ("It was told: %s\n", (yield events.next_async ()).get_name ());

    try {
        yield toggle (qemu);
    } catch (Error error) {
        print ("It failed: %s\n", error.message);
    }
}

async int main (string[] args)
{
    try {
        yield test_toggle ();
        return 0;
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
