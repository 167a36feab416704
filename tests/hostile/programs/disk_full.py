# expect: ok
# stdout: full\n
import errno
try:
    with open("big", "wb") as f:
        while True:
            f.write(b"x" * 65536)
except OSError as e:
    print("full" if e.errno in (errno.ENOSPC, errno.EFBIG) else e)
