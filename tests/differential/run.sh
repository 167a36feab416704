#!/bin/sh
# The C engine against Yjs: run.sh [updates|edits|forged] [--seconds N] [--seed S] [--count N] [--yrs PROGRAM] [--traces DIR] [--keep FILE]
#   updates  (the rule) it takes the updates of Yjs clients, in any order      edits  it is an author among them
#   forged   it takes what no Yjs wrote, too, and stock clients get what a server relays of it
# or: run.sh replay [FILE]...  the cases in kept/, or these      run.sh selftest  planted errors are found and made small
# The last line says the result.  DIFFERENTIAL_PEERS: the folder of the peer programs; without it tests/differential of
# the build folder we are in (make tests/differential/ydoc_peer tests/differential/edit_peer).
set -e
here=$(cd "$(dirname "$0")" && pwd)
peers=$(cd "${DIFFERENTIAL_PEERS:-tests/differential}" && pwd)
what=updates
case ${1-} in updates | edits | forged | replay | selftest) what=$1 && shift ;; esac
for peer in "$peers/edit_peer" "$peers/ydoc_peer"; do
    [ -x "$peer" ] || { echo "no engine at $peer: make tests/differential/${peer##*/}, or set DIFFERENTIAL_PEERS" >&2; exit 2; }
done
if [ ! -d "$here/node_modules/yjs" ]; then
    (cd "$here" && npm ci --no-fund --no-audit --loglevel=error)
fi
case $what in
replay | selftest) exec node "$here/$what.mjs" "$peers" "$@" ;;
edits) peer=$peers/edit_peer ;;
esac
exec node "$here/main.mjs" "$what" --peer "$peer" "$@"
