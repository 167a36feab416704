# expect: stopped
# options: --open --stop-after 300
print("waiting")
input()
