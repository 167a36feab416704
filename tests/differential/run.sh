#!/bin/sh
# The C engine against Yjs: run.sh [--seconds N] [--seed S] [--count N] [--yrs PROGRAM] [--traces DIR] [--keep FILE]
# YDOC_PEER: the peer program; without it the one of the build folder we are in (make check-differential sets it).
set -e
here=$(cd "$(dirname "$0")" && pwd)
peer=${YDOC_PEER:-tests/differential/ydoc_peer}
case $peer in /*) ;; *) peer=$PWD/$peer ;; esac
[ -x "$peer" ] || { echo "no engine at $peer: make tests/differential/ydoc_peer, or set YDOC_PEER" >&2; exit 2; }
if [ ! -d "$here/node_modules/yjs" ]; then
    (cd "$here" && npm ci --no-fund --no-audit --loglevel=error)
fi
exec node "$here/main.mjs" --peer "$peer" "$@"
