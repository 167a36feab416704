# expect: ok
# stdout: full\n
# why: each file is far below the limit of one file, so it is the folder that is full
import errno
count = 0
try:
    while count < 1000:
        with open("file%d" % count, "wb") as f:
            f.write(b"x" * (1 << 20))
        count += 1
except OSError as e:
    print("full" if e.errno == errno.ENOSPC and count < 17 else (count, e))
else:
    print(count, "files")
