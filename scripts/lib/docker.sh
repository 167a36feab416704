# shellcheck shell=bash
# Talking to Docker: is it there, may we use it, what images does it have.

# The runner speaks to a unix socket, and so does everything here: the one that DOCKER_HOST names.
case ${DOCKER_HOST:=unix:///var/run/docker.sock} in
    unix:///*) CR_DOCKER_SOCKET=${DOCKER_HOST#unix://} ;;
    *) die "DOCKER_HOST is $DOCKER_HOST, and Coderoom can use Docker only by a unix socket; unset it." ;;
esac
export DOCKER_HOST

docker_answers()
{
    docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}

# docker_allowed: stops when there is a Docker that we may not use.
docker_allowed()
{
    [ ! -S "$CR_DOCKER_SOCKET" ] || [ -w "$CR_DOCKER_SOCKET" ] ||
        die "You may not use Docker's socket $CR_DOCKER_SOCKET; run $CR_NAME as the machine's root, or let root write to the socket."
}

# docker_installed: packages that dpkg thinks are there may have been taken away by hand.
docker_installed()
{
    local name
    for name; do
        [ -x "$(command -v "$name")" ] || die "Docker is not installed ($name is missing); run: apt-get install --reinstall docker.io$(
            [ "$name" != docker ] || ! apt-cache show docker-cli >/dev/null 2>&1 || echo ' docker-cli')"
    done
}

# docker_need: stops with the mend when Docker cannot be used.
docker_need()
{
    docker_installed docker
    docker_answers && return 0
    docker_allowed
    have_systemd || die "Docker does not answer on $CR_DOCKER_SOCKET; start dockerd, or let scripts/up do that."
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
