# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of this folder share: TAP, and how two values are compared."""

import traceback


def expect(found, expected):
    """Two values are equal."""
    assert found == expected, f'{found!r} is not {expected!r}'


def run(names):
    """Runs whatever is called a test, in TAP; an assertion tells by itself what is wrong."""
    tests = [value for name, value in names.items() if name.startswith('test_')]
    print(f'1..{len(tests)}')
    failed = 0
    for number, test in enumerate(tests, 1):
        try:
            test()
            print(f'ok {number} {test.__name__}', flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print(f'not ok {number} {test.__name__}')
            print('# ' + traceback.format_exc().rstrip('\n').replace('\n', '\n# '), flush=True)
    return 1 if failed else 0
