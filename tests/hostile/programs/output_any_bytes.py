# expect: ok
# stdout: bytes
import os
os.write(1, bytes(range(256)))
