# tests/integration/api: see the README.md beside this file
check_PROGRAMS += tests/integration/api/seed
tests_integration_api_seed_SOURCES = tests/integration/api/seed.c
tests_integration_api_seed_LDADD = $(LIBYDOC) $(LIBCODEROOM)
EXTRA_DIST += \
	tests/integration/api/README.md tests/integration/api/run \
	tests/integration/api/conftest.py \
	tests/integration/api/contract.py \
	tests/integration/api/stack.py \
	tests/integration/api/test_access.py \
	tests/integration/api/test_auth.py \
	tests/integration/api/test_cgi.py \
	tests/integration/api/test_contract.py \
	tests/integration/api/test_files.py \
	tests/integration/api/test_hostile.py \
	tests/integration/api/test_rooms.py \
	tests/integration/api/test_sharing.py \
	tests/integration/api/test_stored.py \
	tests/integration/api/test_tokens.py
