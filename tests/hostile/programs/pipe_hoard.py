# expect: ok
# stdout: refused\n
import os
try:
    while True:
        os.pipe()
except OSError:
    print("refused")
