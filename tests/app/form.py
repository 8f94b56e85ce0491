# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: form.py APP

What packagers and app stores look at in the example app, whose folder APP is: the
desktop entry, the metadata, the Flatpak manifest, and what is installed.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import traceback
import xml.etree.ElementTree as ET

APP = pathlib.Path(sys.argv[1])
ID = 'org.qmpglib.VmMonitor'

tests = []


def test(body):
    tests.append(body)
    return body


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, f'{command}: {done.stdout}{done.stderr}'
    return done.stdout


@test
def desktop_entry():
    said = run('desktop-file-validate', APP / 'data' / f'{ID}.desktop')
    assert said == '', said


@test
def metadata():
    run('appstreamcli', 'validate', '--no-net', APP / 'data' / f'{ID}.metainfo.xml')


@test
def manifest_has_what_flatpak_needs():
    manifest = json.loads((APP / f'{ID}.json').read_text(encoding='utf-8'))
    for key in ('app-id', 'runtime', 'runtime-version', 'sdk', 'command', 'finish-args', 'modules'):
        assert manifest.get(key), key
    assert manifest['app-id'] == ID
    assert manifest['runtime'] == 'org.gnome.Platform' and manifest['sdk'] == 'org.gnome.Sdk'
    assert manifest['command'] in (APP / 'meson.build').read_text(encoding='utf-8')


@test
def manifest_builds_what_is_there():
    manifest = json.loads((APP / f'{ID}.json').read_text(encoding='utf-8'))
    assert [module['name'] for module in manifest['modules']] == ['qmp-glib', 'vm-monitor']
    for module in manifest['modules']:
        assert module['buildsystem'] == 'meson'
        for source in module['sources']:
            assert source['type'] == 'dir', source
            folder = APP / source['path']
            assert f"project('{module['name']}'" in (folder / 'meson.build').read_text(encoding='utf-8'), folder
        options = folder / 'meson_options.txt'
        known = re.findall(r"option\('(\w+)'", options.read_text(encoding='utf-8')) if options.exists() else []
        for option in module.get('config-opts', []):
            assert re.fullmatch(r'-D(\w+)=\w+', option)[1] in known, option


@test
def manifest_asks_for_little():
    manifest = json.loads((APP / f'{ID}.json').read_text(encoding='utf-8'))
    files = [argument for argument in manifest['finish-args'] if argument.startswith('--filesystem')]
    assert files == ['--filesystem=xdg-run/vm-monitor:create'], files
    assert not any(re.match('--(talk-name|system-talk-name|own-name|share=network|device=all)', argument)
                   for argument in manifest['finish-args'])


@test
def one_version():
    text = (APP / 'meson.build').read_text(encoding='utf-8')
    version = re.search(r"version: '([^']+)'", text)[1]
    assert f"VERSION = '{version}'" in (APP / 'src' / 'application.js').read_text(encoding='utf-8')
    releases = ET.parse(APP / 'data' / f'{ID}.metainfo.xml').findall('releases/release')
    assert releases[0].get('version') == version


@test
def files_are_short():
    for path in [*APP.rglob('*.js'), *APP.rglob('*.ui')]:
        lines = path.read_text(encoding='utf-8').splitlines()
        assert len(lines) <= 250, f'{path.name} has {len(lines)} lines'
        assert any('SPDX-License-Identifier' in line for line in lines[:2]), path.name


@test
def it_is_installed():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder, 'root')
        run('meson', 'setup', '--prefix', '/usr', pathlib.Path(folder, 'build'), APP)
        run('meson', 'install', '--quiet', '-C', pathlib.Path(folder, 'build'), '--destdir', root)
        share = root / 'usr' / 'share'
        for path in (f'applications/{ID}.desktop', f'metainfo/{ID}.metainfo.xml',
                     f'icons/hicolor/scalable/apps/{ID}.svg', f'icons/hicolor/symbolic/apps/{ID}-symbolic.svg'):
            assert (share / path).is_file(), path
        program = (root / 'usr' / 'bin' / 'vm-monitor').read_text(encoding='utf-8')
        assert 'file:///usr/share/vm-monitor/main.js' in program, program
        sources = {str(path.relative_to(APP / 'src')) for path in (APP / 'src').rglob('*') if path.is_file()}
        installed = {str(path.relative_to(share / 'vm-monitor')) for path in (share / 'vm-monitor').rglob('*') if path.is_file()}
        assert installed == sources, installed ^ sources


def main():
    failed = 0
    print(f'1..{len(tests)}')
    for number, body in enumerate(tests, 1):
        try:
            body()
            print(f'ok {number} {body.__name__}', flush=True)
        except Exception:  # a test may fail in any way
            failed += 1
            print(f'not ok {number} {body.__name__}')
            print('# ' + traceback.format_exc().replace('\n', '\n# '), flush=True)
    return 1 if failed else 0


sys.exit(main())
