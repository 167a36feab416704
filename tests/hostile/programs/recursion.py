# expect: exit 1
def deeper(n):
    return deeper(n + 1)
deeper(0)
