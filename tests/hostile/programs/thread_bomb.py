# expect: exit 7
import threading, time
started = 0
try:
    while True:
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
        started += 1
except RuntimeError:
    import os
    os._exit(7 if started < 64 else 1)
