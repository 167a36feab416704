# shellcheck shell=bash disable=SC2154 # run says where things are
# Restarts, kills, moves and the end. Part of run.

within_10_s()
{
    local began=$SECONDS
    "$up" --data "$1" && [ $((SECONDS - began)) -lt 10 ]
}

# nothing_changes COMMAND...: afterwards the keys, the settings and the processes are those of before.
nothing_changes()
{
    local before after
    before=$(what_lasts) && "$@" && after=$(what_lasts) || return 1
    [ "$before" = "$after" ] || { diff <(echo "$before") <(echo "$after"); return 1; }
}

what_lasts()
{
    local name
    sha256sum "$data"/secrets/* "$data/coderoom.conf" "$data/instance" || return 1
    for name in db api ws runner nginx; do
        echo "$name $(service_pid $name)" || return 1
    done
}

all_ready()
{
    local p
    for p in 1 2 3; do
        curl -fsS -m 2 -o /dev/null "http://127.0.0.1:$((port + p))/readyz" || return 1
    done
    curl -fsS -m 2 -o /dev/null "$url/readyz" && [ -S "$data/run/db/ferretdb.sock" ]
}

# comes_back PID...: killed, and everything is ready again with another process.
comes_back()
{
    kill -9 "$@"
    wait_for 10 not_alive "$@"
    wait_for 40 all_ready || return 1
    sign_in_soon
}

# On a busy machine "ready" may still be the answer of just before the kill. One try a second: more
# would be slowed as guesses.
sign_in_soon()
{
    local deadline=$((SECONDS + 30))
    until sign_in >/dev/null; do
        [ "$SECONDS" -lt "$deadline" ] || { cat "$work/answer"; return 1; }
        sleep 1
    done
}

# readyz STATUS: what each of the three daemons answers.
readyz()
{
    local p got
    for p in 1 2 3; do
        got=$(curl -s -m 8 -o "$work/answer" -w '%{http_code}' "http://127.0.0.1:$((port + p))/readyz")
        [ "$got" = "$1" ] || { echo "port $((port + p)) answers $got: $(cat "$work/answer")"; return 1; }
    done
}

database_away()
{
    local rc=0
    sv -w 40 force-stop "$data/service/db" >/dev/null
    wait_for 30 readyz 503 || { readyz 503; rc=1; }
    sv up "$data/service/db"
    wait_for 40 all_ready || { readyz 200; rc=1; }
    return $rc
}

# What the database's driver would keep there stays when a process is killed, for the next of its id.
nothing_in_shared_memory()
{
    local name
    for name in api ws runner; do
        ! grep ' /dev/shm/' "/proc/$(service_pid $name)/maps" || return 1
    done
}

not_alive()
{
    ! kill -0 "$@"
}

# in_container NAME: the host's process ids of a program in the database container.
in_container()
{
    docker top "coderoom-db-$(cat "$data/instance")" -o pid,ppid,args | awk -v p="$1" '$3 ~ p { print $1; exit }'
}

# A runner that was there before the ws daemon's socket finds it all the same.
runner_first()
{
    local before log=$data/log/ws/current
    sv -w 20 force-stop "$data/service/ws" >/dev/null
    rm -f "$data/run/ws/ws.sock"
    sv -w 20 force-restart "$data/service/runner" >/dev/null
    sleep 1
    before=$(grep -c 'runner connected' "$log")
    sv up "$data/service/ws"
    wait_for 20 more_lines "$before" 'runner connected' "$log" && wait_for 20 all_ready &&
        /usr/bin/python3 "$CR_SOURCE/tests/ops/journey.py" "$url"
}

more_lines()
{
    [ "$(grep -c "$2" "$3")" -gt "$1" ]
}

# What is of the installation but no cell of the runner's: its sweep at a start and each minute after
# must leave that alone, the database above all.
sweep_spares_others()
{
    local other
    other=$(docker run -d --rm --network none --label "coderoom.instance=$(cat "$data/instance")" \
        --entrypoint sleep coderoom/db 300) || return 1
    sv -w 20 restart "$data/service/runner" && wait_for 60 all_ready && sleep 2
    docker inspect "$other" >/dev/null && in_container '^ferretdb$' >/dev/null
    local rc=$?
    docker rm -f "$other" >/dev/null 2>&1
    return $rc
}

moved()
{
    "$up" --data "$data" --port $((port + 5)) && curl -fsS -o /dev/null "http://localhost:$((port + 5))/readyz" &&
        ! curl -s -m 2 -o /dev/null "$url/" && "$up" --data "$data" --port "$port" && all_ready
}

nothing_left()
{
    local left
    left=$(docker ps -aq --filter "label=coderoom.instance=$(cat "$1/instance")")
    [ -z "$left" ] || { echo "containers: $left"; return 1; }
    no_process "$1"
}

no_process()
{
    local left
    # Taken down first: the search itself names the folder, too.
    cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' >"$work/processes" || true
    left=$(grep -oE "$1/[a-z/]*" "$work/processes" || true)
    [ -z "$left" ] || { echo "processes: $left"; return 1; }
}
