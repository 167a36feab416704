# expect: exit 5
# contains: VERDICT
import os, struct, glob
given = [int(f) for f in os.listdir("/proc/self/fd")]
result = struct.pack("<IB", 71, 0x86) + bytes([2, 0, 0]) + bytes(68)
ready = struct.pack("<IBH", 2, 0x81, 1)
for path in ["/proc/1/fd/0", "/proc/1/fd/1", "/proc/1/fd/2", "/dev/console", "/dev/tty", "/dev/pts/0"] + glob.glob("/proc/*/fd/*"):
    try:
        fd = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        if path.startswith("/proc/1/"):
            print("OPENED", path)
        os.write(fd, result)
        os.close(fd)
    except OSError:
        pass
for fd in given:
    try:
        os.write(fd, ready + result)
        if fd > 2:
            print("WROTE", fd)
    except OSError:
        pass
os.write(1, result + b"\x01\x00\x00\x00\x00\x00\x00\x08VERDICT ok\n")
raise SystemExit(5)
