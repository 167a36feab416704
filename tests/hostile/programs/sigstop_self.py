# expect: wall_time
import os, signal
os.kill(0, signal.SIGSTOP)
