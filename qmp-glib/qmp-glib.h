/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define QMP_GLIB_INSIDE

#include <qmp-glib/qmp-version-macros.h>
#include <qmp-glib/qmp-api.h>
#include <qmp-glib/qmp-connection.h>
#include <qmp-glib/qmp-device.h>
#include <qmp-glib/qmp-enum-types.h>
#include <qmp-glib/qmp-error.h>
#include <qmp-glib/qmp-event-stream.h>
#include <qmp-glib/qmp-event.h>
#include <qmp-glib/qmp-external-snapshot.h>
#include <qmp-glib/qmp-input.h>
#include <qmp-glib/qmp-job-list.h>
#include <qmp-glib/qmp-job.h>
#include <qmp-glib/qmp-json.h>
#include <qmp-glib/qmp-launcher.h>
#include <qmp-glib/qmp-limits.h>
#include <qmp-glib/qmp-listener.h>
#include <qmp-glib/qmp-machine.h>
#include <qmp-glib/qmp-medium-options.h>
#include <qmp-glib/qmp-medium.h>
#include <qmp-glib/qmp-memory.h>
#include <qmp-glib/qmp-migration.h>
#include <qmp-glib/qmp-open-options.h>
#include <qmp-glib/qmp-overlay.h>
#include <qmp-glib/qmp-qom-node.h>
#include <qmp-glib/qmp-request.h>
#include <qmp-glib/qmp-schema-member.h>
#include <qmp-glib/qmp-schema-type.h>
#include <qmp-glib/qmp-schema.h>
#include <qmp-glib/qmp-screenshot.h>
#include <qmp-glib/qmp-server-call.h>
#include <qmp-glib/qmp-server-client.h>
#include <qmp-glib/qmp-server.h>
#include <qmp-glib/qmp-shutdown-options.h>
#include <qmp-glib/qmp-snapshot.h>
#include <qmp-glib/qmp-struct.h>
#include <qmp-glib/qmp-unplug-options.h>
#include <qmp-glib/qmp-value.h>
#include <qmp-glib/qmp-version.h>

#undef QMP_GLIB_INSIDE
