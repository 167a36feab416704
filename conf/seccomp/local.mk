# conf/seccomp: see the README.md beside this file
seccompdir = $(pkgdatadir)/seccomp
dist_seccomp_DATA = conf/seccomp/default.json
EXTRA_DIST += conf/seccomp/README.md
