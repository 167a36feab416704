# expect: cpu_time
import os, sys
os.execv(sys.executable, [sys.executable, "-I", "-S", "main.py"])
