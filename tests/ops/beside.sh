# shellcheck shell=bash disable=SC2154 # run says where things are
# Another installation beside the first, its database and its settings. Part of run.

# Something listens at the database's address, and it is none.
on_no_database()
{
    local rc=0
    listen_on $((port + 4))
    env CODEROOM_READY_SECONDS=15 CODEROOM_MONGODB_URI="mongodb://127.0.0.1:$((port + 4))/" "$up" --port $side_port --data "$side" || rc=1
    listen_end
    return $rc
}

# A database that answers, and wants another password: FerretDB in the first one's container, which asks
# for it there.
on_refusing_database()
{
    local name rc=0 socket=$data/run/db/refusing.sock
    name=coderoom-db-$(cat "$data/instance")
    docker exec -d "$name" sh -c 'umask 0117; exec ferretdb --postgresql-url="postgres://postgres@/postgres?host=/run/pg" \
        --listen-addr= --listen-unix=/socket/refusing.sock --debug-addr=- --telemetry=disable --state-dir=/tmp' || return 1
    wait_for 20 test -S "$socket" || rc=1
    says "^up: api is not ready: .*database.*; if it names the database, put CODEROOM_MONGODB_URI right" \
        without TELLTALE env CODEROOM_READY_SECONDS=6 CODEROOM_MONGODB_URI="mongodb://me:TELLTALE@${socket//\//%2F}/" \
        "$up" --port $side_port --data "$side" || rc=1
    docker top "$name" -o pid,args | awk '/refusing.sock/ { print $1 }' | xargs -r kill -9
    rm -f "$socket"
    return $rc
}

# without WORD COMMAND...: nothing that it says, or has in the logs, has the word.
without()
{
    local word=$1 out rc=0
    out=$("${@:2}" 2>&1 >"$work/answer") || rc=$?
    ! grep -r "$word" - "$side/log" "$work/answer" <<<"$out" || out="it told $word"
    echo "$out" >&2
    return $rc
}

# The database's address is kept; when it has gone by the next start, that is said, too.
on_gone_database()
{
    "$down" --data "$side" && "$up" --port $side_port --data "$side"
}

external_database()
{
    local socket=$data/run/db/ferretdb.sock
    # The operator's own setting stays through later starts.
    echo 'mongodb.database = side' >>"$side/coderoom.conf"
    CODEROOM_MONGODB_URI="mongodb://${socket//\//%2F}/" "$up" --bind ::1 --port $side_port --url "$side_url/" --data "$side" &&
        [ -z "$(docker ps -q --filter "name=coderoom-db-$(cat "$side/instance")")" ] &&
        grep -q '^mongodb.database = side' "$side/coderoom.conf"
}

# The client asks for all it needs below the path of <base href>.
client_below_a_path()
{
    local page script
    page=$(curl -fsS "$side_url/rooms/00000000000000000000")
    grep -q '<base href="/code/"' <<<"$page" || { echo "$page"; return 1; }
    script=$(sed -nE 's|.*<script [^>]*src="(\./)?(assets/[^"]*)".*|\2|p' <<<"$page")
    [ -n "$script" ] && curl -fsS -o /dev/null -D - "$side_url/$script" | grep -qi '^content-type: .*javascript' || { echo "$page"; return 1; }
}

not_on_ipv4()
{
    curl -fsS -o /dev/null "http://[::1]:$1/readyz" && ! curl -s -m 2 -o /dev/null "http://127.0.0.1:$1/"
}

# expires_in: how long a new account's access token lives.
expires_in()
{
    curl -fsS -H "Origin: ${side_url%/code}" -H 'Content-Type: application/json' "$side_url/api/v1/auth/sign-up" \
        -d "{\"email\":\"$RANDOM$RANDOM@example.org\",\"password\":\"a long walk at noon\",\"name\":\"Ops\"}" |
        sed -nE 's/.*"expires_in":([0-9]+).*/\1/p'
}

# From a variable, and from a file whose path is relative.
setting_counts()
{
    echo 31 >"$work/runs"
    (cd "$work" && CODEROOM_AUTH_ACCESS_TTL=40s CODEROOM_LIMITS_RUNS_PER_MINUTE_FILE=runs "$up" --data "$side") || return 1
    [ "$(expires_in)" = 40 ] && grep -qx "limits.runs_per_minute_file = $work/runs" "$side/coderoom.conf"
}

setting_stays()
{
    "$up" --data "$side" && [ "$(expires_in)" = 40 ] && [ "$(grep -c '^auth.access_ttl' "$side/coderoom.conf")" = 1 ] &&
        CODEROOM_AUTH_ACCESS_TTL=50s "$up" --data "$side" && [ "$(expires_in)" = 50 ] &&
        [ "$(grep -c '^auth.access_ttl' "$side/coderoom.conf")" = 1 ]
}

# The second can be read, but not by the daemons.
wrong_setting_changes_nothing()
{
    local before
    before=$(cat "$side/coderoom.conf")
    (umask 077 && echo 1m >"$work/closed")
    says 'not valid: log.level .* not "loud" .*coderoom.conf and CODEROOM_LOG_LEVEL' env CODEROOM_LOG_LEVEL=loud "$up" --data "$side" &&
        says 'CODEROOM_AUTH_ACCESS_TTL_FILE: .*cannot read .*Permission denied' \
            env CODEROOM_AUTH_ACCESS_TTL_FILE="$work/closed" "$up" --data "$side" &&
        [ "$before" = "$(cat "$side/coderoom.conf")" ]
}

# refuses_own_line LINE: below the mark, where the operator's word counts.
refuses_own_line()
{
    local rc=0
    echo "$1" >>"$side/coderoom.conf"
    says "coderoom.conf sets ${1%% *}, which is scripts/up's own to set .*; take that line out" "$up" --data "$side" || rc=1
    sed -i "\|^$1\$|d" "$side/coderoom.conf"
    return $rc
}

side_database()
{
    docker ps -q --filter "name=coderoom-db-$(cat "$side/instance")"
}

# As OPERATING.md says.
embedded_again()
{
    rm "$side/secrets/mongodb-uri"
    "$up" --data "$side" && [ -n "$(side_database)" ] && [ -n "$(expires_in)" ]
}

external_again()
{
    local socket=$data/run/db/ferretdb.sock
    echo "mongodb://${socket//\//%2F}/" >"$work/address"
    CODEROOM_MONGODB_URI_FILE=$work/address "$up" --data "$side" || return 1
    [ -z "$(side_database)" ] && [ ! -e "$side/service/db" ] || { docker ps; ls "$side/service"; return 1; }
    no_process "$side/db"
}
