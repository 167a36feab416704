# runner: see the README.md beside this file
# Everything but main is a library, so that tests can link with it.
noinst_LIBRARIES += runner/librunner.a
runner_librunner_a_SOURCES = \
	runner/agent/frame.c \
	runner/agent/protocol.h \
	runner/cell.c runner/cell.h \
	runner/docker/attach.c \
	runner/docker/demux.c runner/docker/demux.h \
	runner/docker/docker.c runner/docker/docker.h \
	runner/docker/http.c runner/docker/http.h \
	runner/health.c runner/health.h \
	runner/job.c runner/job.h \
	runner/job_frames.c \
	runner/lease.c runner/lease.h \
	runner/limits.c runner/limits.h \
	runner/link.c runner/link.h \
	runner/live.c runner/live.h \
	runner/output.c runner/output.h \
	runner/pool.c runner/pool.h \
	runner/selftest.c runner/selftest.h \
	runner/spec.c \
	runner/verdict.c runner/verdict.h \
	runner/worker.c runner/worker.h
runner_librunner_a_CFLAGS = $(AM_CFLAGS) $(CURL_CFLAGS)

sbin_PROGRAMS += runner/coderoom-runner
runner_coderoom_runner_SOURCES = \
	runner/main.c \
	runner/net/client.c runner/net/client.h
runner_coderoom_runner_CFLAGS = $(AM_CFLAGS) $(LWS_CFLAGS)
runner_coderoom_runner_LDADD = runner/librunner.a $(LIBCODEROOM) $(LWS_LIBS) $(CURL_LIBS)
EXTRA_DIST += runner/README.md runner/docker/README.md runner/net/README.md
