# tests/differential: see the README.md beside this file
check_PROGRAMS += tests/differential/ydoc_peer
tests_differential_ydoc_peer_SOURCES = tests/differential/ydoc_peer.c
tests_differential_ydoc_peer_LDADD = $(LIBYDOC)
check_PROGRAMS += tests/differential/edit_peer
tests_differential_edit_peer_SOURCES = tests/differential/edit_peer.c
tests_differential_edit_peer_LDADD = $(LIBYDOC)
EXTRA_DIST += \
	tests/differential/edit.mjs \
	tests/differential/edit_events.mjs \
	tests/differential/edit_ops.mjs \
	tests/differential/edit_reading.mjs \
	tests/differential/edit_wire.mjs \
	tests/differential/run-edit.sh
EXTRA_DIST += \
	tests/differential/README.md \
	tests/differential/compare.mjs \
	tests/differential/edits.mjs \
	tests/differential/main.mjs \
	tests/differential/package-lock.json \
	tests/differential/package.json \
	tests/differential/peer.mjs \
	tests/differential/random.mjs \
	tests/differential/replays.mjs \
	tests/differential/run.sh \
	tests/differential/schedule.mjs \
	tests/differential/shrink.mjs \
	tests/differential/traces.mjs \
	tests/differential/yjs.mjs \
	tests/differential/yrs.mjs \
	tests/differential/yrs/Cargo.lock \
	tests/differential/yrs/Cargo.toml \
	tests/differential/yrs/src/main.rs

# Needs Node; DIFFERENTIAL_ARGS="--seconds 60 --seed 1"
check-differential: tests/differential/ydoc_peer
	YDOC_PEER=$(abs_builddir)/tests/differential/ydoc_peer $(srcdir)/tests/differential/run.sh $(DIFFERENTIAL_ARGS)
.PHONY: check-differential
