# tests/differential: see the README.md beside this file
differential_peers = tests/differential/ydoc_peer tests/differential/edit_peer
check_PROGRAMS += $(differential_peers)
tests_differential_ydoc_peer_SOURCES = tests/differential/ydoc_peer.c tests/differential/frame.c \
	tests/differential/frame.h
tests_differential_ydoc_peer_LDADD = $(LIBYDOC)
tests_differential_edit_peer_SOURCES = tests/differential/edit_peer.c tests/differential/frame.c \
	tests/differential/frame.h
tests_differential_edit_peer_LDADD = $(LIBYDOC)
EXTRA_DIST += tests/vectors/peer.mjs \
	tests/differential/README.md \
	tests/differential/compare.mjs \
	tests/differential/edit.mjs \
	tests/differential/edit_events.mjs \
	tests/differential/edit_ops.mjs \
	tests/differential/edit_reading.mjs \
	tests/differential/edit_rights.mjs \
	tests/differential/edit_told.mjs \
	tests/differential/edit_wire.mjs \
	tests/differential/edits.mjs \
	tests/differential/forged.mjs \
	tests/differential/kept.mjs \
	tests/differential/kept \
	tests/differential/main.mjs \
	tests/differential/package-lock.json \
	tests/differential/package.json \
	tests/differential/peer.mjs \
	tests/differential/random.mjs \
	tests/differential/replay.mjs \
	tests/differential/replays.mjs \
	tests/differential/run.sh \
	tests/differential/schedule.mjs \
	tests/differential/selftest.mjs \
	tests/differential/series.mjs \
	tests/differential/shrink.mjs \
	tests/differential/traces.mjs \
	tests/differential/yjs.mjs \
	tests/differential/yrs.mjs \
	tests/differential/yrs/Cargo.lock \
	tests/differential/yrs/Cargo.toml \
	tests/differential/yrs/src/main.rs

# Needs Node; DIFFERENTIAL_ARGS="--seconds 60 --seed 1"
check-differential: $(differential_peers)
	$(srcdir)/tests/differential/run.sh selftest
	$(srcdir)/tests/differential/run.sh replay
	$(srcdir)/tests/differential/run.sh updates $(DIFFERENTIAL_ARGS)
	$(srcdir)/tests/differential/run.sh edits $(DIFFERENTIAL_ARGS)
	$(srcdir)/tests/differential/run.sh forged $(DIFFERENTIAL_ARGS)
.PHONY: check-differential
