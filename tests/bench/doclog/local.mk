# tests/bench/doclog: see the README.md beside this file.
check_PROGRAMS += tests/bench/doclog/bench_doclog
tests_bench_doclog_bench_doclog_SOURCES = tests/bench/doclog/main.c
tests_bench_doclog_bench_doclog_LDADD = $(LIBCODEROOM) $(LIBYDOC)
