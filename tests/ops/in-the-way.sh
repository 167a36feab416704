# shellcheck shell=bash disable=SC2154 # run says where things are
# What can be in the way of a start. Part of run.

# as_nobody COMMAND...: before scripts/up and its arguments, in an environment that is known.
as_nobody()
{
    local copy
    copy=$(mktemp -d)
    cp -R "$CR_SOURCE/scripts" "$copy/"
    chmod -R a+rX "$copy"
    env -i PATH="$PATH" CODEROOM_MONGODB_URI=mongodb://me:secret@db/ https_proxy=http://proxy:1 OTHER=1 "$@" \
        setpriv --reuid=65534 --regid=65534 --clear-groups "$copy/scripts/up" --port 80 --url 'http://a b'
    local rc=$?
    rm -rf "$copy"
    return $rc
}

# bash takes a function for a program.
with_sudo()
{
    as_nobody env 'BASH_FUNC_sudo%%=() { :; }'
}

without_sudo()
{
    local hide=()
    : >"$work/empty"
    [ ! -e /usr/bin/sudo ] || hide=(unshare --mount sh -c "mount --bind $work/empty /usr/bin/sudo; exec \"\$@\"" sh)
    as_nobody "${hide[@]}"
}

# stopped PATTERN COMMAND...: it says so, and leaves neither the data folder nor a process behind.
stopped()
{
    rm -rf "$data"
    says "$@" || return 1
    [ ! -e "$data" ] || { echo "it left $data: $(ls -A "$data")"; return 1; }
    no_process "$data"
}

on_other_system()
{
    printf 'ID=other\nVERSION_ID=1\nPRETTY_NAME="Other 1"\n' >"$work/os-release"
    unshare --mount sh -c "mount --bind $work/os-release /etc/os-release && exec $up --data $data"
}

on_full_disk()
{
    mkdir -p "$work/full"
    unshare --mount sh -c "mount -t tmpfs -o size=64m tmpfs $work/full
        $up --port $port --data $work/full || { ls -A $work/full >&2; exit 1; }"
}

# A disk with room enough at the start, which fills up as soon as the source is on it.
on_filling_disk()
{
    mkdir -p "$work/full"
    unshare --mount bash -c "mount -t tmpfs -o size=8g tmpfs $work/full
        {
            until [ -d $work/full/build/src/www ]; do sleep 0.05; done
            until mount -o remount,size=\$((\$(df --output=used $work/full | tail -n 1) + 100))k $work/full; do sleep 0.05; done
        } >/dev/null 2>&1 &
        exec $up --port $port --data $work/full"
}

no_build()
{
    [ -z "$(docker ps -q --filter "label=coderoom.build=$1")" ]
}

# hidden PROGRAM COMMAND...: on a machine whose packages are there but for this program.
hidden()
{
    local program
    program=$(command -v "$1")
    : >"$work/empty"
    shift
    unshare --mount sh -c "mount --bind $work/empty $program; exec \"\$@\"" sh "$@"
}

# Even root may be refused: in a container without that capability, say.
on_closed_socket()
{
    /usr/bin/python3 -c "import socket; socket.socket(socket.AF_UNIX).bind('$work/closed.sock')"
    chmod 0 "$work/closed.sock"
    chown 65534:65534 "$work/closed.sock"
    env DOCKER_HOST="unix://$work/closed.sock" setpriv --inh-caps=-dac_override,-dac_read_search \
        --bounding-set=-dac_override,-dac_read_search "$up" --port $port --data "$data"
}

listen_on()
{
    /usr/bin/python3 -c "import socket, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('127.0.0.1', $1))
s.listen()
time.sleep(600)" &
    listener=$!
    wait_for 10 bash -c ": </dev/tcp/127.0.0.1/$1"
}

listen_end()
{
    kill "$listener"
    wait "$listener" 2>/dev/null || true
    listener=
}
