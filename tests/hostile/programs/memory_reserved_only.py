# expect: ok
# why: address space is no memory
import mmap
m = mmap.mmap(-1, 1 << 36, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
print(len(m))
