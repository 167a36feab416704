# shellcheck shell=bash
# What makes one installation: its id, the system users, the secrets, the database's and its own address.
# Several installations live side by side: each has a data folder, ports and an id of its own, and
# the id is in the name or label of everything that it puts outside the data folder.

# instance_open DIR: sets DATA, INSTANCE and the saved settings PORT, BIND, URL, TRUST_PROXY, WS_PROCESSES.
instance_open()
{
    DATA=$1
    PORT=8080 BIND=0.0.0.0 URL='' TRUST_PROXY='' WS_PROCESSES=1
    if [ ! -s "$DATA/instance" ]; then
        od -An -N4 -tx1 /dev/urandom | tr -d ' \n' >"$DATA/instance"
    fi
    INSTANCE=$(cat "$DATA/instance")
    if [ -r "$DATA/up.conf" ]; then
        # shellcheck source=/dev/null
        . "$DATA/up.conf"
    fi
    ROOT=$(instance_root)
    CODEROOM_CACHE=${CODEROOM_CACHE:-$DATA/cache}
}

# instance_root: the path at which the programs find the data folder. That is the folder itself,
# unless other users may not enter it (below /root, say) or sockets' paths would pass the kernel's
# 107 bytes: then it is mounted a second time at a short path.
instance_root()
{
    local dir=$DATA longest=/run/ws/ws-notify.sock
    if [ $((${#DATA} + ${#longest})) -gt 107 ]; then
        echo "/run/coderoom-$INSTANCE"
        return
    fi
    while [ "$dir" != / ] && [ -n "$dir" ]; do
        dir=${dir%/*}
        case $(stat -c %A "${dir:-/}") in
            *x | *t) ;;
            *) echo "/run/coderoom-$INSTANCE"; return ;;
        esac
    done
    echo "$DATA"
}

instance_save()
{
    printf '%s=%q\n' PORT "$PORT" BIND "$BIND" URL "$URL" TRUST_PROXY "$TRUST_PROXY" \
        WS_PROCESSES "$WS_PROCESSES" >"$DATA/up.conf"
}

# instance_users: groups coderoom (the daemons) and coderoom-web (they and nginx), and a user for
# each daemon. Only the runner may reach Docker.
instance_users()
{
    local user
    for user in coderoom coderoom-web; do
        getent group $user >/dev/null || quietly "Making groups" groupadd --system $user
    done
    for user in coderoom-api coderoom-ws coderoom-runner coderoom-db; do
        getent passwd $user >/dev/null || quietly "Making users" useradd --system --gid coderoom \
            --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin $user
    done
}

instance_folders()
{
    chmod 0755 "$DATA"
    install -d -m 0755 "$DATA"/{app,build,log,nginx,nginx/local.d,run,service}
    install -d -m 0750 -o root -g coderoom "$DATA/secrets"
    # Sockets get the folder's group: nginx reaches those of API and ws, the daemons the database's.
    install -d -m 2750 -o coderoom-api -g coderoom-web "$DATA/run/api"
    install -d -m 2750 -o coderoom-ws -g coderoom-web "$DATA/run/ws"
    install -d -m 2750 -o coderoom-db -g coderoom "$DATA/run/db"
    install -d -m 0755 "$DATA/run/nginx"
    install -d -m 0700 -o coderoom-db -g coderoom "$DATA/db"
    # Another machine's user numbers, when the folder came from there.
    if [ "$(stat -c %U "$DATA/db/initialised" 2>/dev/null || echo coderoom-db)" != coderoom-db ]; then
        chown -R coderoom-db:coderoom "$DATA/db"
    fi
    if [ "$ROOT" != "$DATA" ] && ! mountpoint -q "$ROOT"; then
        mkdir -p "$ROOT"
        quietly "Mounting the data folder at $ROOT" mount --bind "$DATA" "$ROOT"
    fi
}

# secret_make NAME: a random secret of 43 characters.
secret_make()
{
    local file=$DATA/secrets/$1
    if [ ! -s "$file" ]; then
        (umask 077 && openssl rand -base64 32 | tr -d '=\n' | tr '+/' '-_' >"$file.new" && mv "$file.new" "$file")
    fi
    chown root:coderoom "$file"
    chmod 0640 "$file"
}

instance_secrets()
{
    local key=$DATA/secrets/signing-key.pem
    secret_make service-token
    [ ! -s "$DATA/secrets/mongodb-uri" ] || secret_make mongodb-uri # only its owner and mode
    if [ ! -s "$key" ]; then
        (umask 077 && quietly "Making the signing key" openssl genpkey -algorithm EC \
            -pkeyopt ec_paramgen_curve:P-256 -out "$key.new")
        mv "$key.new" "$key"
    fi
    # Whoever can read it can sign in as anybody: the API alone.
    chown coderoom-api:coderoom "$key"
    chmod 0400 "$key"
    quietly "Making the verification key" openssl pkey -in "$key" -pubout -out "$DATA/secrets/verify-key.pem"
    chmod 0644 "$DATA/secrets/verify-key.pem"
}

# mongodb_embedded: is the database ours? Not when an address was given now or at an earlier start.
mongodb_embedded()
{
    [ ! -s "$DATA/secrets/mongodb-uri" ]
}

# mongodb_setup: looks whether the operator's database is there, and keeps its address, so that daemons
# which may not read his file, or start without him, have it.
mongodb_setup()
{
    local kept=$DATA/secrets/mongodb-uri uri=${CODEROOM_MONGODB_URI:-} from=CODEROOM_MONGODB_URI
    if [ -n "${CODEROOM_MONGODB_URI_FILE:-}" ]; then
        from="CODEROOM_MONGODB_URI_FILE ($CODEROOM_MONGODB_URI_FILE)"
        [ -z "$uri" ] || die "CODEROOM_MONGODB_URI and CODEROOM_MONGODB_URI_FILE are both set; set one of them."
        uri=$(cat "$CODEROOM_MONGODB_URI_FILE" 2>/dev/null) || die "$from cannot be read; put a file there that holds the address."
    elif [ -z "$uri" ]; then
        mongodb_embedded || check_database "$(cat "$kept")" "CODEROOM_MONGODB_URI (kept in $kept)"
        return 0
    fi
    check_database "$uri" "$from"
    mkdir -p "$DATA/secrets"
    (umask 077 && printf '%s\n' "$uri" >"$kept")
}

# bind_address: host:port as a URL and nginx write it, an IPv6 address in brackets.
bind_address()
{
    case $BIND in
        *:*) echo "[$BIND]:$PORT" ;;
        *) echo "$BIND:$PORT" ;;
    esac
}

# public_url: what was given, else an address at which this machine at least has it.
public_url()
{
    case $URL:$BIND in
        :0.0.0.0 | ::: | :127.* | :localhost) echo "http://localhost:$PORT" ;;
        :*) echo "http://$(bind_address)" ;;
        *) echo "$URL" ;;
    esac
}

# The public address in two: http://host:port and /path/ (or /).
public_origin()
{
    public_url | sed -E 's|^([a-z]+://[^/]+).*$|\1|'
}

public_path()
{
    public_url | sed -E -e 's|^[a-z]+://[^/]+||' -e 's|/*$|/|'
}

# ws_names: the services of coderoom-ws: ws, ws2, ws3 …
ws_names()
{
    local n
    echo ws
    for ((n = 2; n <= WS_PROCESSES; n++)); do
        echo "ws$n"
    done
}

ws_sockets()
{
    local name
    for name in $(ws_names); do
        echo "$ROOT/run/ws/$name.sock"
    done
}
