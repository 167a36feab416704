# expect: ok
# stdout: same NoNewPrivs 1 CapInh 0 CapPrm 0 CapEff 0 CapBnd 0 CapAmb 0 Seccomp 2\n
# why: no way to more rights than one has, by a program or by what the kernel grants
import os, shutil, subprocess
shutil.copy("/usr/bin/id", "/tmp/id")
os.chmod("/tmp/id", 0o6755)
me = str(os.getuid())
seen = subprocess.run(["/tmp/id", "-u"], capture_output=True, text=True).stdout.strip()
try:
    os.setuid(0)
    seen = "0"
except OSError:
    pass
for program in ("su", "mount", "passwd", "newgrp"):
    subprocess.run(["/usr/bin/" + program], capture_output=True, stdin=subprocess.DEVNULL) if os.path.exists("/usr/bin/" + program) else None
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
locks = ["NoNewPrivs", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "Seccomp"]
print("same" if seen == me and os.getuid() >= 10000 else seen,
      *(word for lock in locks for word in (lock, "%x" % int(status[lock], 16))))
