# tests/fuzz: see the README.md beside this file
if FUZZING
fuzz_main =
fuzz_ldflags = $(AM_LDFLAGS) -fsanitize=fuzzer
else
fuzz_main = tests/fuzz/replay.c
fuzz_ldflags = $(AM_LDFLAGS)
endif
EXTRA_DIST += tests/fuzz/README.md tests/fuzz/replay-corpora tests/fuzz/replay.c tests/fuzz/run tests/fuzz/corpus
TESTS += tests/fuzz/replay-corpora

check_PROGRAMS += tests/fuzz/fuzz_doc_batch tests/fuzz/fuzz_unpack
tests_fuzz_fuzz_doc_batch_SOURCES = tests/fuzz/fuzz_doc_batch.c tests/fuzz/support.h $(fuzz_main)
tests_fuzz_fuzz_doc_batch_LDADD = $(LIBCODEROOM)
tests_fuzz_fuzz_doc_batch_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_unpack_SOURCES = tests/fuzz/fuzz_unpack.c tests/fuzz/support.h $(fuzz_main)
tests_fuzz_fuzz_unpack_LDADD = $(LIBCODEROOM)
tests_fuzz_fuzz_unpack_LDFLAGS = $(fuzz_ldflags)

check_PROGRAMS += tests/fuzz/fuzz_json
tests_fuzz_fuzz_json_SOURCES = tests/fuzz/fuzz_json.c $(fuzz_main)
tests_fuzz_fuzz_json_LDADD = $(LIBCODEROOM)
tests_fuzz_fuzz_json_LDFLAGS = $(fuzz_ldflags)

check_PROGRAMS += tests/fuzz/fuzz_ydoc_update tests/fuzz/fuzz_yproto
tests_fuzz_fuzz_ydoc_update_SOURCES = tests/fuzz/fuzz_ydoc_update.c tests/fuzz/support.h $(fuzz_main) \
	tests/unit/ydoc/check.c tests/unit/ydoc/check.h
tests_fuzz_fuzz_ydoc_update_LDADD = $(LIBYDOC) $(LIBCODEROOM)
tests_fuzz_fuzz_ydoc_update_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_yproto_SOURCES = tests/fuzz/fuzz_yproto.c $(fuzz_main)
tests_fuzz_fuzz_yproto_LDADD = $(LIBYDOC) $(LIBCODEROOM)
tests_fuzz_fuzz_yproto_LDFLAGS = $(fuzz_ldflags)

check_PROGRAMS += tests/fuzz/fuzz_ydoc_merge tests/fuzz/fuzz_ydoc_diff tests/fuzz/fuzz_ydoc_v2
tests_fuzz_fuzz_ydoc_merge_SOURCES = tests/fuzz/fuzz_ydoc_merge.c tests/fuzz/support.h $(fuzz_main) \
	tests/unit/ydoc/check.c tests/unit/ydoc/check.h
tests_fuzz_fuzz_ydoc_merge_LDADD = $(LIBYDOC) $(LIBCODEROOM)
tests_fuzz_fuzz_ydoc_merge_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_ydoc_diff_SOURCES = tests/fuzz/fuzz_ydoc_diff.c tests/fuzz/support.h $(fuzz_main)
tests_fuzz_fuzz_ydoc_diff_LDADD = $(LIBYDOC) $(LIBCODEROOM)
tests_fuzz_fuzz_ydoc_diff_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_ydoc_v2_SOURCES = tests/fuzz/fuzz_ydoc_v2.c tests/fuzz/support.h $(fuzz_main)
tests_fuzz_fuzz_ydoc_v2_LDADD = $(LIBYDOC) $(LIBCODEROOM)
tests_fuzz_fuzz_ydoc_v2_LDFLAGS = $(fuzz_ldflags)

check_PROGRAMS += tests/fuzz/fuzz_ydoc_edit
tests_fuzz_fuzz_ydoc_edit_SOURCES = tests/fuzz/fuzz_ydoc_edit.c tests/fuzz/support.h $(fuzz_main) \
	tests/unit/ydoc/check.c tests/unit/ydoc/check.h
tests_fuzz_fuzz_ydoc_edit_LDADD = $(LIBYDOC) $(LIBCODEROOM)
tests_fuzz_fuzz_ydoc_edit_LDFLAGS = $(fuzz_ldflags)

check_PROGRAMS += tests/fuzz/fuzz_request
tests_fuzz_fuzz_request_SOURCES = tests/fuzz/fuzz_request.c $(fuzz_main)
tests_fuzz_fuzz_request_LDADD = $(LIBAPI)
tests_fuzz_fuzz_request_LDFLAGS = $(fuzz_ldflags)

check_PROGRAMS += tests/fuzz/fuzz_cell_agent tests/fuzz/fuzz_cell_host
tests_fuzz_fuzz_cell_agent_SOURCES = tests/fuzz/fuzz_cell_agent.c $(fuzz_main)
tests_fuzz_fuzz_cell_agent_LDADD = runner/librunner.a $(LIBCODEROOM)
tests_fuzz_fuzz_cell_agent_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_cell_host_SOURCES = tests/fuzz/fuzz_cell_host.c $(fuzz_main)
tests_fuzz_fuzz_cell_host_LDADD = runner/librunner.a $(LIBCODEROOM)
tests_fuzz_fuzz_cell_host_LDFLAGS = $(fuzz_ldflags)
