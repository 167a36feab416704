# shellcheck shell=bash
# The one way to make container images, with no registry: debootstrap makes a bare system, docker
# import takes it in, docker build adds what conf/images/<name>/Dockerfile says. Each image carries
# the hash of everything it was made from, so that an unchanged one is not made again.
#
# Settings (environment):
#   DEBIAN_MIRROR        where packages come from; default: the host's own mirror
#   CODEROOM_CACHE       folder for downloads that are worth keeping
#   CODEROOM_CA_BUNDLE   certificates that builds trust (a campus proxy); default: the host's bundle
#   http_proxy, https_proxy, no_proxy   given to builds when they are set
# shellcheck source=scripts/lib/docker.sh
. "$CR_SOURCE/scripts/lib/docker.sh"

CR_IMAGES_DIR=$CR_SOURCE/conf/images
CR_IMAGE_PREFIX=coderoom
FERRETDB_VERSION=v2.7.0

# mirror: Debian's mirror, without a trailing slash. A bare system has no certificates, so
# only a plain http mirror can serve it; apt checks signatures either way.
mirror()
{
    local uri=${DEBIAN_MIRROR:-}
    if [ -z "$uri" ]; then
        # shellcheck disable=SC2016 # apt's own fields
        uri=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Identifier: Packages' 2>/dev/null |
            awk '$1 == "Debian" && $2 ~ /^http:/ && !n++ { print $2 }')
    fi
    uri=${uri:-http://deb.debian.org/debian}
    echo "${uri%/}"
}

# base_tarball SUITE: prints the path of the suite's bare system, made when it is not in the cache.
base_tarball()
{
    local suite=$1 tar=$CODEROOM_CACHE/$1-minbase.tar.zst work script=/usr/share/debootstrap/scripts/$1
    if [ ! -s "$tar" ]; then
        [ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid # newer than this debootstrap
        work=$(mktemp -d "$CODEROOM_CACHE/$suite.XXXXXX")
        debootstrap --variant=minbase "$suite" "$work/root" "$(mirror)" "$script" >&2 ||
            { rm -rf "$work"; return 1; }
        rm -rf "$work"/root/var/cache/apt/archives/*.deb "$work"/root/var/lib/apt/lists/* \
            "$work"/root/usr/share/{doc,locale,man}/* "$work"/root/var/log/*.log
        # What later packages bring of these is left out as well.
        printf 'path-exclude=%s\n' '/usr/share/doc/*' '/usr/share/locale/*' '/usr/share/man/*' \
            >"$work/root/etc/dpkg/dpkg.cfg.d/coderoom"
        tar -C "$work/root" --one-file-system -c . | zstd -q -3 -T0 -f -o "$tar.part"
        mv "$tar.part" "$tar"
        rm -rf "$work"
    fi
    echo "$tar"
}

# base_image SUITE: makes coderoom/base-SUITE.
base_image()
{
    image_locked "base-$1" base_image_make "$1"
}

base_image_make()
{
    local suite=$1 image=$CR_IMAGE_PREFIX/base-$1 hash tar
    hash=$(hash_text "minbase 1" "$suite" "$(mirror)")
    [ "$(image_label "$image" coderoom.hash)" = "$hash" ] && return 0
    tar=$(base_tarball "$suite") || return 1
    zstd -dc "$tar" | docker import -c "LABEL coderoom.hash=$hash" - "$image" >/dev/null
    say "  $image  $(image_size "$image")"
}

# proxy_args FLAG: prints FLAG name=value for each proxy setting, one word a line.
proxy_args()
{
    local name
    for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
        [ -z "${!name:-}" ] || printf '%s\n' "$1" "$name=${!name}"
    done
}

# ca_args: what lets a build container trust the host's certificates; nothing stays in an image.
ca_args()
{
    local bundle=${CODEROOM_CA_BUNDLE:-/etc/ssl/certs/ca-certificates.crt} name
    [ -r "$bundle" ] || return 0
    printf '%s\n' -v "$bundle:/etc/ssl/certs/ca-certificates.crt:ro"
    for name in SSL_CERT_FILE NODE_EXTRA_CA_CERTS PIP_CERT GIT_SSL_CAINFO CURL_CA_BUNDLE; do
        printf '%s\n' -e "$name=/etc/ssl/certs/ca-certificates.crt"
    done
}

# build_image NAME [FILE...]: makes coderoom/NAME from conf/images/NAME/ (a language's folder is
# named by its id alone) with the given files beside the Dockerfile.
build_image()
{
    image_locked "$1" build_image_make "$@"
}

build_image_make()
{
    local image=$CR_IMAGE_PREFIX/$1 dir=$CR_IMAGES_DIR/${1#lang-} base context hash args
    shift
    base=$(awk '$1 == "FROM" { print $2; exit }' "$dir/Dockerfile")
    case $base in
        "$CR_IMAGE_PREFIX"/base-*) base_image "${base#"$CR_IMAGE_PREFIX"/base-}" || return 1 ;;
    esac
    hash=$(hash_text "$(image_label "$base" coderoom.hash)" "$(hash_contents "$dir" "$@")")
    [ "$(image_label "$image" coderoom.hash)" = "$hash" ] && return 0
    context=$(mktemp -d)
    cp -R "$dir/." "$context/"
    [ $# -eq 0 ] || cp "$@" "$context/"
    mapfile -t args < <(proxy_args --build-arg)
    # The host's network: a machine whose Docker has no bridge, or a VPN's odd packet size, builds too.
    if ! DOCKER_BUILDKIT=0 docker build --network host --force-rm -q -t "$image" \
        --label "coderoom.hash=$hash" "${args[@]}" "$context" >&2; then
        rm -rf "$context"
        return 1
    fi
    rm -rf "$context"
    say "  $image  $(image_size "$image")"
}

# hash_contents DIR FILE...: a hash over contents and names relative to where they lie.
hash_contents()
{
    local dir=$1
    shift
    hash_text "$(cd "$dir" && hash_files .)" "$([ $# -eq 0 ] || cat "$@" | sha256sum)"
}

# build_run IMAGE NAME COMMAND...: runs a build step in a container on the host's network; further
# docker options come in the array BUILD_RUN_ARGS. The container goes away with the step.
build_run()
{
    local image=$1 args
    shift
    mapfile -t args < <(proxy_args -e; ca_args)
    docker run --rm --network host --label "coderoom.build=${DATA:-}" "${args[@]}" "${BUILD_RUN_ARGS[@]}" "$image" "$@"
}

# go_proxy: the first place that Go modules come from.
go_proxy()
{
    local first=${GOPROXY:-https://proxy.golang.org}
    echo "${first%%[,|]*}"
}

# ferretdb_binary: prints the path of FerretDB, built by the Go toolchain of its build image from
# the module proxy (whose checksums the go command verifies).
ferretdb_binary()
{
    image_locked ferretdb ferretdb_binary_make
}

ferretdb_binary_make()
{
    local out=$CODEROOM_CACHE/ferretdb-$FERRETDB_VERSION
    if [ ! -x "$out/ferretdb" ]; then
        build_image build-go >&2 || return 1
        mkdir -p "$out"
        BUILD_RUN_ARGS=(-v "$out:/out" -e GOPROXY -e GOSUMDB -e GOTOOLCHAIN=local -e CGO_ENABLED=0
            -e GOPATH=/tmp/go -e GOCACHE=/tmp/gocache)
        build_run "$CR_IMAGE_PREFIX/build-go" sh -c \
            "go install -trimpath -ldflags='-s -w' github.com/FerretDB/FerretDB/v2/cmd/ferretdb@$FERRETDB_VERSION &&
             mv /tmp/go/bin/ferretdb /out/ferretdb" >&2 || return 1
    fi
    echo "$out/ferretdb"
}

# image_db: the embedded database. The bare system, Go and PostgreSQL come at the same time
# as FerretDB is compiled.
image_db()
{
    local binary
    base_image forky || return 1
    binary=$(ferretdb_binary) || return 1
    build_image db "$binary"
}

# agent_plain AGENT DIR: the agent without what differs between two builds of the same source, so that
# installations side by side have the same images.
agent_plain()
{
    strip -R .note.gnu.build-id -o "$2/coderoom-agent" "$1"
}

# image_languages AGENT: one image for each folder that has a language of the same name. A language
# may name any image that its operator has instead; then there is no folder and nothing to build.
image_languages()
{
    local dir name rc=0
    dir=$(mktemp -d)
    agent_plain "$1" "$dir" || return 1
    for name in $(language_images); do
        build_image "$name" "$dir/coderoom-agent" || { rc=1; break; }
    done
    rm -rf "$dir"
    return $rc
}

# images_state AGENT NAME...: one hash over what the images are made from and what Docker has, so that
# a start that changes nothing asks Docker one question. Names are without the prefix.
images_state()
{
    local agent=$1
    shift
    hash_text "$FERRETDB_VERSION" "$(hash_files "$CR_IMAGES_DIR" "$CR_SOURCE/conf/languages" "$agent" \
        "$CR_SOURCE/scripts/lib/images.sh")" \
        "$(docker image inspect -f '{{.Id}}' "${@/#/$CR_IMAGE_PREFIX/}" 2>&1 || true)"
}

# language_images: the names of the images that belong to conf/languages.
language_images()
{
    local file
    for file in "$CR_SOURCE"/conf/languages/*.json; do
        [ ! -e "$CR_IMAGES_DIR/$(basename "$file" .json)/Dockerfile" ] || echo "lang-$(basename "$file" .json)"
    done
}

# images_make AGENT WHAT...: makes the images of each kind (db, web, languages) that are missing or
# out of date. Details go to the log. AGENT: coderoom-agent's path; only for languages.
images_make()
{
    local agent=$1 what CR_NEEDS
    shift
    mkdir -p "$CODEROOM_CACHE"
    CR_NEEDS=$(mirror)
    for what in "$@"; do
        case $what in
            db) CR_NEEDS="$CR_NEEDS $(go_proxy)" quietly "Making the database image" image_db ;;
            web) quietly "Making the image that builds the web client" build_image build-web ;;
            languages) quietly "Making the language images" image_languages "$agent" ;;
        esac
    done
}

# image_locked NAME COMMAND...: images' names belong to the machine's Docker, so one set-up at a
# time makes an image of a name.
image_locked()
{
    local lock rc=0 name=$1
    shift
    mkdir -p /run/lock
    exec {lock}>"/run/lock/coderoom-image-$name"
    flock "$lock"
    "$@" || rc=$?
    exec {lock}>&-
    return $rc
}
