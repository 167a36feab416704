/* What /readyz looks at: flags that the runner's threads keep. Any thread. */
#ifndef CR_RUNNER_HEALTH_H
#define CR_RUNNER_HEALTH_H

#include "monitor/monitor.h"

#include <stdbool.h>

enum cr_health_part { CR_HEALTH_DATABASE, CR_HEALTH_SELFTEST, CR_HEALTH_PARTS };

void cr_health_set(enum cr_health_part part, bool ok, const char *detail);
bool cr_health_is_ok(enum cr_health_part part);
void cr_health_report(struct cr_ready *r);

#endif
