# shellcheck shell=bash
# What every script starts with: strict shell, a PATH of Debian's own folders only (nothing that a
# developer has in /usr/local may be needed), progress lines, and errors of one sentence with the mend.
set -Eeuo pipefail
# Nothing ends without a word: what nobody caught says where it happened.
CR_SAID='' CR_FAILED_AT=''
trap 'CR_FAILED_AT="${BASH_COMMAND%% *} failed (${BASH_SOURCE[0]##*/}, line $LINENO)"' ERR
last_word()
{
    local rc=$?
    local why
    if [ $rc != 0 ] && [ -z "$CR_SAID" ] && [ -n "$CR_FAILED_AT" ]; then
        why=$(cause '')
        [ -z "$why" ] || why=": $why"
        echo "${CR_NAME:-coderoom}: $CR_FAILED_AT${why:-; the log is ${CR_LOG:-not written}.}" >&2
    fi
    return $rc
}
trap last_word EXIT
# What the script was given, before anything is added to it: need_root says how to give it again.
CR_ARGS=("$@") CR_GIVEN=$(compgen -e)
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
umask 022

CR_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
CR_STARTED_S=$SECONDS
export CR_SOURCE
# shellcheck source=scripts/lib/causes.sh
. "$CR_SOURCE/scripts/lib/causes.sh"

# say TEXT...: a progress line with the seconds since the script began. It goes to the script's own
# output even where that of a step is sent to the log.
exec {CR_OUT}>&1
say()
{
    printf '[%4d s] %s\n' "$((SECONDS - CR_STARTED_S))" "$*" >&"$CR_OUT"
}

# die SENTENCE: ends the script; the sentence says what is wrong and how to mend it. Steps that run
# side by side may fail together: the one that takes the word, a byte in a pipe, has it.
exec {CR_WORD}<> <(:)
echo >&"$CR_WORD"
die()
{
    if read -r -t 0.1 -u "$CR_WORD" _; then
        printf '%s: %s\n' "${CR_NAME:-coderoom}" "$*" >&2
    fi
    CR_SAID=1
    exit 1
}

# log_to FILE: from now on quietly() writes there.
log_to()
{
    CR_LOG=$1
    mkdir -p "$(dirname "$CR_LOG")"
    touch "$CR_LOG"
}

# quietly WHAT COMMAND...: runs it with its output in the log. When it fails, stops with the cause, or
# with the end of that output when none is found.
quietly()
{
    local what=$1 mark text why
    shift
    mark=$(wc -c <"$CR_LOG")
    printf '\n== %s: %s\n' "$(date -u +%FT%TZ)" "$*" 2>/dev/null >>"$CR_LOG" || true # a full disk is found below
    if ! "$@" >>"$CR_LOG" 2>&1 </dev/null; then
        text=$(tail -c +"$((mark + 1))" "$CR_LOG" | tail -n 400)
        why=$(cause "$text")
        [ -z "$why" ] || die "$what failed: $why"
        tail -n 25 <<<"$text" | sed 's/^/    /' >&2
        die "$what failed; the whole output is in $CR_LOG."
    fi
}

# hash_files PATH...: one short hash over names, modes and contents of all files below the paths.
hash_files()
{
    { find "$@" -type f ! -path '*/node_modules/*' ! -path '*/__pycache__/*' -print0 2>/dev/null || true; } |
        sort -z | xargs -0 -r sha256sum | sha256sum | cut -c1-16
}

# hash_text TEXT...: the same over words.
hash_text()
{
    printf '%s\n' "$@" | sha256sum | cut -c1-16
}

# wait_for SECONDS COMMAND...: repeats the command each 50 ms until it succeeds; 1 after the time.
wait_for()
{
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}

# detach COMMAND...: starts it in a session of its own with nothing inherited: no terminal, and no
# open file (a lock of whoever called us would be held for as long as it lives).
detach()
{
    (
        exec </dev/null >>"$CR_LOG" 2>&1
        for fd in /proc/self/fd/*; do
            fd=${fd##*/}
            [ "$fd" -le 2 ] || eval "exec $fd>&-"
        done
        setsid "$@" &
    )
}

# need_root: the mend is the whole command, which can be copied: sudo drops the environment, so the
# variables that mean something to us are named.
need_root()
{
    local whole names
    [ "$(id -u)" != 0 ] || return 0
    printf -v whole '%q ' "$0" "${CR_ARGS[@]}"
    whole=${whole% }
    command -v sudo >/dev/null || die "$CR_NAME has to be run as root; run: su -c ${whole@Q}"
    names=$(grep -xE 'CODEROOM_.*|DOCKER_HOST|DEBIAN_MIRROR|GOPROXY|npm_config_registry|(https?|no)_proxy|(HTTPS?|NO)_PROXY' \
        <<<"$CR_GIVEN" | paste -sd ,) || true
    die "$CR_NAME has to be run as root; run: sudo ${names:+--preserve-env=$names }$whole"
}

# have_systemd: is systemd the first process here, so that services are its affair?
have_systemd()
{
    [ -d /run/systemd/system ]
}

# human BYTES: "178 MB".
human()
{
    awk -v b="$1" 'BEGIN { if (b >= 1e9) printf "%.1f GB", b / 1e9; else printf "%.0f MB", b / 1e6 }'
}
