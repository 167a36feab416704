# expect: ok
# stdout: hello\n
print("hello")
