# expect: cpu_time | wall_time
# why: children that die by thousands must not hide the clock from the agent
import os
while True:
    try:
        pid = os.fork()
    except OSError:
        continue
    if pid == 0:
        for _ in range(10):
            try:
                if os.fork() == 0:
                    os._exit(0)
            except OSError:
                pass
        os._exit(0)
    os.waitpid(pid, 0)
