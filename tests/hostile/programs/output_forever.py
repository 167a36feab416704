# expect: output
# stdout_bytes: limit
while True:
    print("y" * 100)
