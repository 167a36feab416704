# tests/unit: see the README.md beside this file
AM_CFLAGS += $(CMOCKA_CFLAGS)
UNIT_LDADD = $(LIBCODEROOM) $(CMOCKA_LIBS)
EXTRA_DIST += tests/unit/README.md tests/unit/unit.h tests/unit/config/cases tests/unit/crypt/keys

# A test's source is its name with .c; it is built and run by `make check`.
unit_tests = \
	tests/unit/base/test_buf \
	tests/unit/base/test_error \
	tests/unit/base/test_text \
	tests/unit/log/test_log \
	tests/unit/config/test_config \
	tests/unit/config/test_main_args \
	tests/unit/json/test_fields \
	tests/unit/json/test_parse \
	tests/unit/json/test_write \
	tests/unit/crypt/test_crypt \
	tests/unit/doclog/test_log \
	tests/unit/doclog/test_rewrite \
	tests/unit/crypt/test_password \
	tests/unit/crypt/test_token \
	tests/unit/thread/test_pool \
	tests/unit/monitor/test_metric \
	tests/unit/monitor/test_monitor

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif

tests_unit_base_test_buf_LDADD = $(UNIT_LDADD)
tests_unit_base_test_error_LDADD = $(UNIT_LDADD)
tests_unit_base_test_text_LDADD = $(UNIT_LDADD)
tests_unit_log_test_log_LDADD = $(UNIT_LDADD)
tests_unit_config_test_config_LDADD = $(UNIT_LDADD)
tests_unit_config_test_main_args_LDADD = $(UNIT_LDADD)
tests_unit_json_test_fields_LDADD = $(UNIT_LDADD)
tests_unit_json_test_parse_LDADD = $(UNIT_LDADD)
tests_unit_json_test_write_LDADD = $(UNIT_LDADD)
tests_unit_doclog_test_log_SOURCES = tests/unit/doclog/test_log.c tests/unit/doclog/memory.c \
	tests/unit/doclog/memory.h
tests_unit_doclog_test_log_LDADD = $(LIBCODEROOM) $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_doclog_test_rewrite_LDADD = $(LIBCODEROOM) $(LIBYDOC) $(CMOCKA_LIBS)
tests_unit_crypt_test_crypt_LDADD = $(UNIT_LDADD)
tests_unit_crypt_test_password_LDADD = $(UNIT_LDADD)
tests_unit_crypt_test_token_LDADD = $(UNIT_LDADD)
tests_unit_thread_test_pool_LDADD = $(UNIT_LDADD)
tests_unit_monitor_test_metric_LDADD = $(UNIT_LDADD)
tests_unit_monitor_test_monitor_LDADD = $(UNIT_LDADD)

# Where the tests find their data.
tests_unit_config_test_config_CPPFLAGS = $(AM_CPPFLAGS) \
	-DCR_TEST_CASES='"$(abs_top_srcdir)/tests/unit/config/cases"' \
	-DCR_TEST_SAMPLE='"$(abs_top_srcdir)/conf/coderoom.conf.sample"'
tests_unit_crypt_test_token_CPPFLAGS = $(AM_CPPFLAGS) \
	-DCR_TEST_KEYS='"$(abs_top_srcdir)/tests/unit/crypt/keys"'
