# shellcheck shell=bash disable=SC2034 # the lists are read by those who include this
# Every Debian package that Coderoom takes from the host, in one place: what scripts/up installs,
# and what scripts/test installs beyond it. Names are those of Debian 12 and 13 alike.

# To build the C programs.
CR_PACKAGES_BUILD=(
    gcc libc6-dev make autoconf automake libtool pkg-config
    libfcgi-dev libwebsockets-dev libmongoc-dev libcjson-dev libjwt-dev libsodium-dev libssl-dev
    libcurl4-openssl-dev libmicrohttpd-dev libutf8proc-dev libcap-dev libzstd-dev
)
# To run the installation.
CR_PACKAGES_RUN=(
    nginx runit docker.io debootstrap debian-archive-keyring crun iptables
    openssl ca-certificates curl xz-utils zstd procps
)
# To test it.
CR_PACKAGES_TEST=(
    libcmocka-dev clang clang-format cppcheck valgrind shellcheck xz-utils
    chromium nodejs python3 python3-pytest python3-requests python3-websockets python3-cryptography
    python3-jsonschema python3-yaml lighttpd
    fonts-dejavu-core iproute2
)

# packages_missing NAME...: prints those that are not installed.
packages_missing()
{
    local have
    have=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' 2>/dev/null | sed -n 's/^ii  *//p')
    printf '%s\n' "$@" | sort -u | grep -vxF -f <(printf '%s\n' "$have") || true
}

# packages_known NAME...: reads Debian's package lists when any of these is missing. A list that cannot
# be read is in the way only when it is needed: it may be somebody else's.
packages_known()
{
    local missing mark why
    mapfile -t missing < <(packages_missing "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "Reading Debian's package lists"
    mark=$(wc -c <"$CR_LOG")
    apt-get -o DPkg::Lock::Timeout=300 -o APT::Update::Error-Mode=any update >>"$CR_LOG" 2>&1 && return 0
    why=$(tail -c +"$((mark + 1))" "$CR_LOG" | sed -nE 's/^[EW]: (Failed to fetch [^ ]+ +)?//p' | head -n 1 | cut -c1-200)
    apt-get -s install --no-install-recommends "${missing[@]}" >>"$CR_LOG" 2>&1 ||
        die "Debian's package lists cannot be read (${why:-apt-get update failed}); check the network, /etc/apt/sources.list and any proxy."
}

# packages_install NAME...: installs what is missing, without starting any service.
packages_install()
{
    local missing
    mapfile -t missing < <(packages_missing "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "Installing ${#missing[@]} Debian packages"
    export DEBIAN_FRONTEND=noninteractive
    # Packages must not start daemons on their own: nginx would take port 80.
    local policy=/usr/sbin/policy-rc.d made='' rc=0
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod 755 $policy
        made=1
    fi
    (quietly "Installing packages" apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}") || rc=1
    [ -z "$made" ] || rm -f $policy
    [ $rc = 0 ] || exit 1
    # Coderoom runs an nginx of its own; that of the package would take port 80 at the next boot, as
    # would lighttpd, with which tests try plain CGI.
    if have_systemd; then
        printf '%s\n' "${missing[@]}" | grep -xE 'nginx|lighttpd' | xargs -r systemctl disable >>"$CR_LOG" 2>&1 || true
    fi
}

# packages_of_host LIST...: the same names with what differs between releases put right.
packages_of_host()
{
    printf '%s\n' "$@"
    # Debian 13 moved Docker's command-line client to a package of its own.
    # shellcheck source=/dev/null
    (. /etc/os-release && [ "${VERSION_ID:-12}" -lt 13 ]) || echo docker-cli
}
