# expect: ok
# stdout: coderoom 10 HOME LANG PATH PYTHONDONTWRITEBYTECODE PYTHONIOENCODING PYTHONUNBUFFERED TMPDIR USER [1, 0] main.py\n
# why: a clean environment, no other process, no descriptor of ours
import os, socket
pids = [int(p) for p in os.listdir("/proc") if p.isdigit()]
fds = [f for f in os.listdir("/proc/self/fd") if int(f) > 2]
names = sorted(n for n in os.environ if n != "LC_CTYPE")
print(socket.gethostname(), os.nice(0), *names, [1, len(set(pids) - {1, os.getpid()})],
      *os.listdir("."))
