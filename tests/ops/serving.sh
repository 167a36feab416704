# shellcheck shell=bash disable=SC2154 # run says where things are
# What an installation serves, and who its processes are. Part of run.

# mode FILE MODE OWNER:GROUP
mode()
{
    [ "$(stat -c '%a %U:%G' "$1")" = "$2 $3" ] || { stat -c '%n %a %U:%G' "$1"; return 1; }
}

# runs_as PROGRAM USER: every process of the program in this installation runs as the user.
runs_as()
{
    local users
    users=$(find /proc/[0-9]*/exe -lname "$data/app/bin/coderoom-$1*" -printf '%u\n' 2>/dev/null | sort -u) || true
    [ "$users" = "$2" ] || { echo "users: $users"; return 1; }
}

service_pid()
{
    sv status "$data/service/$1" | sed -nE 's/^run: [^(]*\(pid ([0-9]+)\).*/\1/p' | grep .
}

# groups_of SERVICE: the numbers of its process's groups, the first one also that of its files.
groups_of()
{
    local status
    status=/proc/$(service_pid "$1")/status
    [ "$(awk '/^Gid:/ { print $2, $3, $4, $5 }' "$status" | tr ' ' '\n' | sort -u | wc -l)" = 1 ] || return 1
    awk '/^Gid:/ { print $2 } /^Groups:/ { for (i = 2; i <= NF; i++) print $i }' "$status" | uniq
}

# as_service SERVICE COMMAND...: with its user and groups, and nothing else.
as_service()
{
    local groups
    groups=$(groups_of "$1") || return 1
    setpriv --reuid "coderoom-$1" --regid "$(head -n 1 <<<"$groups")" --groups "$(paste -sd , <<<"$groups")" \
        --inh-caps=-all --no-new-privs "${@:2}"
}

# no_powers SERVICE: whatever root may do beyond files' owners and groups, the process may not.
no_powers()
{
    local powers
    powers=$(awk '/^Cap(Prm|Eff|Amb):/ { print $2 }' "/proc/$(service_pid "$1")/status" | sort -u)
    [ "$powers" = 0000000000000000 ] || { grep Cap "/proc/$(service_pid "$1")/status"; return 1; }
}

may_use_docker()
{
    as_service "$1" test -w /var/run/docker.sock
}

may_not_use_docker()
{
    no_powers "$1" && as_service "$1" test -r "$data/coderoom.conf" && ! may_use_docker "$1"
}

# answers STATUS PATH [curl's arguments]
answers()
{
    local status=$1 path=$2 got
    shift 2
    got=$(curl -s -o "$work/answer" -w '%{http_code}' --path-as-is "$@" "$url$path")
    [ "$got" = "$status" ] || { echo "$path answered $got"; return 1; }
}

problem()
{
    answers "$@" && grep -q '"type":"urn:coderoom:problem:' "$work/answer"
}

has_header()
{
    curl -s -o /dev/null -D - "$url$1" | tr -d '\r' | grep -iE "^$2"
}

too_large()
{
    head -c 1300000 /dev/zero | curl -s -o "$work/answer" -w '%{http_code}' -H 'Content-Type: application/json' \
        --data-binary @- "$url/api/v1/auth/sign-in" | grep -qx 413 && grep -q '"code":"too_large"' "$work/answer"
}

# Guesses from one address are slowed: some of 200 at once get 429 as problem+json.
floods_are_slowed()
{
    local i
    for i in $(seq 200); do
        echo "url = \"$url/api/v1/auth/refresh\""
        echo "output = \"$work/flood/$i\""
    done >"$work/flood.conf"
    rm -rf "$work/flood"
    mkdir -p "$work/flood"
    curl -s -X POST --parallel --parallel-max 40 -K "$work/flood.conf" || true
    cat "$work/flood"/* | grep -q '"code":"rate"'
}

no_secret_in_logs()
{
    curl -s -o /dev/null "$url/ws/v1/room/00000000000000000000?token=TELLTALE" || true
    curl -s -o /dev/null "$url/api/v1/invitations/TELLTALE" || true
    sleep 0.3
    ! grep -rl TELLTALE "$data/log"
}

request_id_reaches_the_api()
{
    local id
    id=$(has_header /api/v1/auth/me x-request-id | sed 's/.*: *//')
    [ ${#id} = 32 ] && wait_for 5 grep -q "$id" "$data/log/api/current" && grep -q "$id" "$data/log/nginx/current"
}

account()
{
    curl -s -o "$work/answer" -w '%{http_code}' -H "Origin: $url" -H 'Content-Type: application/json' \
        -d "{\"email\":\"ops@example.org\",\"password\":\"a long walk at noon\"$2}" "$url/api/v1/auth/$1"
}

sign_up()
{
    [ "$(account sign-up ',"name":"Ops"')" = 201 ] || { cat "$work/answer"; return 1; }
}

sign_in()
{
    [ "$(account sign-in '')" = 200 ] || { cat "$work/answer"; return 1; }
}
