# expect: exit 255
import os
os._exit(-1)
