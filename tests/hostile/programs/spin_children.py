# expect: cpu_time
# why: the time of children counts
import os
for _ in range(6):
    if os.fork() == 0:
        while True:
            pass
while True:
    os.wait()
