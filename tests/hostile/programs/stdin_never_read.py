# expect: ok
# stdin: 262144
print("did not read")
