# expect: ok
# stdout: refused\n
import os
tries = 0
for attempt in (lambda: os.setpriority(os.PRIO_PROCESS, 0, -20),
                lambda: os.setpriority(os.PRIO_PROCESS, 1, 19) or os.getpriority(os.PRIO_PROCESS, 1) == 19 and None,
                lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))):
    try:
        attempt()
    except OSError:
        tries += 1
print("refused" if tries >= 2 else tries)
