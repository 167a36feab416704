# shellcheck shell=bash
# What is behind a failure when the command itself says it in fifty lines or not at all: a full disk,
# no network. Part of common.sh; needs nothing that a bare Debian does not have.

# reached HOST PORT: does something listen there? Prints why not.
reached()
{
    local out
    # shellcheck disable=SC2016 # for the inner bash
    out=$(timeout 5 bash -c ': <"/dev/tcp/$0/$1"' "$1" "$2" 2>&1) && return 0
    # The reason ends bash's first line.
    out=${out%%$'\n'*}
    out=${out##*: }
    out=${out:-no answer within 5 s}
    echo "${out,}"
    return 1
}

# place_of HOST[:PORT] PORT: prints "host port", [::1] without its brackets; 1 when it is neither.
place_of()
{
    [[ $1 =~ ^(\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(:([0-9]{1,5}))?$ ]] || return 1
    echo "${BASH_REMATCH[2]}${BASH_REMATCH[3]} ${BASH_REMATCH[5]:-$2}"
}

# network_cause URL...: prints a sentence when the place of a URL, or the proxy that leads there,
# cannot be reached.
network_cause()
{
    local url proxy port place why
    for url; do
        case $url in
            https://*) proxy=${https_proxy:-${HTTPS_PROXY:-}} port=443 ;;
            *) proxy=${http_proxy:-${HTTP_PROXY:-}} port=80 ;;
        esac
        url=${url#*://}
        url=${url%%/*}
        if [ -n "$proxy" ]; then
            url=${proxy#*://}
            url=${url%%/*}
            port=80
        fi
        place=$(place_of "${url##*@}" $port) || continue
        # shellcheck disable=SC2086 # two words
        why=$(reached $place) && continue
        echo "${place/ /:}${proxy:+ (a proxy)} cannot be reached: $why; check the network and any proxy (http_proxy, https_proxy)."
        return
    done
}

# disk_cause TEXT: prints a sentence when a disk that Coderoom writes to is full, or was: the text of
# what failed says so, and what it had written may be gone again.
disk_cause()
{
    local dir free inodes
    for dir in "${DATA:-}" "${CODEROOM_CACHE:-}" /var/lib/docker /tmp; do
        [ -d "$dir" ] || continue
        read -r free inodes < <(df --output=avail,iavail "$dir" | tail -n 1)
        if [ "$free" -lt 20000 ] || [ "$inodes" = 0 ]; then
            echo "the disk of $dir is full; free some space, or choose another disk with --data."
            return
        fi
    done
    if grep -qE 'No space left on device|ENOSPC' <<<"$1"; then
        echo "a disk ran full; see that ${DATA:-the data folder} and /var/lib/docker have some GB free."
    fi
}

# cause TEXT: the first that is found. CR_NEEDS: what the failed step fetches from, URLs apart by blanks.
cause()
{
    local found
    found=$(disk_cause "$1")
    # shellcheck disable=SC2086 # words
    [ -n "$found" ] || found=$(network_cause ${CR_NEEDS:-})
    echo "$found"
}
