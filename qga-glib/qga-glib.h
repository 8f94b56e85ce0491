/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define QGA_GLIB_INSIDE

#include <qga-glib/qga-version-macros.h>
#include <qga-glib/qga-enum-types.h>
#include <qga-glib/qga-api.h>
#include <qga-glib/qga-connection.h>
#include <qga-glib/qga-copy.h>
#include <qga-glib/qga-error.h>
#include <qga-glib/qga-file.h>
#include <qga-glib/qga-freeze-guard.h>
#include <qga-glib/qga-limits.h>
#include <qga-glib/qga-open-options.h>
#include <qga-glib/qga-process-options.h>
#include <qga-glib/qga-process.h>
#include <qga-glib/qga-request.h>
#include <qga-glib/qga-struct.h>

#undef QGA_GLIB_INSIDE
