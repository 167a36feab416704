# shellcheck shell=bash
# The programs under runit: $DATA/service has a folder for each with a run script, and svlogd keeps
# its log in $DATA/log/<name>/current. runsvdir itself is kept by systemd where that runs.

SERVICES=(db api ws runner nginx)

# services_wanted: those that this installation has, in the order of starting.
services_wanted()
{
    local name
    for name in "${SERVICES[@]}"; do
        case $name in
            db) ! mongodb_embedded || echo db ;;
            ws) ws_names ;;
            *) echo "$name" ;;
        esac
    done
}

# service_write NAME <run script: its files; a service whose text did not change is left alone.
service_write()
{
    local dir=$DATA/service-files/$1 logs=$DATA/log/$1
    mkdir -p "$dir/log" "$logs"
    chmod 0750 "$logs"
    cat >"$dir/run"
    # Ten files of 10 MB each.
    printf 's10000000\nn10\n' >"$logs/config"
    printf '#!/bin/sh\nexec setpriv --pdeathsig KILL svlogd %s\n' "$ROOT/log/$1" >"$dir/log/run"
    chmod 0755 "$dir/run" "$dir/log/run"
}

# services_superfluous: processes of coderoom-ws beyond those that are wanted now.
services_superfluous()
{
    local link name
    for link in "$DATA"/service/ws[0-9]*; do
        name=${link##*/}
        [ ! -e "$link" ] || [ "${name#ws}" -le "$WS_PROCESSES" ] || echo "$name"
    done
}

# daemon_run USER GROUPS PROGRAM [SETTING...]: the run script of one of our daemons. The environment is empty
# but for PATH and a word to the database's driver, whose counters in /dev/shm nobody reads and a killed
# process would leave behind: settings come from the file. It ends with its runsv, here and in the logs' scripts:
# one that outlived it would keep the socket, or the log's lock, from the next.
daemon_run()
{
    cat <<END
#!/bin/sh
exec 2>&1
umask 007
$(mongodb_embedded && echo "until [ -S $ROOT/run/db/ferretdb.sock ]; do sleep 0.1; done")
ulimit -n 65536 2>/dev/null || ulimit -n "\$(ulimit -Hn)" # as many as this machine allows
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin MONGOC_DISABLE_SHM=1 ${*:4} setpriv --reuid $1 --regid ${2%%:*} --groups ${2//:/,} --pdeathsig KILL \\
    $ROOT/app/bin/$3 --config $ROOT/coderoom.conf
END
}

# db_run: a container named after the instance. When only Docker's client was lost the container
# still runs and is attached to again; else a new one starts on the same files.
db_run()
{
    local uid gid name=coderoom-db-$INSTANCE
    uid=$(id -u coderoom-db)
    gid=$(getent group coderoom | cut -d: -f3)
    echo "coderoom-db:x:$uid:$gid::/data:/bin/sh" >"$DATA/db/passwd"
    cat <<END
#!/bin/sh
exec 2>&1
export DOCKER_HOST=$DOCKER_HOST
if [ "\$(docker inspect -f '{{.State.Running}}' $name 2>/dev/null)" = true ]; then
    exec docker attach --no-stdin $name
fi
docker rm -f $name >/dev/null 2>&1
rm -f $ROOT/run/db/ferretdb.sock
exec docker run --rm --name $name --label coderoom.instance=$INSTANCE --label coderoom.role=db \\
    --network none --user $uid:$gid --read-only --cap-drop ALL --security-opt no-new-privileges \\
    --shm-size 256m --stop-timeout 30 --log-driver none --pids-limit 512 --ulimit nofile=16384 \\
    --tmpfs /run/pg:uid=$uid,gid=$gid,mode=0700 --tmpfs /tmp:uid=$uid,gid=$gid,mode=0700 \\
    -v $DATA/db/passwd:/etc/passwd:ro -v $DATA/db:/data -v $DATA/run/db:/socket $CR_IMAGE_PREFIX/db
END
}

# nginx's workers outlive a master that was killed, and keep the port: they are ended by the process
# group that they share, which chpst -P makes and names after the master.
nginx_run()
{
    cat <<END
#!/bin/sh
exec 2>&1
echo \$\$ >$ROOT/run/nginx/group
exec chpst -P setpriv --pdeathsig KILL nginx -c $ROOT/nginx/nginx.conf
END
}

nginx_finish()
{
    cat <<END
#!/bin/sh
pkill -9 -g "\$(cat $ROOT/run/nginx/group)" -x nginx
exit 0
END
}

# ws_run NAME: the first process has its settings from the file, each further one has some of its own.
ws_run()
{
    local settings=()
    [ "$1" = ws ] || settings=("CODEROOM_WS_SOCKET=$ROOT/run/ws/$1.sock"
        "CODEROOM_WS_NOTIFY_SOCKET=$ROOT/run/ws/$1-notify.sock" "CODEROOM_WS_MONITOR=$ROOT/run/ws/$1-monitor.sock")
    daemon_run coderoom-ws coderoom:coderoom-web coderoom-ws "${settings[@]}"
}

services_write()
{
    local docker_gid name
    docker_gid=$(stat -c %g "$CR_DOCKER_SOCKET")
    [ "$docker_gid" != 0 ] ||
        die "Docker's socket $CR_DOCKER_SOCKET belongs to the group root, so the runner may not use it; start dockerd with --group docker."
    docker_gid=$(stat -c %G "$CR_DOCKER_SOCKET")
    ! mongodb_embedded || db_run | service_write db
    daemon_run coderoom-api coderoom:coderoom-web coderoom-api | service_write api
    for name in $(ws_names); do
        ws_run "$name" | service_write "$name"
    done
    daemon_run coderoom-runner "coderoom:coderoom-web:$docker_gid" coderoom-runner | service_write runner
    nginx_run | service_write nginx
    nginx_finish >"$DATA/service-files/nginx/finish"
    chmod 0755 "$DATA/service-files/nginx/finish"
    cat >"$DATA/start" <<END
#!/bin/bash
# Written by scripts/up: keeps the services of this data folder alive. Started by systemd or scripts/up.
if [ "$ROOT" != "$DATA" ]; then
    mkdir -p "$ROOT"
    mountpoint -q "$ROOT" || mount --bind "$DATA" "$ROOT"
fi
echo \$\$ >"$DATA/run/runsvdir.pid"
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin runsvdir -P "$DATA/service"
END
    cat >"$DATA/stop" <<END
#!/bin/bash
# Written by scripts/up: stops the services, the database last. Used by systemd and scripts/down.
for name in nginx runner api \$(cd "$DATA/service" && ls -d ws* 2>/dev/null) db; do
    [ ! -e "$DATA/service/\$name" ] || sv -w 40 force-stop "$DATA/service/\$name"
done
exit 0
END
    chmod 0755 "$DATA/start" "$DATA/stop"
}

# service_hash NAME: everything that a running service was started from.
service_hash()
{
    local files=("$DATA/service-files/$1/run")
    case $1 in
        api | ws*) files+=("$DATA/app/bin/coderoom-${1%%[0-9]*}" "$DATA/coderoom.conf" "$DATA/secrets") ;;
        runner) files+=("$DATA/app/bin/coderoom-runner" "$DATA/coderoom.conf" "$DATA/secrets" "$DATA/app/share" \
            "$DATA/app/libexec") ;;
        nginx) files+=("$DATA/nginx") ;;
        db) docker image inspect -f '{{.Id}}' "$CR_IMAGE_PREFIX/db" 2>/dev/null ;;
    esac
    hash_files "${files[@]}"
}

supervisor_runs()
{
    local pid
    pid=$(cat "$DATA/run/runsvdir.pid" 2>/dev/null) || return 1
    [ -n "$pid" ] && grep -qzF "$DATA/service" "/proc/$pid/cmdline" 2>/dev/null
}

# unit_write FILE: the unit for systemd, which is told when the text is another than before.
unit_write()
{
    local text
    text=$(sed -e "s|@data@|$DATA|g" -e "s|@stop_seconds@|$((40 * (${#SERVICES[@]} + WS_PROCESSES)))|" \
        "$CR_SOURCE/conf/systemd/coderoom.service.in")
    [ "$text" != "$(cat "$1" 2>/dev/null)" ] || return 0
    printf '%s\n' "$text" >"$1"
    quietly "Starting the supervisor" systemctl daemon-reload
}

supervisor_start()
{
    local unit=/etc/systemd/system/coderoom-$INSTANCE.service
    ! have_systemd || unit_write "$unit"
    supervisor_runs && return 0
    if have_systemd; then
        quietly "Starting the supervisor" systemctl enable --now "${unit##*/}"
    else
        detach "$DATA/start"
    fi
    wait_for 10 supervisor_runs || die "The supervisor did not start; see $CR_LOG."
}

# services_start: links the services into place before their supervisor looks for them, and restarts
# those that run already but were started from something else than what is there now.
services_start()
{
    local name hash link fresh=()
    if [ -e "$DATA/service/db" ] && ! mongodb_embedded; then
        # All end, the database last: until then the daemons have what they save in it.
        say "Leaving the embedded database: another is given"
        supervisor_stop
        docker rm -f "coderoom-db-$INSTANCE" >>"$CR_LOG" 2>&1 || true
    fi
    for name in $(services_superfluous); do
        sv -w 40 force-stop "$DATA/service/$name" >>"$CR_LOG" 2>&1 || true
        service_forget "$name"
    done
    for name in $(services_wanted); do
        link=$DATA/service/$name
        [ -e "$link" ] || { ln -s "../service-files/$name" "$link"; fresh+=("$name"); }
    done
    supervisor_runs || say "Starting the services"
    supervisor_start
    for name in $(services_wanted); do
        link=$DATA/service/$name
        wait_for 15 sv status "$link" || die "The supervisor does not take up $name; see $CR_LOG."
        hash=$(service_hash "$name" | hash_text "$(cat)")
        if [ "$(cat "$DATA/run/$name.started" 2>/dev/null)" != "$hash" ]; then
            case " ${fresh[*]} " in
                *" $name "*) ;;
                *)
                    say "Restarting $name: it has changed"
                    sv -w 40 force-restart "$link" >>"$CR_LOG" 2>&1 || true
                    ;;
            esac
            echo "$hash" >"$DATA/run/$name.started"
        fi
        sv up "$link" >/dev/null 2>&1 || true
    done
}

# supervisor_stop: each service in turn, the database last so that the others can still save; then
# the supervisors themselves. The links go, so that the next start begins from nothing.
supervisor_stop()
{
    local name pid
    quietly "Stopping the services" "$DATA/stop"
    pid=$(cat "$DATA/run/runsvdir.pid" 2>/dev/null || true)
    if have_systemd && [ -e "/etc/systemd/system/coderoom-$INSTANCE.service" ]; then
        quietly "Stopping the supervisor" systemctl disable --now "coderoom-$INSTANCE.service"
        rm -f "/etc/systemd/system/coderoom-$INSTANCE.service"
        quietly "Stopping the supervisor" systemctl daemon-reload
    elif supervisor_runs; then
        kill -HUP "$pid"
    fi
    for name in "${SERVICES[@]}" $(WS_PROCESSES=1 services_superfluous); do
        service_forget "$name"
    done
    wait_for 10 supervisor_gone || say "  runsvdir does not end"
    rm -f "$DATA/run/runsvdir.pid"
}

# service_forget NAME: ends its supervisor; one whose runsvdir was killed is told by itself.
service_forget()
{
    sv -w 5 exit "$DATA/service/$1" >>"$CR_LOG" 2>&1 || true
    wait_for 20 service_unsupervised "$1" || say "  the supervisor of $1 does not end"
    rm -f "$DATA/service/$1" "$DATA/run/$1.started"
}

service_unsupervised()
{
    ! sv status "$DATA/service/$1"
}

supervisor_gone()
{
    ! supervisor_runs
}

monitor_address()
{
    case $1 in
        api) echo "127.0.0.1:$((PORT + 1))" ;;
        ws) echo "127.0.0.1:$((PORT + 2))" ;;
        runner) echo "127.0.0.1:$((PORT + 3))" ;;
    esac
}

service_ready()
{
    case $1 in
        db) [ -S "$DATA/run/db/ferretdb.sock" ] ;;
        nginx) curl -fsS -m 2 -o /dev/null "http://$(reach_address)/healthz" ;;
        ws[0-9]*) curl -fsS -m 2 -o /dev/null --unix-socket "$DATA/run/ws/$1-monitor.sock" http://localhost/readyz ;;
        *) curl -fsS -m 2 -o /dev/null "http://$(monitor_address "$1")/readyz" ;;
    esac
}

# reach_address: host:port at which this machine reaches nginx.
reach_address()
{
    case $BIND in
        0.0.0.0) echo "127.0.0.1:$PORT" ;;
        ::) echo "[::1]:$PORT" ;;
        *) bind_address ;;
    esac
}

# service_why NAME: what the service itself says it waits for, else its last log line.
service_why()
{
    local answer
    answer=$(curl -sS -m 2 "http://$(monitor_address "$1")/readyz" 2>/dev/null || true)
    [ -n "$answer" ] || answer=$(tail -n 1 "$DATA/log/$1/current" 2>/dev/null || true)
    echo "${answer:-nothing in its log}" | tr '\n' ' ' | cut -c1-400
}

services_wait()
{
    local name mend
    for name in $(services_wanted); do
        wait_for "$1" service_ready "$name" && continue
        mend="see $DATA/log/$name/current"
        mongodb_embedded || [ "$name" = nginx ] ||
            mend="if it names the database, put CODEROOM_MONGODB_URI right (kept in $DATA/secrets/mongodb-uri) and run scripts/up again"
        die "$name is not ready: $(service_why "$name"); $mend."
    done
}
