# shellcheck shell=bash
# Talking to Docker: is it there, may we use it, what images does it have.

CR_DOCKER_SOCKET=${CR_DOCKER_SOCKET:-/var/run/docker.sock}

docker_answers()
{
    docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}

# docker_need: stops with the mend when Docker cannot be used.
docker_need()
{
    [ -x /usr/bin/docker ] || die "Docker is not installed; run: apt-get install docker.io"
    docker_answers && return 0
    if [ -S "$CR_DOCKER_SOCKET" ] && [ ! -w "$CR_DOCKER_SOCKET" ]; then
        die "You may not use $CR_DOCKER_SOCKET; run $CR_NAME as root."
    fi
    die "Docker does not answer on $CR_DOCKER_SOCKET; start it with: systemctl start docker"
}

# image_label IMAGE LABEL: prints the label, or nothing when there is no such image or label.
image_label()
{
    docker image inspect -f "{{index .Config.Labels \"$2\"}}" "$1" 2>/dev/null || true
}

image_size()
{
    human "$(docker image inspect -f '{{.Size}}' "$1")"
}
