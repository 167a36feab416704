# ws: see the README.md beside this file
EXTRA_DIST += ws/README.md ws/net/README.md
AM_CFLAGS += $(LWS_CFLAGS)

# Everything but main() and the sockets: what unit tests and the fuzz target link with.
WS_ROOM_SOURCES = \
	ws/address.c ws/address.h \
	ws/budget.c ws/budget.h \
	ws/conn.c ws/conn.h \
	ws/doc.c ws/doc.h \
	ws/doc_answer.c \
	ws/doc_edit.c \
	ws/doc_heat.c \
	ws/doc_load.c \
	ws/echo.c ws/echo.h \
	ws/fanout.c ws/fanout.h \
	ws/frame.c ws/frame.h \
	ws/net/wire.c ws/net/wire.h \
	ws/guard.c ws/guard.h ws/guard_internal.h \
	ws/guard_text.c \
	ws/hub.c ws/hub.h \
	ws/identity.c ws/identity.h \
	ws/join.c ws/join.h ws/join_internal.h \
	ws/join_check.c \
	ws/lease.c ws/lease.h \
	ws/message.c ws/message.h \
	ws/metrics.c ws/metrics.h \
	ws/on_chat.c \
	ws/on_doc_restore.c \
	ws/on_ping.c \
	ws/on_presence.c \
	ws/on_run_start.c \
	ws/on_run_stop.c \
	ws/peer.h \
	ws/persist.c ws/persist.h \
	ws/persist_compact.c \
	ws/presence.c ws/presence.h ws/presence_internal.h \
	ws/presence_send.c \
	ws/rate.c ws/rate.h \
	ws/room.c ws/room.h \
	ws/room_load.c \
	ws/room_refresh.c \
	ws/run.c ws/run.h \
	ws/run_check.c \
	ws/run_queue.c \
	ws/run_events.c \
	ws/run_json.c \
	ws/run_output.c \
	ws/service.c ws/service.h \
	ws/tick.c ws/tick.h \
	ws/update.c ws/update.h \
	ws/waiter.c ws/waiter.h \
	ws/welcome.c ws/welcome.h

noinst_LIBRARIES += ws/libws.a
ws_libws_a_SOURCES = $(WS_ROOM_SOURCES)

sbin_PROGRAMS += ws/coderoom-ws
ws_coderoom_ws_SOURCES = \
	ws/main.c \
	ws/net/handshake.c \
	ws/net/internal.h \
	ws/net/loop.c \
	ws/net/notify.c \
	ws/net/server.c ws/net/server.h \
	ws/net/socket.c \
	ws/net/timer.c
ws_coderoom_ws_LDADD = ws/libws.a $(LIBCODEROOM) $(LIBYDOC) $(LWS_LIBS)

# The integration tests' side of the database.
check_PROGRAMS += tests/integration/ws/seed
tests_integration_ws_seed_SOURCES = tests/integration/ws/seed.c
tests_integration_ws_seed_LDADD = $(LIBCODEROOM) $(LIBYDOC)
EXTRA_DIST += tests/integration/ws/README.md tests/integration/ws/run \
	tests/integration/ws/package.json tests/integration/ws/package-lock.json tests/integration/ws/.npmrc \
	tests/integration/ws/fleet.mjs tests/integration/ws/harness.mjs tests/integration/ws/test.mjs \
	tests/integration/ws/kills.mjs tests/integration/ws/test_doc.mjs tests/integration/ws/test_hostile.mjs tests/integration/ws/test_join.mjs \
	tests/integration/ws/test_large.mjs tests/integration/ws/test_machines.mjs \
	tests/integration/ws/test_metrics.mjs tests/integration/ws/test_owners.mjs \
	tests/integration/ws/test_rights.mjs tests/integration/ws/yprotocol.mjs \
	tests/integration/ws/test_room.mjs \
	tests/integration/ws/bench.mjs

if HAVE_CMOCKA
ws_unit_tests = tests/unit/ws/test_budget tests/unit/ws/test_conn tests/unit/ws/test_doc \
	tests/unit/ws/test_doc_edit \
	tests/unit/ws/test_doc_heat tests/unit/ws/test_fanout tests/unit/ws/test_owners \
	tests/unit/ws/test_persist tests/unit/ws/test_room tests/unit/ws/test_run tests/unit/ws/test_wire \
	tests/unit/ws/test_slow \
	tests/unit/ws/test_run_watch \
	tests/unit/ws/test_run_files \
	tests/unit/ws/test_restore \
	tests/unit/ws/test_guard \
	tests/unit/ws/test_guard_waits \
	tests/unit/ws/test_presence \
	tests/unit/proto/test_messages
check_PROGRAMS += $(ws_unit_tests)
TESTS += $(ws_unit_tests)
endif
ws_fake = tests/unit/ws/fake.c tests/unit/ws/fake.h tests/unit/ws/fake_doc.c \
	tests/unit/ws/fake_owners.c tests/unit/ws/fake_store.c
ws_unit_ldadd = ws/libws.a $(LIBCODEROOM) $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_proto_test_messages_LDADD = $(UNIT_LDADD)
tests_unit_ws_test_budget_SOURCES = tests/unit/ws/test_budget.c $(ws_fake)
tests_unit_ws_test_budget_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_conn_SOURCES = tests/unit/ws/test_conn.c $(ws_fake)
tests_unit_ws_test_conn_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_doc_SOURCES = tests/unit/ws/test_doc.c $(ws_fake)
tests_unit_ws_test_doc_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_doc_edit_SOURCES = tests/unit/ws/test_doc_edit.c $(ws_fake)
tests_unit_ws_test_doc_edit_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_doc_heat_SOURCES = tests/unit/ws/test_doc_heat.c $(ws_fake)
tests_unit_ws_test_doc_heat_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_fanout_SOURCES = tests/unit/ws/test_fanout.c $(ws_fake)
tests_unit_ws_test_fanout_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_owners_SOURCES = tests/unit/ws/test_owners.c $(ws_fake)
tests_unit_ws_test_owners_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_persist_SOURCES = tests/unit/ws/test_persist.c $(ws_fake)
tests_unit_ws_test_persist_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_run_SOURCES = tests/unit/ws/test_run.c $(ws_fake)
tests_unit_ws_test_run_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_presence_SOURCES = tests/unit/ws/test_presence.c $(ws_fake)
tests_unit_ws_test_presence_LDADD = $(ws_unit_ldadd)
ws_fake_guard = $(ws_fake) tests/unit/ws/fake_guard.c tests/unit/ws/fake_guard.h
tests_unit_ws_test_guard_SOURCES = tests/unit/ws/test_guard.c $(ws_fake_guard)
tests_unit_ws_test_guard_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_guard_waits_SOURCES = tests/unit/ws/test_guard_waits.c $(ws_fake_guard)
tests_unit_ws_test_guard_waits_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_restore_SOURCES = tests/unit/ws/test_restore.c $(ws_fake)
tests_unit_ws_test_restore_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_restore_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=yd_merge_updates
tests_unit_ws_test_run_files_SOURCES = tests/unit/ws/test_run_files.c $(ws_fake)
tests_unit_ws_test_run_files_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_run_watch_SOURCES = tests/unit/ws/test_run_watch.c $(ws_fake)
tests_unit_ws_test_run_watch_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_slow_SOURCES = tests/unit/ws/test_slow.c $(ws_fake)
tests_unit_ws_test_slow_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_wire_SOURCES = tests/unit/ws/test_wire.c
tests_unit_ws_test_wire_LDADD = $(ws_unit_ldadd)
tests_unit_ws_test_room_SOURCES = tests/unit/ws/test_room.c $(ws_fake)
tests_unit_ws_test_room_LDADD = $(ws_unit_ldadd)

if HAVE_CMOCKA
check_PROGRAMS += tests/fuzz/fuzz_ws_room
tests_fuzz_fuzz_ws_room_SOURCES = tests/fuzz/fuzz_ws_room.c $(ws_fake) $(fuzz_main)
tests_fuzz_fuzz_ws_room_LDADD = $(ws_unit_ldadd)
tests_fuzz_fuzz_ws_room_LDFLAGS = $(fuzz_ldflags)
endif
