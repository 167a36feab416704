/* A relay between the store and the database that can be away, be silent, or lose one answer: so
 * that outages are tested exactly, against any server, without touching it. */
#ifndef PROXY_H
#define PROXY_H

#include <stdbool.h>

struct proxy;

/* target: the host part of a URI, "%2Fpath.sock" or "host:port". NULL when it cannot be reached. */
struct proxy *proxy_start(const char *target);
void proxy_stop(struct proxy *p);
int proxy_port(const struct proxy *p); /* on 127.0.0.1 */

void proxy_away(struct proxy *p, bool away);     /* cut all connections, refuse new ones */
void proxy_silent(struct proxy *p, bool silent); /* take bytes, pass nothing on */
/* Lose the answer to the next request whose bytes hold marker: the server does it, then both
 * connections break. marker: static text; read back with proxy_lost(). */
void proxy_lose_answer(struct proxy *p, const char *marker);
bool proxy_lost(struct proxy *p);
/* The same, and be away from then on. */
void proxy_away_after(struct proxy *p, const char *marker);
/* Let `count` requests that hold marker through, with their answers, and of the next one the first
 * bytes only; then be away. So who is killed when proxy_has_stopped() says so has got as far as
 * exactly that, whatever it tries meanwhile. */
void proxy_stop_after(struct proxy *p, const char *marker, int count);
bool proxy_has_stopped(struct proxy *p);

#endif
