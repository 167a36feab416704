# expect: ok
# max_wall_ms: 1000
# stdout: bye\n
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(1000)
    os._exit(0)
os.wait()
print("bye")
