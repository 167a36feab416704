# expect: wall_time
# stdin: 262144
import time
time.sleep(100)
