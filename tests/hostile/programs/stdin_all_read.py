# expect: ok
# stdin: 262144
# stdout: 262144\n
import sys
print(len(sys.stdin.buffer.read()))
