# expect: ok
# stdout: refused\n
import os
found = []
os.unlink("main.py")
for target in ("/etc/shadow", "/proc/1/root/etc/shadow", "/proc/1/cwd", "/proc/1/fd/1", "/dev/mem"):
    try:
        os.symlink(target, "main.py")
        open("main.py", "rb").read(1)
        found.append(target)
    except OSError:
        pass
    os.unlink("main.py")
for name in ("program", "result", "main.py", "stdout"):
    os.symlink("/etc/passwd", name)
try:
    os.link("/usr/bin/python3", "hard")
    found.append("hard link")
except OSError:
    pass
print("refused" if not found else found)
