# expect: ok
# stdout: \x1b]52;c;aGk=\x07\x1b[2J\r\n
import os
os.write(1, b"\x1b]52;c;aGk=\x07\x1b[2J\r\n")
