# expect: ok
# max_wall_ms: 1500
import os
for _ in range(10):
    if os.fork() == 0:
        os.setsid()
        while True:
            pass
