# expect: output
import os
while True:
    os.write(1, b"a")
    os.write(2, b"b")
