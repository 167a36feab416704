# expect: ok
# why: the kernel keeps eight bits
import os
os._exit(256)
