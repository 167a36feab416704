# expect: ok
# stdout: refused\n
import resource
refused = 0
for what in (resource.RLIMIT_NOFILE, resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_STACK):
    try:
        resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (OSError, ValueError):
        refused += 1
print("refused" if refused == 4 else refused)
