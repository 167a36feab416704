# shellcheck shell=bash
# Builds the C programs and the web client in $DATA/build and installs them in $DATA/app, each only
# when its sources have changed. The source tree itself is read and never written.

# build_source: a copy of the tree in $DATA/build/src, without what builds leave behind. Its hashes are
# taken before: what is edited while it builds is built the next time.
build_source()
{
    local src=$DATA/build/src part
    mkdir -p "$src"
    for part in programs web; do
        build_hash $part >"$DATA/build/$part.copied"
    done
    # What was removed from the tree must not linger; generated files lie at the top and stay.
    find "$src" -mindepth 1 -maxdepth 1 -type d ! -name build-aux ! -name autom4te.cache ! -name www \
        -exec rm -rf {} +
    find "$src/www" -mindepth 1 -maxdepth 1 ! -name node_modules -exec rm -rf {} + 2>/dev/null || true
    tar -C "$CR_SOURCE" -c --exclude=./.git --exclude=./data --exclude=node_modules --exclude=__pycache__ \
        --exclude=./build-aux --exclude=./autom4te.cache --exclude=./configure --exclude='./configure~' \
        --exclude=./aclocal.m4 --exclude=./Makefile.in --exclude=./Makefile --exclude=./config.status \
        --exclude='./build*' --exclude=./www/dist --exclude='*.o' --exclude='*.a' --exclude=./tests/e2e/shots \
        --exclude="${DATA#"$CR_SOURCE"/}" . | tar -C "$src" -x --no-same-owner
}

# build_hash WHAT: one hash over the sources of a part.
build_hash()
{
    case $1 in
        programs)
            (cd "$CR_SOURCE" && hash_text "$DATA" "$(gcc -dumpfullversion 2>/dev/null || true)" "$(hash_files \
                configure.ac Makefile.am autogen.sh m4 lib fcgi ws runner conf/local.mk conf/languages \
                conf/seccomp www/local.mk tests/unit/local.mk tests/fuzz/local.mk)")
            ;;
        web) (cd "$CR_SOURCE" && hash_files www docs/openapi.yaml lib/proto lib/base/limits.h conf/images/build-web) ;;
    esac
}

# build_needed WHAT: is the part (programs, web) not there, or its last build of other sources?
build_needed()
{
    case $1 in
        programs) [ -x "$DATA/app/libexec/coderoom/coderoom-agent" ] || return 0 ;;
        web) [ -e "$DATA/app/www/index.html" ] || return 0 ;;
    esac
    [ "$(cat "$DATA/build/$1.done" 2>/dev/null)" != "$(build_hash "$1")" ]
}

# build_done WHAT: the part is built as it was copied.
build_done()
{
    mv "$DATA/build/$1.copied" "$DATA/build/$1.done"
}

build_programs()
{
    local obj=$DATA/build/obj
    say "Building the C programs (a minute or two)"
    mkdir -p "$obj"
    if [ ! -e "$DATA/build/src/configure" ] || [ ! -e "$DATA/build/src/Makefile.in" ]; then
        quietly "Preparing the build" "$DATA/build/src/autogen.sh"
    fi
    if [ ! -e "$obj/Makefile" ]; then
        quietly "Configuring the build" env -C "$obj" "$DATA/build/src/configure" --enable-werror \
            --prefix="$DATA/app" --sbindir="$DATA/app/bin" --sysconfdir="$DATA" \
            CFLAGS="-g -O2 -ffile-prefix-map=$DATA/build/src=. -ffile-prefix-map=$obj=."
    fi
    quietly "Building the C programs" make -C "$obj" -j"$(nproc)"
    quietly "Installing the C programs" make -C "$obj" install
    build_done programs
}

# build_web: npm fetches, Vite builds, in a container that has Node 20; the host needs none.
build_web()
{
    say "Building the web client (a minute or two)"
    mkdir -p "$CODEROOM_CACHE/npm"
    # shellcheck disable=SC2034 # read by build_run
    BUILD_RUN_ARGS=(-v "$DATA/build/src:/src" -v "$CODEROOM_CACHE/npm:/npm" -w /src/www
        -e npm_config_cache=/npm -e npm_config_update_notifier=false -e npm_config_fund=false
        -e npm_config_audit=false -e npm_config_registry)
    # shellcheck disable=SC2034 # read by quietly
    local CR_NEEDS=${npm_config_registry:-https://registry.npmjs.org}
    quietly "Building the web client" build_run "$CR_IMAGE_PREFIX/build-web" sh -ec \
        'npm ci --no-progress; npm run build'
    rm -rf "$DATA/app/www.new"
    mkdir -p "$DATA/app"
    cp -R "$DATA/build/src/www/dist" "$DATA/app/www.new"
    rm -rf "$DATA/app/www.new/.vite" # for tools, not for browsers
    rm -rf "$DATA/app/www.old"
    [ ! -e "$DATA/app/www" ] || mv "$DATA/app/www" "$DATA/app/www.old"
    mv "$DATA/app/www.new" "$DATA/app/www"
    rm -rf "$DATA/app/www.old"
    build_done web
}

# web_place PATH: where the client lives is written into its one page, and what compresses well is
# compressed once instead of at each request.
web_place()
{
    local www=$DATA/app/www path=$1
    grep -q "<base href=\"$path\"" "$www/index.html" ||
        sed -i "s|<base href=\"[^\"]*\"|<base href=\"$path\"|" "$www/index.html"
    find "$www" -type f \( -name '*.js' -o -name '*.css' -o -name '*.svg' -o -name '*.html' \) -size +1k |
        while read -r file; do
            [ "$file.gz" -nt "$file" ] || gzip -9kf "$file"
        done
}
