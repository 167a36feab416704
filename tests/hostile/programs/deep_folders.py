# expect: ok
import os
try:
    for i in range(10000):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
except OSError:
    pass
os.chmod(".", 0)
print("deep")
