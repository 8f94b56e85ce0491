# SPDX-License-Identifier: LGPL-2.1-or-later
#
# As much of PyGObject as the stubs of both libraries stand on: who writes
# programs takes those of a package, such as pygobject-stubs.
def require_version(namespace: str, version: str) -> None: ...
