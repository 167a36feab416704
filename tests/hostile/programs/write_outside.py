# expect: ok
# stdout: refused\n
import glob, os
written = []
for path in ["/x", "/etc/x", "/etc/passwd", "/usr/x", "/root/x", "/var/x", "/home/x", "/dev/x", "/dev/sda", "/dev/mem",
             "/dev/kmsg", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/sys/kernel/uevent_helper",
             "/proc/1/oom_score_adj", "/proc/1/mem", "/usr/lib/coderoom/agent",
             "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/cgroup.procs",
             "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/pids/pids.max",
             "/proc/sys/vm/overcommit_memory"] + glob.glob("/sys/fs/cgroup/**/release_agent", recursive=True):
    try:
        with open(path, "ab") as f:
            f.write(b"x")
            f.flush()
        written.append(path)
    except OSError:
        pass
for path in ("/etc", "/usr/bin", "/"):
    try:
        os.chmod(path, 0o777)
        written.append(path)
    except OSError:
        pass
print("refused" if not written else written)
