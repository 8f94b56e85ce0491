#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# usage: symbols.sh SOURCE BUILD LIBRARY...
#
# What users link to and include: of each LIBRARY, the names it exports and how
# it is hardened; of the folder it comes from, the public headers.  SOURCE and
# BUILD are the roots of both trees.  Speaks TAP.
set -uo pipefail
export LC_ALL=C

source=$1 build=$2
shift 2
number=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# report STATUS NAME: one line of TAP; what is in $work/log explains a failure
report ()
{
  number=$((number + 1))
  if [ "$1" = 0 ]; then
    echo "ok $number $2"
  else
    failed=$((failed + 1))
    echo "not ok $number $2"
    sed 's/^/# /' "$work/log"
  fi
}

# Shows what is wrong on stdout, and fails if that is anything.
is_empty ()
{
  "$@" >"$work/log" 2>&1
  [ ! -s "$work/log" ]
}

foreign_symbols ()
{
  nm -D --defined-only "$1" | awk '{ print $NF }' | grep -v "^$2_" || true
}

# nm has to find something for the test above to mean anything.
has_symbols ()
{
  nm -D --defined-only "$1" >"$work/log" 2>&1 && grep -q " $2_.*_get_type$" "$work/log"
}

unhardened ()
{
  local headers dynamic
  headers=$(readelf --wide --program-headers "$1")
  dynamic=$(readelf --wide --dynamic "$1")
  grep -q GNU_RELRO <<<"$headers" || echo "no RELRO"
  grep -Eq 'BIND_NOW|FLAGS_1.* NOW' <<<"$dynamic" || echo "symbols are not bound at once"
  grep -q GNU_STACK <<<"$headers" || echo "says nothing of the stack"
  ! grep -E ' RWE ' <<<"$headers" || echo "memory that is writable and executable"
  ! grep TEXTREL <<<"$dynamic" || echo "relocations in the code"
}

# Types of the private archive would clash when both libraries are loaded.
private_types ()
{
  nm --defined-only "$1" | awk '{ print $NF }' | grep '^wire_.*_get_type$' || true
}

# compile LANGUAGE COMPILER FLAGS... <TEXT
compile ()
{
  local language=$1 modules
  shift
  modules=$(pkg-config --cflags gio-2.0 json-glib-1.0 | sed 's/-I/-isystem /g')
  # shellcheck disable=SC2086
  "$@" -x "$language" -fsyntax-only -Wall -Wextra -Wundef -pedantic -Werror \
    -I "$source" -I "$build" $modules - >"$work/log" 2>&1
}

headers_of ()
{
  find "$source/$1/" "$build/$1/" -maxdepth 1 -name '*.h' ! -name '*-private.h' -printf '%f\n' | sort -u
}

cc=${CC:-cc} cxx=${CXX:-}
for candidate in c++ g++ clang++; do
  [ -n "$cxx" ] || ! command -v $candidate >/dev/null || cxx=$candidate
done

check_headers ()
{
  local folder=$1 prefix=$2 header included
  included=$(printf '#include <%s/%s.h>\n' "$folder" "$folder")
  compile c $cc -std=c11 <<<"$included"
  report $? "$folder.h in C"
  compile c $cc -std=c99 -DGLIB_VERSION_MAX_ALLOWED=GLIB_VERSION_2_74 <<<"$included"
  report $? "$folder.h in C99"
  if [ -n "$cxx" ]; then
    compile c++ $cxx -std=c++17 <<<"$included"
    report $? "$folder.h in C++"
  else
    echo "there is no C++ compiler; Debian has one in g++" >"$work/log"
    report 1 "$folder.h in C++"
  fi

  for header in $(headers_of "$folder"); do
    [ "$header" != "$folder.h" ] || continue
    grep -q "^#include <$folder/$header>" "$source/$folder"/*.h "$build/$folder"/*.h 2>"$work/log"
    report $? "$folder.h brings $header"
    case $header in
    # generated, and of use by themselves
    *-version-macros.h | *-enum-types.h)
      compile c $cc <<<"#include <$folder/$header>"
      report $? "$header by itself in C"
      ;;
    *)
      ! compile c $cc <<<"#include <$folder/$header>" && grep -q "can be included directly" "$work/log"
      report $? "$header is not for including directly"
      ;;
    esac
  done
}

# check_types FOLDER PREFIX: all classes that are made of descriptions clean up after themselves
check_types ()
{
  local folder=$1 prefix=$2 types
  types=$(sed -n 's/^G_DECLARE_[A-Z]*_TYPE (\([^,]*\),.*/\1/p' "$build/$folder/$prefix-api-types.h")
  {
    echo "#include <$folder/$folder.h>"
    echo "void clean_up (void);"
    echo "void clean_up (void) {"
    sed 's/.*/  { g_autoptr (&) object = NULL; (void) object; }/' <<<"$types"
    echo "}"
  } >"$work/types.c"
  [ "$(wc -w <<<"$types")" -gt 10 ] && compile c $cc <"$work/types.c"
  report $? "$folder.h: g_autoptr for every type"
}

# check_warning WHAT FUNCTION MACRO: a use of it is warned of, but for who defines MACRO
check_warning ()
{
  local use="#include <qmp-glib/qmp-glib.h>
void *use (void);
void *use (void) { return (void *) (gsize) $2; }"
  ! compile c $cc <<<"$use" && grep -q "error: .*$2.* is deprecated" "$work/log"
  report $? "what is $1 is warned of"
  compile c $cc -D"$3" <<<"$use"
  report $? "what is $1 is not warned of with $3"
}

for library; do
  name=$(basename "$library")
  folder=${name#lib} folder=${folder%-1.0.so*}
  prefix=${folder%-glib}
  has_symbols "$library" "$prefix"
  report $? "$name exports types"
  is_empty foreign_symbols "$library" "$prefix"
  report $? "$name exports names with ${prefix}_ alone"
  is_empty private_types "$library"
  report $? "$name has no private types"
  is_empty unhardened "$library"
  report $? "$name is hardened"
  check_headers "$folder" "$prefix"
  check_types "$folder" "$prefix"
done
check_warning deprecated qmp_connection_drive_backup QMP_DISABLE_DEPRECATION_WARNINGS
check_warning unstable qmp_connection_x_debug_query_block_graph QMP_USE_UNSTABLE

echo "1..$number"
[ "$failed" = 0 ]
