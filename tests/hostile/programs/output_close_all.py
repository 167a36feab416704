# expect: ok
# max_wall_ms: 1500
import os, time
os.closerange(0, 256)
time.sleep(0.3)
os._exit(0)
