# expect: ok
# stdout: full\n
made = 0
try:
    while made < 1000000:
        open(f"f{made}", "w").close()
        made += 1
except OSError:
    pass
print("full" if made < 300 else made)
