# expect: ok
# stdout: empty\n
import os, shutil
shutil.rmtree("/", ignore_errors=True)
print("empty" if os.listdir("/work") == [] and os.path.exists("/usr/bin/python3") else "no")
