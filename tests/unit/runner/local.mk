# Unit tests of lib/lang and the runner.
runner_tests = \
	tests/unit/runner/test_cell \
	tests/unit/runner/test_cell_make \
	tests/unit/runner/test_cells \
	tests/unit/runner/test_lang \
	tests/unit/runner/test_link \
	tests/unit/runner/test_verdict \
	tests/unit/runner/test_worker
RUNNER_TEST_LDADD = runner/librunner.a $(LIBCODEROOM) $(CURL_LIBS) $(CMOCKA_LIBS)
if HAVE_CMOCKA
check_PROGRAMS += $(runner_tests)
TESTS += $(runner_tests)
endif

tests_unit_runner_test_lang_CPPFLAGS = $(AM_CPPFLAGS) -DCR_TEST_LANGUAGES='"$(abs_top_srcdir)/conf/languages"'
tests_unit_runner_test_cell_LDADD = $(RUNNER_TEST_LDADD)
tests_unit_runner_test_cell_make_LDADD = $(RUNNER_TEST_LDADD)
tests_unit_runner_test_cells_LDADD = $(RUNNER_TEST_LDADD)
tests_unit_runner_test_lang_LDADD = $(LIBCODEROOM) $(CMOCKA_LIBS)
tests_unit_runner_test_link_LDADD = $(RUNNER_TEST_LDADD)
tests_unit_runner_test_verdict_LDADD = $(RUNNER_TEST_LDADD)
tests_unit_runner_test_worker_LDADD = $(RUNNER_TEST_LDADD)
