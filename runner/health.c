#include "runner/health.h"

#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    bool ok;
    char detail[256];
} parts[CR_HEALTH_PARTS] = {
    [CR_HEALTH_DATABASE] = {false, "not asked yet"},
    [CR_HEALTH_SELFTEST] = {false, "still running"},
};
static const char *const names[CR_HEALTH_PARTS] = {
    [CR_HEALTH_DATABASE] = "database",
    [CR_HEALTH_SELFTEST] = "limits",
};

void cr_health_set(enum cr_health_part part, bool ok, const char *detail)
{
    pthread_mutex_lock(&lock);
    parts[part].ok = ok;
    snprintf(parts[part].detail, sizeof(parts[part].detail), "%s", detail ? detail : "");
    pthread_mutex_unlock(&lock);
}

bool cr_health_is_ok(enum cr_health_part part)
{
    pthread_mutex_lock(&lock);
    bool ok = parts[part].ok;
    pthread_mutex_unlock(&lock);
    return ok;
}

void cr_health_report(struct cr_ready *r)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < CR_HEALTH_PARTS; i++)
        cr_ready_add(r, names[i], parts[i].ok, parts[i].ok ? NULL : parts[i].detail);
    pthread_mutex_unlock(&lock);
}
