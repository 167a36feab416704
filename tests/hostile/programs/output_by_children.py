# expect: output
import os
for _ in range(5):
    if os.fork() == 0:
        while True:
            os.write(1, b"child " * 100)
os.wait()
