# tests/hostile: see the README.md beside this file
check_PROGRAMS += tests/hostile/job_tool
tests_hostile_job_tool_SOURCES = tests/hostile/job_tool.c
tests_hostile_job_tool_LDADD = $(LIBCODEROOM)
EXTRA_DIST += tests/hostile/README.md tests/hostile/run tests/hostile/attack tests/hostile/recover \
	tests/hostile/bell.py tests/hostile/host.py tests/hostile/stack.py tests/hostile/programs tests/bench/runner
