# expect: ok
# stdout: nothing\n
import ctypes, os
found = [f for f in ("/work", "/tmp", "/dev/shm") if os.path.exists(f + "/trace")]
if ctypes.CDLL(None).shmget(0x7ace, 4096, 0) >= 0:
    found.append("shared memory")
print("nothing" if not found else found)
