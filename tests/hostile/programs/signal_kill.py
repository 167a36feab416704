# expect: signal 9
# why: killed by itself is no limit of ours
import os, signal
os.kill(os.getpid(), signal.SIGKILL)
