# shellcheck shell=bash disable=SC2154 # run says where things are
# What somebody who watches an installation has: progress, monitors, logs; and nginx's limits. Part of run.

# first_up: keeps what it says.
first_up()
{
    "$up" --port $port --data "$data" | tee "$work/up.out"
}

# says_progress: seconds that grow and a step each line, and at the end the address, which is right.
says_progress()
{
    local step address=$url/
    for step in 'Building the C programs .*' 'Building the web client .*' 'Starting the services'; do
        grep -qE "^\[ *[0-9]+ s\] $step$" "$work/up.out" || { echo "no word of: $step"; return 1; }
    done
    awk -F'[][]' '!/^\[ *[0-9]+ s\] +[^ ]/ || $2 + 0 < before { exit 1 } { before = $2 + 0 }' "$work/up.out" || return 1
    tail -n 1 "$work/up.out" | grep -qE "^\[ *[0-9]+ s\] Coderoom is ready: $address$" && curl -fsS -o /dev/null "$address"
}

# edits_meanwhile: what is changed after the source was copied is built the next time, and nothing else.
edits_meanwhile()
{
    local copy=$work/edited
    rm -rf "$copy"
    mkdir -p "$copy/tree" "$copy/data/app/www" "$copy/data/app/libexec/coderoom"
    tar -C "$CR_SOURCE" -c --exclude=node_modules --exclude=./data conf lib www docs/openapi.yaml scripts | tar -C "$copy/tree" -x
    cp /bin/true "$copy/data/app/libexec/coderoom/coderoom-agent"
    : >"$copy/data/app/www/index.html"
    bash -ec '. "$1/tree/scripts/lib/common.sh"; . "$1/tree/scripts/lib/build.sh"; DATA=$1/data
        build_source
        echo >>"$1/tree/www/index.html"
        build_done programs
        build_done web
        ! build_needed programs && build_needed web' edits "$copy"
    local rc=$?
    rm -rf "$copy"
    return $rc
}

# monitors_answer: each path of each daemon; what metrics give is Prometheus' text, of which each line is read.
monitors_answer()
{
    local name n=0 path
    for name in api ws runner; do
        n=$((n + 1))
        for path in healthz readyz metrics; do
            curl -fsS -m 2 -o "$work/answer" "http://127.0.0.1:$((port + n))/$path" || { echo "$name $path"; return 1; }
        done
        grep -qE '^coderoom_[a-z_]+(\{[^}]*\})? [0-9]' "$work/answer" || { echo "$name counts nothing"; return 1; }
        ! grep -vE '^# (HELP|TYPE) |^[a-z_]+(\{[^}]*\})? -?[0-9.e+]+$' "$work/answer" || return 1
    done
}

# monitors_are_private: what listens on their ports does so on 127.0.0.1 and nowhere else.
monitors_are_private()
{
    local n where
    for n in 1 2 3; do
        where=$(cat /proc/net/tcp /proc/net/tcp6 |
            awk -v p="$(printf ':%04X' $((port + n)))" '$4 == "0A" && substr($2, length($2) - 4) == p { print $2 }')
        [ "$where" = "$(printf '0100007F:%04X' $((port + n)))" ] || { echo "port $((port + n)): $where"; return 1; }
    done
}

# metrics_are_private: nothing of them at the public port, under whatever name.
metrics_are_private()
{
    local path
    for path in /metrics /api/metrics /api/v1/metrics /ws/v1/metrics //metrics /healthz/metrics; do
        curl -s --path-as-is -o "$work/answer" "$url$path" || return 1
        ! grep -E '^(# TYPE )?coderoom_' "$work/answer" || { echo "they are at $path"; return 1; }
    done
}

# requests_are_limited: 2000 at once from an address of its own, of which some get 429 as problem+json;
# other addresses are served meanwhile.
requests_are_limited()
{
    rm -rf "$work/flood"
    mkdir -p "$work/flood"
    curl -s --interface 127.0.0.2 --parallel --parallel-max 40 -o "$work/flood/#1" -w '%{http_code} %{content_type}\n' \
        "http://127.0.0.1:$port/api/v1/nothing?[1-2000]" >"$work/flood.out" 2>/dev/null || return 1
    answers 404 /api/v1/nothing || return 1
    sort "$work/flood.out" | uniq -c
    grep -qx '404 application/problem+json' "$work/flood.out" && grep -qx '429 application/problem+json' "$work/flood.out" &&
        ! grep -vE '^(404|429) application/problem\+json$' "$work/flood.out" &&
        cat "$work/flood"/* | grep -q '"status":429,"detail":"Too many requests came from your address."'
}

# sockets_are_limited: with a limit that is reached sooner.
sockets_are_limited()
{
    local rc=0
    limit_sockets 2000 3 || return 1
    /usr/bin/python3 "$CR_SOURCE/tests/ops/sockets.py" "$url" 3 || rc=1
    limit_sockets 3 2000 && return $rc
}

# limit_sockets FROM TO: the number in nginx's configuration, once its workers of before are gone.
limit_sockets()
{
    local before
    before=$(pgrep -d ' ' -P "$(service_pid nginx)")
    grep -q "limit_conn sockets $1;" "$data/nginx/nginx.conf" || return 1
    sed -i "s/limit_conn sockets $1;/limit_conn sockets $2;/" "$data/nginx/nginx.conf"
    sv hup "$data/service/nginx" >/dev/null
    # shellcheck disable=SC2086 # words
    wait_for 10 none_alive $before
}

none_alive()
{
    local pid
    for pid; do
        ! kill -0 "$pid" 2>/dev/null || return 1
    done
}
