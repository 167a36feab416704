# expect: wall_time
# options: --open
input()
