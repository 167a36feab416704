# tests/unit/model: see the README.md beside this file
EXTRA_DIST += tests/unit/model/README.md
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/model/test_names tests/unit/model/test_tree
TESTS += tests/unit/model/test_names tests/unit/model/test_tree
tests_unit_model_test_names_SOURCES = tests/unit/model/test_names.c
tests_unit_model_test_names_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_model_test_names_LDADD = $(LIBCODEROOM) $(CMOCKA_LIBS)
tests_unit_model_test_tree_SOURCES = tests/unit/model/test_tree.c
tests_unit_model_test_tree_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_model_test_tree_LDADD = $(LIBCODEROOM) $(CMOCKA_LIBS)
endif
