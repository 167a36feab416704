# tests/unit/fcgi: see the README.md beside this file
EXTRA_DIST += tests/unit/fcgi/README.md
fcgi_tests = \
	tests/unit/fcgi/test_cookie \
	tests/unit/fcgi/test_credentials \
	tests/unit/fcgi/test_members \
	tests/unit/fcgi/test_origin \
	tests/unit/fcgi/test_query \
	tests/unit/fcgi/test_rate \
	tests/unit/fcgi/test_request \
	tests/unit/fcgi/test_response \
	tests/unit/fcgi/test_router \
	tests/unit/proto/test_doc_batch \
	tests/unit/proto/test_secret

if HAVE_CMOCKA
check_PROGRAMS += $(fcgi_tests)
TESTS += $(fcgi_tests)
endif

FCGI_TEST_LDADD = $(LIBAPI) $(CMOCKA_LIBS)
tests_unit_fcgi_test_cookie_LDADD = $(FCGI_TEST_LDADD)
tests_unit_fcgi_test_credentials_LDADD = $(FCGI_TEST_LDADD)
tests_unit_fcgi_test_members_LDADD = $(FCGI_TEST_LDADD)
tests_unit_fcgi_test_origin_LDADD = $(FCGI_TEST_LDADD)
tests_unit_fcgi_test_query_LDADD = $(FCGI_TEST_LDADD)
tests_unit_fcgi_test_rate_LDADD = $(FCGI_TEST_LDADD)
tests_unit_fcgi_test_request_LDADD = $(FCGI_TEST_LDADD)
tests_unit_fcgi_test_response_LDADD = $(FCGI_TEST_LDADD)
tests_unit_fcgi_test_router_LDADD = $(FCGI_TEST_LDADD)
tests_unit_proto_test_doc_batch_LDADD = $(FCGI_TEST_LDADD)
tests_unit_proto_test_secret_LDADD = $(FCGI_TEST_LDADD)
