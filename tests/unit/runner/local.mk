# Unit tests of lib/lang and the runner.
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/runner/test_lang
TESTS += tests/unit/runner/test_lang

tests_unit_runner_test_lang_SOURCES = tests/unit/runner/test_lang.c
tests_unit_runner_test_lang_CPPFLAGS = $(AM_CPPFLAGS) -DCR_TEST_LANGUAGES='"$(abs_top_srcdir)/conf/languages"'
tests_unit_runner_test_lang_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_runner_test_lang_LDADD = $(LIBCODEROOM) $(CMOCKA_LIBS)
endif
