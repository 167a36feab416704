# tests/integration/store: see the README.md beside this file. It needs a database, so it is not
# among TESTS: scripts/test runs it with a URI.
EXTRA_DIST += tests/integration/store/README.md tests/integration/store/run \
	tests/integration/store/tsan.supp
if HAVE_CMOCKA
check_PROGRAMS += tests/integration/store/test_store
tests_integration_store_test_store_SOURCES = \
	tests/integration/store/accounts.c \
	tests/integration/store/compaction.c \
	tests/integration/store/files.c \
	tests/integration/store/jobs.c \
	tests/integration/store/leases.c \
	tests/integration/store/main.c \
	tests/integration/store/measure.c \
	tests/integration/store/members.c \
	tests/integration/store/outages.c \
	tests/integration/store/owners.c \
	tests/integration/store/proxy.c tests/integration/store/proxy.h \
	tests/integration/store/races.c \
	tests/integration/store/rooms.c \
	tests/integration/store/states.c \
	tests/integration/store/suite.c tests/integration/store/suite.h
tests_integration_store_test_store_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_integration_store_test_store_LDADD = $(LIBCODEROOM) $(LIBYDOC) $(CMOCKA_LIBS)
endif
