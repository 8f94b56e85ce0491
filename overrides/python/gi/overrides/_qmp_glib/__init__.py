# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the overrides of qmp-glib and qga-glib share."""
