# shellcheck shell=bash
# Docker's own daemon: started when it is installed and does not run. With systemd its units are
# started; elsewhere (a container, a CI machine) runit keeps it, in a tree of its own. Either way the
# folder "docker" of the installation that started it remembers that: others may use it, too.

# With systemd, in the order of stopping: a socket that stays would start the daemon again.
DOCKER_UNITS=(docker.socket docker.service containerd.service)

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
    local why=''
    docker_installed docker
    docker_answers && return 0
    docker_installed dockerd
    say "Starting Docker"
    if have_systemd; then
        units_start
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
    why=$(grep -aE 'failed|error' "$DATA/log/dockerd.log" 2>/dev/null | tail -n 1 | cut -c1-300) || true
    dockerd_stop # it would be tried again and again
    ! have_systemd || die "Docker does not start; see why: journalctl -u docker"
    die "Docker does not start: ${why:-no answer on $CR_DOCKER_SOCKET within 30 s}; mend that, or start dockerd yourself."
}

# this_boot: what no other start of this system has in common with this one; a container that is started
# again has the kernel of before.
this_boot()
{
    echo "$(cat /proc/sys/kernel/random/boot_id) $(cut -d ' ' -f 22 /proc/1/stat)"
}

# units_start: keeps which of the units did not run, and in which boot that was: after another one they
# run because the machine is set up so.
units_start()
{
    local unit
    install -d "$DATA/docker"
    {
        this_boot
        for unit in "${DOCKER_UNITS[@]}"; do
            systemctl is-active --quiet "$unit" || echo "$unit"
        done
    } >"$DATA/docker/units"
    systemctl start docker.service >>"$CR_LOG" 2>&1 || true
}

units_stop()
{
    local units
    mapfile -t -s 1 units <"$DATA/docker/units"
    systemctl stop "${units[@]}" >>"$CR_LOG" 2>&1 || say "  systemd does not stop ${units[*]}"
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
    [ -e "$DATA/docker" ] || return 0
    if [ -e "$DATA/docker/units" ] && [ "$(head -n 1 "$DATA/docker/units")" != "$(this_boot)" ]; then
        rm -rf "$DATA/docker" # not by us, this time
        return 0
    fi
    if [ -n "$(docker ps -q 2>/dev/null)" ]; then
        say "Docker goes on: it runs containers that are not ours"
        return 0
    fi
    say "Stopping Docker"
    if [ -e "$DATA/docker/units" ]; then
        units_stop
    else
        pid=$(cat "$DATA/docker/runsvdir.pid" 2>/dev/null) || true
        sv -w 30 force-stop "$DATA/docker/service/dockerd" >>"$CR_LOG" 2>&1 || true
        if [ -n "$pid" ] && grep -qzF "$DATA/docker/service" "/proc/$pid/cmdline" 2>/dev/null; then
            kill -HUP "$pid"
        fi
        wait_for 10 dockerd_unsupervised || true
    fi
    rm -rf "$DATA/docker"
}

dockerd_unsupervised()
{
    ! sv status "$DATA/docker/service/dockerd"
}
