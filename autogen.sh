#!/bin/sh
# Makes ./configure in a checkout; a release tarball carries it already.
set -e
cd "$(dirname "$0")"
exec autoreconf --install --force
