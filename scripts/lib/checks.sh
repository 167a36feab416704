# shellcheck shell=bash
# What can be in the way of a start, each said in one sentence with its mend. Needs nothing that a
# bare Debian does not have: these run before any package is installed.

# check_system: Debian 12 or 13 on a processor that Debian's packages exist for.
check_system()
{
    local id=unknown version=0 name=unknown
    if [ -r /etc/os-release ]; then
        # shellcheck source=/dev/null
        read -r id version name < <(. /etc/os-release && echo "${ID:-unknown} ${VERSION_ID:-0} ${PRETTY_NAME:-unknown}")
    fi
    case $id:$version in
        debian:12 | debian:13) ;;
        *) die "This is $name; Coderoom needs Debian 12 or 13: run it there, or in a virtual machine with one of them." ;;
    esac
}

# check_data DIR: prints its absolute path; makes it when it is missing.
check_data()
{
    local dir=$1
    case $dir in
        *[!A-Za-z0-9/._-]*) die "The data folder $dir has characters that configuration files cannot hold; choose one of letters, digits, '/', '.', '_' and '-' with --data." ;;
    esac
    if [ -e "$dir" ] && [ ! -d "$dir" ]; then
        die "$dir is not a folder; choose another place with --data."
    fi
    mkdir -p "$dir" 2>/dev/null || die "The folder $dir cannot be made; choose a place that can be written with --data."
    dir=$(cd "$dir" && pwd -P)
    touch "$dir/.write" 2>/dev/null || die "Nothing can be written in $dir; choose another place with --data."
    rm -f "$dir/.write"
    echo "$dir"
}

# check_space DIR BYTES_IN_GB WHAT
check_space()
{
    local free_kb need_kb=$(($2 * 1000000))
    free_kb=$(df -Pk "$1" | awk 'NR == 2 { print $4 }')
    [ "$free_kb" -ge "$need_kb" ] ||
        die "Only $((free_kb / 1000)) MB are free in $1, and $3 needs about $2 GB; free some space or choose another disk."
}

# check_database URI WHERE: an address that is none, or at none of whose places anything listens. Names
# that only a driver looks up (mongodb+srv) and unix sockets are left to the daemons. The address may
# hold a password, so nothing of it is said but hosts and ports.
check_database()
{
    local list hosts one place why said='' form='write it as mongodb://user:password@host:27017/'
    case $1 in
        mongodb+srv://?*) return 0 ;;
        mongodb://?*) ;;
        *) die "$2 is not a database address; $form." ;;
    esac
    list=${1#*://}
    list=${list%%[/?]*}
    IFS=, read -ra hosts <<<"${list##*@}"
    [ ${#hosts[@]} -gt 0 ] || die "$2 names no host; $form."
    for one in "${hosts[@]}"; do
        case $one in
            %2[Ff]*) return 0 ;;
        esac
        place=$(place_of "$one" 27017) ||
            die "$2 has something else where its host should be; $form, with / : @ in a password as %2F %3A %40."
        # shellcheck disable=SC2086 # two words
        why=$(reached $place) && return 0
        said="$said${said:+, }$one: $why"
    done
    die "No database can be reached ($said); start it, or put $2 right."
}

# port_inode PORT: prints the socket's inode when something listens on the TCP port.
port_inode()
{
    local hex
    hex=$(printf '%04X' "$1")
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
        awk -v p=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == p && !n++ { print $10 }'
}

# port_owner PORT: "nginx (process 812)" when it can be seen, else "another program".
port_owner()
{
    local inode fd pid
    inode=$(port_inode "$1")
    fd=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" -print -quit 2>/dev/null || true)
    pid=${fd#/proc/}
    pid=${pid%%/*}
    if [ -n "$pid" ]; then
        echo "$(cat "/proc/$pid/comm" 2>/dev/null) (process $pid)"
    else
        echo "another program"
    fi
}

# check_port PORT WHAT MEND
check_port()
{
    case $1 in
        '' | *[!0-9]*) die "$1 is not a port; give a number from 1 to 65532 with --port." ;;
    esac
    if [ "$1" -lt 1 ] || [ "$1" -gt 65535 ]; then
        die "$1 is not a port; give a number from 1 to 65532 with --port."
    fi
    [ -z "$(port_inode "$1")" ] ||
        die "Port $1$2 is taken by $(port_owner "$1"); end it, or choose another port with --port."
}
