# expect: ok
# stdout: nothing reached\n
import socket
reached = []
for family, address in ((socket.AF_INET, ("169.254.169.254", 80)), (socket.AF_INET, ("10.0.0.1", 22)),
                        (socket.AF_INET, ("172.17.0.1", 80)), (socket.AF_INET, ("8.8.8.8", 53)),
                        (socket.AF_INET6, ("2001:4860:4860::8888", 53)),
                        (socket.AF_UNIX, "/var/run/docker.sock"), (socket.AF_UNIX, "\0docker")):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            s = socket.socket(family, kind)
            s.settimeout(1)
            s.connect(address)
            reached.append(address)
        except OSError:
            pass
try:
    socket.getaddrinfo("debian.org", 80)
    reached.append("dns")
except OSError:
    pass
print("nothing reached" if not reached else reached)
