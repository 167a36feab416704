# expect: ok
# stdout: alive\n
import os, signal, time
if os.fork() == 0:
    time.sleep(100)
for sig in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL, signal.SIGCHLD, 34, 64):
    for pid in (1, -1):
        try:
            os.kill(pid, sig)
        except OSError:
            pass
for pid in range(2, 400):
    if pid != os.getpid():
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
print("alive")
