# expect: memory
import os, time
for _ in range(4):
    if os.fork() == 0:
        os.setsid()
        hoard = [bytearray(b"x" * (1 << 20)) for _ in range(100)]
        time.sleep(100)
time.sleep(100)
