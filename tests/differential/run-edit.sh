#!/bin/sh
# The C engine as an author among Yjs clients: run-edit.sh [--seconds N] [--seed S] [--count N]
# EDIT_PEER: the peer program; without it the one of the build folder we are in (as built by make check).
set -e
here=$(cd "$(dirname "$0")" && pwd)
peer=${EDIT_PEER:-tests/differential/edit_peer}
case $peer in /*) ;; *) peer=$PWD/$peer ;; esac
[ -x "$peer" ] || { echo "no engine at $peer: make tests/differential/edit_peer, or set EDIT_PEER" >&2; exit 2; }
if [ ! -d "$here/node_modules/yjs" ]; then
    (cd "$here" && npm ci --no-fund --no-audit --loglevel=error)
fi
exec node "$here/edit.mjs" --peer "$peer" "$@"
