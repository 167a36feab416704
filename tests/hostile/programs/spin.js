// expect: cpu_time
for (;;);
