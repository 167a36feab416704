# expect: ok
# stdout: same\n
import os, shutil, subprocess
shutil.copy("/usr/bin/id", "/tmp/id")
os.chmod("/tmp/id", 0o6755)
me = str(os.getuid())
seen = subprocess.run(["/tmp/id", "-u"], capture_output=True, text=True).stdout.strip()
try:
    os.setuid(0)
    seen = "0"
except OSError:
    pass
for program in ("su", "mount", "passwd", "newgrp"):
    subprocess.run(["/usr/bin/" + program], capture_output=True, stdin=subprocess.DEVNULL) if os.path.exists("/usr/bin/" + program) else None
print("same" if seen == me and os.getuid() >= 10000 else seen)
