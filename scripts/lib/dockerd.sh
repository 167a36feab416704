# shellcheck shell=bash
# Docker's own daemon: started when it is installed and does not run. With systemd that is its
# unit's affair; elsewhere (a container, a CI machine) runit keeps it, in a tree of its own below the
# data folder of the installation that started it, since other installations may use it too.

# cgroups_mount: control groups, where no systemd has mounted them: version 2 when its controllers are
# free, else each controller of version 1 (another system on this kernel may hold them there).
cgroups_mount()
{
    local dir=/sys/fs/cgroup name
    ! mountpoint -q $dir || return 0
    mount -t cgroup2 cgroup2 $dir
    ! grep -qw memory $dir/cgroup.controllers || return 0
    umount $dir
    mount -t tmpfs -o mode=755 cgroup $dir
    for name in $(awk '!/^#/ && $4 == 1 { print $1 }' /proc/cgroups); do
        mkdir $dir/"$name"
        mount -t cgroup -o "$name" cgroup $dir/"$name" || rmdir $dir/"$name"
    done
}

dockerd_start()
{
    local why
    docker_installed docker
    docker_answers && return 0
    docker_installed dockerd
    say "Starting Docker"
    if have_systemd; then
        systemctl start docker >>"$CR_LOG" 2>&1 || true
    else
        quietly "Mounting control groups" cgroups_mount
        install -d "$DATA/docker/service/dockerd" "$DATA/log"
        rm -f "$DATA/log/dockerd.log"
        printf '#!/bin/sh\nexec >>%s 2>&1\nexec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin %s dockerd --group docker -H unix://%s\n' \
            "$DATA/log/dockerd.log" "HOME=/root" "$CR_DOCKER_SOCKET" >"$DATA/docker/service/dockerd/run"
        chmod 0755 "$DATA/docker/service/dockerd/run"
        getent group docker >/dev/null || quietly "Making groups" groupadd --system docker
        printf '#!/bin/sh\necho $$ >%s\nexec runsvdir -P %s\n' "$DATA/docker/runsvdir.pid" "$DATA/docker/service" \
            >"$DATA/docker/start"
        chmod 0755 "$DATA/docker/start"
        detach "$DATA/docker/start"
    fi
    wait_for 30 dockerd_settled || true
    ! docker_answers || return 0
    ! have_systemd || die "Docker does not start; see why: journalctl -u docker"
    why=$(grep -aE 'failed|error' "$DATA/log/dockerd.log" 2>/dev/null | tail -n 1 | cut -c1-300) || true
    dockerd_stop # it would be tried again and again
    die "Docker does not start: ${why:-no answer on $CR_DOCKER_SOCKET within 30 s}; mend that, or start dockerd yourself."
}

# dockerd_settled: it answers, or has failed often enough to be believed.
dockerd_settled()
{
    docker_answers || [ "$(grep -cs 'failed to start daemon' "$DATA/log/dockerd.log")" -ge 3 ]
}

# dockerd_stop: ends the Docker that dockerd_start began, unless others have containers in it.
dockerd_stop()
{
    local pid
    pid=$(cat "$DATA/docker/runsvdir.pid" 2>/dev/null) || return 0
    if [ -n "$(docker ps -q 2>/dev/null)" ]; then
        say "Docker goes on: it runs containers that are not ours"
        return 0
    fi
    say "Stopping Docker"
    sv -w 30 force-stop "$DATA/docker/service/dockerd" >>"$CR_LOG" 2>&1 || true
    if grep -qzF "$DATA/docker/service" "/proc/$pid/cmdline" 2>/dev/null; then
        kill -HUP "$pid"
    fi
    wait_for 10 dockerd_unsupervised || true
    rm -rf "$DATA/docker"
}

dockerd_unsupervised()
{
    ! sv status "$DATA/docker/service/dockerd"
}
