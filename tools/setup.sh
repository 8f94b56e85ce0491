# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Sourced by the scripts beside it: which packages the project needs, how to
# get them on Debian and its like, and a few words that the scripts share.
#
#   need GROUP...            install what is missing of these groups
#   quietly LOG COMMAND...   run it (a program, or a function that is one chain
#                            of &&); only a failure shows its output
#   configure BUILD OPTION...  meson setup, the first time or again
#   private_apt DIRECTORY    fill ${apt[@]} and ${apt_cache[@]}: apt with lists
#                            and downloads in DIRECTORY, for which nobody needs
#                            to be root, and which leaves the system as it is

# What users have in /usr/sbin (qemu-ga, mkfs.ext4) need not be in their PATH.
export PATH="$PATH:/usr/sbin:/sbin"
export LC_ALL=C.UTF-8

declare -A group_packages=(
  [build]="meson ninja-build gcc g++ libc6-dev pkg-config libglib2.0-dev libjson-glib-dev libreadline-dev
           gobject-introspection libgirepository1.0-dev valac gi-docgen python3-docutils glib-networking"
  [run]="qemu-system-x86 qemu-utils qemu-guest-agent"
  [guest]="e2fsprogs"
  [languages]="gjs python3-gi gir1.2-json-1.0"
  [test]="node-typescript mypy clang valgrind libc6-dbg openssl zsh fish gir1.2-gtk-4.0 gir1.2-adw-1
          adwaita-icon-theme librsvg2-common fonts-cantarell xvfb xauth desktop-file-utils appstream"
  [packaging]="abigail-tools debhelper dh-python git gnome-desktop-testing lintian man-db xz-utils"
)
# The same, for systems with other package names.
declare -A group_commands=(
  [build]="meson ninja cc pkg-config g-ir-scanner valac gi-docgen"
  [run]="qemu-system-x86_64 qemu-storage-daemon qemu-img qemu-ga"
  [guest]="mkfs.ext4"
  [languages]="gjs python3"
  [test]="tsc mypy clang valgrind openssl zsh fish xvfb-run desktop-file-validate appstreamcli"
  [packaging]="abidiff abidw git gnome-desktop-testing-runner man xz"
)
declare -A group_modules=(
  [build]="gio-unix-2.0 json-glib-1.0 readline gobject-introspection-1.0"
)

say ()
{
  printf '\n== %s\n' "$*"
}

fail ()
{
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

quietly ()
{
  local log=$1 status=0
  shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" != 0 ]; then
    printf '%s failed; the end of %s:\n' "$1" "$log" >&2
    tail -n 60 "$log" >&2
  fi
  return "$status"
}

as_root ()
{
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

installed ()
{
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_packages ()
{
  local options=(-y --no-install-recommends -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300)

  as_root apt-get update "${options[@]}" &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$@"
}

# Not Debian: fine as long as everything is there under whatever name.
need_without_apt ()
{
  local group item missing=() packages=()
  for group; do
    for item in ${group_commands[$group]}; do
      command -v "$item" >/dev/null || missing+=("$item")
    done
    for item in ${group_modules[$group]:-}; do
      pkg-config --exists "$item" 2>/dev/null || missing+=("$item")
    done
    # shellcheck disable=SC2206
    packages+=(${group_packages[$group]})
  done
  [ ${#missing[@]} = 0 ] ||
    fail "cannot find ${missing[*]}, and there is no apt-get to install with." \
      "Please install what your system calls these Debian packages: ${packages[*]}"
}

need ()
{
  local group package log missing=()
  if ! command -v apt-get >/dev/null; then
    need_without_apt "$@"
    return
  fi

  for group; do
    for package in ${group_packages[$group]}; do
      installed "$package" || missing+=("$package")
    done
  done
  [ ${#missing[@]} != 0 ] || return 0

  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    fail "please install, as root: ${missing[*]}"
  fi
  say "Installing Debian packages: ${missing[*]}"
  log=$(mktemp)
  quietly "$log" install_packages "${missing[@]}" || exit 1
  rm -f "$log"
}

private_apt ()
{
  local directory options item
  declare -ga apt apt_cache
  directory=$(realpath "$1")
  command -v apt-get >/dev/null || fail "this takes Debian packages, and there is no apt-get"
  mkdir -p "$directory"/{sources,archives/partial,lists/partial}
  for item in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources}; do
    [ ! -e "$item" ] || cp "$item" "$directory/sources/"
  done
  options=(
    -o "Dir::Etc::sourcelist=/dev/null"
    -o "Dir::Etc::sourceparts=$directory/sources"
    -o "Dir::State::lists=$directory/lists"
    -o "Dir::Cache=$directory"
    -o APT::Sandbox::User=root
    -o Acquire::Retries=3
    -o Debug::NoLocking=true
  )
  # shellcheck disable=SC2034
  apt=(apt-get -q -y "${options[@]}")
  # shellcheck disable=SC2034
  apt_cache=(apt-cache "${options[@]}")
}

# Prepares the build folder $1 with meson options $2..., keeping the log in it.
configure ()
{
  local directory=$1 again=()
  shift
  [ ! -e "$directory/build.ninja" ] || again=(--reconfigure)
  quietly "$directory/setup.log" meson setup "${again[@]}" "$@" "$directory"
}

# Hashes the files and words given: the mark of a result that is up to date.
mark ()
{
  local item
  for item; do
    if [ -f "$item" ]; then cat "$item"; else echo "$item"; fi
  done | sha256sum | cut -d ' ' -f 1
}

# Makes $work, a folder beside $1 that is gone at the end.  From here on all
# output goes to a log, which only a failure shows.
begin_work ()
{
  mkdir -p "$(dirname "$1")"
  work=$(mktemp -d "$1.XXXXXX")
  exec 3>&2 >"$work/log" 2>&1 </dev/null
  trap end_work EXIT
}

end_work ()
{
  local status=$?
  [ "$status" = 0 ] || tail -n 60 "$work/log" >&3
  rm -rf "$work"
}

# Puts the finished folder $1 in the place of $2.
publish ()
{
  chmod 755 "$1"
  rm -rf "$2"
  mv -T "$1" "$2"
}
