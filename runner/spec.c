/* How a container is locked down: this file is the whole list, each setting with its reason. */
#include "runner/cell.h"
#include "runner/limits.h"
#include "json/write.h"

#include <stdio.h>

/* A short period, so that a run at its share is halted for milliseconds, the agent with it. */
#define CPU_PERIOD_US 20000

static void put_ulimit(struct cr_json_out *w, const char *name, int64_t value)
{
    cr_json_open_object(w, NULL);
    cr_json_put_str(w, "Name", name);
    cr_json_put_int(w, "Soft", value);
    cr_json_put_int(w, "Hard", value);
    cr_json_close(w);
}

static void put_tmpfs(struct cr_json_out *w, const char *path, int64_t bytes, int64_t inodes,
                      int uid)
{
    char options[160];
    snprintf(options, sizeof(options),
             "rw,exec,nosuid,nodev,size=%lld,nr_inodes=%lld,uid=%d,gid=%d,mode=0700",
             (long long)bytes, (long long)inodes, uid, uid);
    cr_json_put_str(w, path, options);
}

static void put_labels(const struct cr_cell_env *env, const struct cr_cell_spec *s,
                       struct cr_json_out *w)
{
    cr_json_open_object(w, "Labels");
    cr_json_put_str(w, CR_CELL_LABEL_INSTANCE, env->config->runner_instance);
    cr_json_put_str(w, CR_CELL_LABEL_CELL, s->cell);
    cr_json_put_str(w, CR_CELL_LABEL_LANGUAGE, s->lang->id);
    cr_json_close(w);
}

static void put_limits(const struct cr_cell_limits *l, struct cr_json_out *w)
{
    cr_json_put_int(w, "Memory", l->memory_bytes);
    cr_json_put_int(w, "MemorySwap", l->memory_bytes); /* the same: no swap */
    cr_json_put_int(w, "PidsLimit", l->pids + 1);      /* the agent is one */
    cr_json_put_int(w, "CpuPeriod", CPU_PERIOD_US);
    cr_json_put_int(w, "CpuQuota", CPU_PERIOD_US * l->cpu_percent / 100);
    cr_json_put_int(w, "ShmSize", CR_SHM_BYTES);
    cr_json_open_array(w, "Ulimits");
    put_ulimit(w, "core", 0);
    put_ulimit(w, "nofile", 256);
    put_ulimit(w, "fsize", l->work_bytes);
    put_ulimit(w, "stack", CR_STACK_BYTES);
    put_ulimit(w, "msgqueue", 0);
    put_ulimit(w, "memlock", 0);
    cr_json_close(w); /* nproc is left out: it would count across containers */
}

static void put_isolation(const struct cr_cell_env *env, struct cr_json_out *w)
{
    cr_json_put_str(w, "NetworkMode", "none");
    cr_json_put_str(w, "IpcMode", "private");
    cr_json_put_bool(w, "ReadonlyRootfs", true);
    cr_json_put_bool(w, "Privileged", false);
    cr_json_open_array(w, "CapDrop");
    cr_json_put_str(w, NULL, "ALL");
    cr_json_close(w);
    cr_json_open_array(w, "SecurityOpt");
    cr_json_put_str(w, NULL, "no-new-privileges");
    if (env->seccomp) {
        CR_AUTO_BUF option = {0};
        cr_buf_append_str(&option, "seccomp=");
        cr_buf_append_str(&option, env->seccomp);
        cr_json_put_strn(w, NULL, option.data, option.len);
    }
    cr_json_close(w);
    if (env->config->runner_runtime[0])
        cr_json_put_str(w, "Runtime", env->config->runner_runtime);
    /* Between everything else on the host and the program, which the agent sets to 1000. */
    cr_json_put_int(w, "OomScoreAdj", 500);
    cr_json_open_object(w, "LogConfig"); /* or what a program prints would fill the host's disk */
    cr_json_put_str(w, "Type", "none");
    cr_json_close(w);
}

static void put_streams(struct cr_json_out *w)
{
    cr_json_put_bool(w, "AttachStdin", true);
    cr_json_put_bool(w, "AttachStdout", true);
    cr_json_put_bool(w, "AttachStderr", true);
    cr_json_put_bool(w, "OpenStdin", true);
    cr_json_put_bool(w, "StdinOnce", true); /* when the runner goes away, the agent sees the end */
    cr_json_put_bool(w, "Tty", false);
}

void cr_cell_spec_write(const struct cr_cell_env *env, const struct cr_cell_spec *s,
                        struct cr_buf *out)
{
    struct cr_cell_limits l;
    char user[32];
    CR_AUTO_JSON_OUT w = {0};

    cr_cell_limits_of(env->config, s->lang, &l);
    snprintf(user, sizeof(user), "%d:%d", s->uid, s->uid);
    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "Image", s->lang->image);
    cr_json_open_array(&w, "Entrypoint");
    cr_json_put_str(&w, NULL, CR_CELL_AGENT);
    cr_json_close(&w);
    cr_json_open_array(&w, "Cmd");
    cr_json_close(&w);
    cr_json_put_str(&w, "User", user);
    cr_json_put_str(&w, "WorkingDir", "/");
    cr_json_put_str(&w, "Hostname", "coderoom");
    cr_json_put_bool(&w, "NetworkDisabled", true);
    put_streams(&w);
    put_labels(env, s, &w);
    cr_json_open_object(&w, "HostConfig");
    put_isolation(env, &w);
    put_limits(&l, &w);
    cr_json_open_object(&w, "Tmpfs");
    put_tmpfs(&w, CR_CELL_DIR, l.work_bytes, l.work_inodes, s->uid);
    put_tmpfs(&w, "/tmp", CR_TMP_BYTES, CR_TMP_INODES, s->uid);
    cr_json_close(&w);
    cr_json_close(&w);
    cr_json_close(&w);
    cr_buf_append(out, w.buf.data, w.buf.len);
}
