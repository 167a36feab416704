# expect: stopped
# options: --stop-after 300
import signal, time
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
time.sleep(100)
