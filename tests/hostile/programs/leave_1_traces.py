# expect: ok
# stdout: left\n
# why: its twin leave_2_traces runs next and must find nothing
import os
for folder in ("/work", "/tmp", "/dev/shm"):
    open(folder + "/trace", "w").write("x")
import ctypes
libc = ctypes.CDLL(None)
libc.shmget(0x7ace, 4096, 0o1666)
print("left")
