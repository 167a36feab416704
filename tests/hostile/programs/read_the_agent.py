# expect: ok
# stdout: closed\n
import os
opened = []
for name in ("mem", "environ", "maps", "fd", "cwd", "exe", "root", "io", "stack", "map_files"):
    try:
        path = "/proc/1/" + name
        if name in ("cwd", "exe", "root"):
            os.readlink(path)
        elif name in ("fd", "map_files"):
            os.listdir(path)
        elif open(path, "rb").read(16):
            pass
        opened.append(name)
    except OSError:
        pass
print("closed" if not opened else opened)
