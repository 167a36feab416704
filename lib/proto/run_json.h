/* A run as JSON, as the API, the room socket and the service socket say it. */
#ifndef CR_PROTO_RUN_JSON_H
#define CR_PROTO_RUN_JSON_H

#include "model/model.h"
#include "json/write.h"

/* Into an open object: what is known of a run from its first moment. The caller adds its times and,
 * when it is finished, its result. */
void cr_json_put_run(struct cr_json_out *w, const struct cr_run *r);
/* `result`: an object that cr_msg_result_fields reads. */
void cr_json_put_run_result(struct cr_json_out *w, const struct cr_run_result *r);

#endif
