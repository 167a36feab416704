# expect: ok
# stdin: 262144
import os, time
os.close(0)
time.sleep(0.2)
print("fine")
