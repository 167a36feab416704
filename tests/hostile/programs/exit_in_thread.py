# expect: exit 9
import os, threading, time
threading.Thread(target=lambda: os._exit(9)).start()
time.sleep(60)
