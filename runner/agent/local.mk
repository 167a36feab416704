# runner/agent: see the README.md beside this file
# Static, so that it runs in any image; without sanitizers, whose run-time cannot be linked so.
pkglibexec_PROGRAMS += runner/agent/coderoom-agent
runner_agent_coderoom_agent_SOURCES = \
	runner/agent/agent.h \
	runner/agent/files.c \
	runner/agent/frame.c \
	runner/agent/hog.c \
	runner/agent/host.c \
	runner/agent/job.c \
	runner/agent/main.c \
	runner/agent/phase.c \
	runner/agent/protocol.h \
	runner/agent/spawn.c \
	runner/agent/stdin.c \
	runner/agent/title.c \
	runner/agent/usage.c
runner_agent_coderoom_agent_CFLAGS = -std=c11 $(WARN_CFLAGS) -fstack-protector-strong -fPIE
runner_agent_coderoom_agent_LDFLAGS = -static-pie -Wl,-z,relro,-z,now
EXTRA_DIST += runner/agent/README.md
