# shellcheck shell=bash
# coderoom.conf: what scripts/up writes into it, what its operator does, and the settings that are given
# as environment variables. Services start again without it, at a boot or after a crash, so their
# environment is empty and what was given is kept there.

# set_by_up KEY: what nginx, the wait for "ready" or scripts/down has to know as well, so that it is
# scripts/up's alone to set; a value of anybody else's would part them from the daemons.
set_by_up()
{
    case ${1%_file} in
        api.socket | ws.socket | ws.notify_socket | *.monitor | runner.docker_socket | runner.instance) ;;
        *) return 1 ;;
    esac
}

# settings_read: sets SETTINGS to the variables that name a setting; stops at one that names none. Those
# of the database, the scripts and the tests are read where they are used.
settings_read()
{
    local name key
    SETTINGS=()
    for name in $(grep '^CODEROOM_' <<<"$CR_GIVEN"); do
        case ${name%_FILE} in
            CODEROOM_MONGODB_URI) continue ;;
            CODEROOM_HTTP_*) die "$name is not enough, since nginx has to know the address as well; give it with --url." ;;
        esac
        case $name in
            CODEROOM_CONFIG | CODEROOM_AGENT | CODEROOM_CACHE | CODEROOM_CA_BUNDLE | CODEROOM_READY_SECONDS | \
                CODEROOM_TEST_* | CODEROOM_FUZZ_SECONDS | CODEROOM_TRACES) continue ;;
        esac
        key=$(setting_key "$name")
        [ -n "$key" ] || die "$name names no setting; they are all in $CR_SOURCE/conf/coderoom.conf.sample."
        ! set_by_up "$key" && [ "${key%_file}" != runner.ws_sockets ] ||
            die "$name is set by scripts/up itself (--port, --data, DOCKER_HOST); unset it."
        [[ ${!name} != *$'\n'* ]] || die "$name has more than one line, which coderoom.conf cannot hold; write it in one."
        SETTINGS+=("$name")
    done
}

# setting_key VARIABLE: prints its key as coderoom.conf has it, "runner.lease" or "auth.service_token_file".
setting_key()
{
    awk -v name="$1" '$NF == name || $NF "_FILE" == name {
        suffix = $NF == name ? "" : "_file"
        getline
        print substr($1, 2) suffix
    }' "$CR_SOURCE/conf/coderoom.conf.sample"
}

# settings_add: prints a configuration, read from standard input, with each of them: behind the sample's
# line of its key, in the place of any other value that the key had.
settings_add()
{
    local name key value text
    text=$(cat)
    for name in "${SETTINGS[@]}"; do
        key=$(setting_key "$name") value=${!name}
        case $name:$value in
            *_FILE:[!/]*) value=$PWD/$value ;;
        esac
        say "Setting $key in coderoom.conf"
        text=$(KEY=$key VALUE=$value awk '
            BEGIN { line = ENVIRON["KEY"] " = " ENVIRON["VALUE"]; key = ENVIRON["KEY"]; sub(/_file$/, "", key) }
            { k = $0; sub(/[ \t]*=.*/, "", k); sub(/^[ \t]+/, "", k); sub(/_file$/, "", k) }
            k == key { next }
            { print }
            k == "#" key && !n++ { print line }
            END { if (!n) print line }' <<<"$text")
    done
    printf '%s\n' "$text"
}

CONF_BEGIN='# ---- written by scripts/up at each start; put your own settings below the end mark ----'
CONF_END='# ---- end of what scripts/up writes ----'

conf_managed()
{
    local db=$ROOT/run/db/ferretdb.sock
    echo "$CONF_BEGIN"
    echo "http.public_url = $(public_origin)"
    echo "http.base_path = $(public_path)"
    if mongodb_embedded; then
        echo "mongodb.uri = mongodb://${db//\//%2F}/"
    else
        echo "mongodb.uri_file = $ROOT/secrets/mongodb-uri"
    fi
    cat <<END
api.socket = $ROOT/run/api/api.sock
api.monitor = 127.0.0.1:$((PORT + 1))
ws.socket = $ROOT/run/ws/ws.sock
ws.notify_socket = $ROOT/run/ws/ws-notify.sock
ws.monitor = 127.0.0.1:$((PORT + 2))
runner.ws_sockets = $(ws_sockets | paste -sd ,)
runner.docker_socket = $CR_DOCKER_SOCKET
runner.languages_dir = $ROOT/app/share/coderoom/languages
runner.seccomp_profile = $ROOT/app/share/coderoom/seccomp/default.json
runner.instance = $INSTANCE
runner.monitor = 127.0.0.1:$((PORT + 3))
auth.signing_key = $ROOT/secrets/signing-key.pem
auth.verify_key = $ROOT/secrets/verify-key.pem
auth.service_token_file = $ROOT/secrets/service-token
END
    echo "$CONF_END"
}

# conf_write REST: coderoom.conf, what is ours and after it what is the operator's. A key that he sets is
# left out above: his word counts.
conf_write()
{
    local file=$DATA/coderoom.conf
    (
        umask 077
        exec >"$file.new"
        awk -F' *= *' 'NR == FNR { if ($0 !~ /^#/ && NF > 1) { k = $1; sub(/_file$/, "", k); own[k] = 1 } next }
            { k = $1; sub(/_file$/, "", k); if (!(k in own)) print }' <(printf '%s\n' "$1") <(conf_managed)
        printf '%s\n' "$1"
    )
    chown root:coderoom "$file.new"
    chmod 0640 "$file.new"
    mv "$file.new" "$file"
}

# conf_rest: the operator's part: all below our mark, or of a file that he put there before the first
# start; in the beginning the sample.
conf_rest()
{
    local file=$DATA/coderoom.conf
    if grep -qxF -e "$CONF_END" "$file" 2>/dev/null; then
        sed "1,\|^$CONF_END\$|d" "$file"
    elif [ -s "$file" ]; then
        cat "$file"
    else
        "$DATA/app/bin/coderoom-api" --print-sample 2>>"$CR_LOG" ||
            die "coderoom-api cannot print its sample configuration; the reason is in $CR_LOG."
    fi
}

# instance_config: the file that all daemons read. A daemon's eyes look whether it is right, since it
# may name files that only root can read; what the environment sets is looked at before it is kept.
instance_config()
{
    local rest key message
    rest=$(conf_rest) || exit 1
    for key in $(sed -nE 's/^[ \t]*([a-z_.]+)[ \t]*=.*/\1/p' <<<"$rest"); do
        ! set_by_up "$key" ||
            die "$DATA/coderoom.conf sets $key, which is scripts/up's own to set (--port, --data, DOCKER_HOST); take that line out."
    done
    conf_write "$rest"
    message=$(setpriv --reuid coderoom-api --regid coderoom --clear-groups \
        "$ROOT/app/bin/coderoom-api" --config "$ROOT/coderoom.conf" --check-config 2>&1 >/dev/null) ||
        die "The configuration is not valid: ${message#*: } (file $DATA/coderoom.conf${SETTINGS[*]:+ and ${SETTINGS[*]}})"
    if [ ${#SETTINGS[@]} -gt 0 ]; then
        rest=$(settings_add <<<"$rest") || exit 1
        conf_write "$rest"
    fi
}
