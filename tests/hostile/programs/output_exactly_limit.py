# expect: ok
# stdout_bytes: limit
import os
left = 65536
while left:
    left -= os.write(1, b"x" * min(left, 4096))
