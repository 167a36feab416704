/* Opening the monitor's socket. Internal to lib/monitor. */
#ifndef CR_MONITOR_LISTEN_H
#define CR_MONITOR_LISTEN_H

#include "base/error.h"

/* A listening socket for "host:port", "[v6]:port" or "/path"; -1: UNAVAILABLE or INVALID. */
int cr_monitor_listen(const char *address, struct cr_error *err);
/* The port that fd is bound to; 0 for a unix socket. */
int cr_monitor_bound_port(int fd);

#endif
