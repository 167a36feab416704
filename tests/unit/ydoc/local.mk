# tests/unit/ydoc: see the README.md beside this file
EXTRA_DIST += tests/unit/ydoc/README.md tests/vectors/ydoc tests/vectors/ydoc_updates
if HAVE_CMOCKA
YDOC_TESTS =
YDOC_TESTS += tests/unit/ydoc/test_allocator
YDOC_TESTS += tests/unit/ydoc/test_awareness
YDOC_TESTS += tests/unit/ydoc/test_contest
YDOC_TESTS += tests/unit/ydoc/test_cuts
YDOC_TESTS += tests/unit/ydoc/test_document
YDOC_TESTS += tests/unit/ydoc/test_edit
YDOC_TESTS += tests/unit/ydoc/test_edit_index
YDOC_TESTS += tests/unit/ydoc/test_edit_text
YDOC_TESTS += tests/unit/ydoc/test_merge
YDOC_TESTS += tests/unit/ydoc/test_news
YDOC_TESTS += tests/unit/ydoc/test_read
YDOC_TESTS += tests/unit/ydoc/test_update
YDOC_TESTS += tests/unit/ydoc/test_vectors
YDOC_TESTS += tests/unit/ydoc/test_yjs_cases
YDOC_TESTS += tests/unit/ydoc/test_yprotocol
YDOC_TESTS += tests/unit/ydoc/test_update_vectors
YDOC_TESTS += tests/unit/ydoc/test_v2
YDOC_TESTS += tests/unit/ydoc/test_hostile_updates
YDOC_TESTS += tests/unit/ydoc/test_hostile_doors
YDOC_TESTS += tests/unit/ydoc/test_sort
check_PROGRAMS += $(YDOC_TESTS)
TESTS += $(YDOC_TESTS)
YDOC_TEST_SUPPORT = tests/unit/ydoc/check.c tests/unit/ydoc/check.h tests/unit/ydoc/support.h
tests_unit_ydoc_test_allocator_SOURCES = tests/unit/ydoc/test_allocator.c $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_allocator_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_allocator_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_awareness_SOURCES = tests/unit/ydoc/test_awareness.c $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_awareness_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_awareness_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_contest_SOURCES = tests/unit/ydoc/test_contest.c $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_contest_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_contest_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_cuts_SOURCES = tests/unit/ydoc/test_cuts.c $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_cuts_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_cuts_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_document_SOURCES = tests/unit/ydoc/test_document.c $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_document_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_document_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_edit_SOURCES = tests/unit/ydoc/test_edit.c \
	tests/unit/ydoc/pair.h $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_edit_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_edit_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_edit_index_SOURCES = tests/unit/ydoc/test_edit_index.c \
	tests/unit/ydoc/pair.h $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_edit_index_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_edit_index_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_edit_text_SOURCES = tests/unit/ydoc/test_edit_text.c \
	tests/unit/ydoc/pair.h $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_edit_text_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_edit_text_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_merge_SOURCES = tests/unit/ydoc/test_merge.c $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_merge_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_merge_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_news_SOURCES = tests/unit/ydoc/test_news.c $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_news_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_news_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_read_SOURCES = tests/unit/ydoc/test_read.c $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_read_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_read_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_sort_SOURCES = tests/unit/ydoc/test_sort.c $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_sort_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_sort_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_update_SOURCES = tests/unit/ydoc/test_update.c $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_update_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_update_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_update_vectors_SOURCES = tests/unit/ydoc/test_update_vectors.c $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_update_vectors_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_update_vectors_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_v2_SOURCES = tests/unit/ydoc/test_v2.c $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_v2_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_v2_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_yjs_cases_SOURCES = tests/unit/ydoc/test_yjs_cases.c \
	tests/unit/ydoc/pair.h $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_yjs_cases_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_yjs_cases_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
YDOC_TEST_COST = tests/unit/ydoc/cost.c tests/unit/ydoc/cost.h tests/unit/ydoc/hostile.c \
	tests/unit/ydoc/hostile_contests.c tests/unit/ydoc/hostile.h $(YDOC_TEST_SUPPORT)
YDOC_TEST_WRAPS = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free,--wrap=qsort
tests_unit_ydoc_test_hostile_updates_SOURCES = tests/unit/ydoc/test_hostile_updates.c $(YDOC_TEST_COST)
tests_unit_ydoc_test_hostile_updates_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_hostile_updates_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_hostile_updates_LDFLAGS = $(AM_LDFLAGS) $(YDOC_TEST_WRAPS)
tests_unit_ydoc_test_hostile_doors_SOURCES = tests/unit/ydoc/test_hostile_doors.c $(YDOC_TEST_COST)
tests_unit_ydoc_test_hostile_doors_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_hostile_doors_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_hostile_doors_LDFLAGS = $(AM_LDFLAGS) $(YDOC_TEST_WRAPS)
tests_unit_ydoc_test_vectors_SOURCES = tests/unit/ydoc/test_vectors.c $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_vectors_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_vectors_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_ydoc_test_yprotocol_SOURCES = tests/unit/ydoc/test_yprotocol.c $(YDOC_TEST_SUPPORT)
tests_unit_ydoc_test_yprotocol_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ydoc_test_yprotocol_LDADD = $(LIBYDOC) $(CMOCKA_LIBS)
endif
