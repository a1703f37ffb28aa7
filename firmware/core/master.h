/* The frames of a Modbus master: the request of a job, and its answer among whatever else was heard since.
 *
 * An answer is looked for at every byte, so one stray byte before it costs nothing; what the adapter hears of our own
 * request is passed over. When there is no answer, what was heard tells why. Pure. Sources as in rtu.h. */
#ifndef FIRMWARE_CORE_MASTER_H
#define FIRMWARE_CORE_MASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "firmware/core/poller.h"
#include "firmware/core/rtu.h"

#define MASTER_REQUEST_BYTES_MAX (7 + 2 * POLLER_VALUES_MAX)
#define MASTER_HEARD_BYTES_MAX   (2 * RTU_FRAME_BYTES_MAX) /* an echo and an answer, or noise */

/* What was heard after a request. Begins as zeros but for the first three. */
struct master_hearing {
    uint8_t request[MASTER_REQUEST_BYTES_MAX + 2]; /* with its checksum */
    size_t request_bytes;
    bool echoes; /* this adapter is known to hear itself; set when that is found out */
    uint8_t heard[MASTER_HEARD_BYTES_MAX];
    size_t heard_bytes;
};

/* Address, function and data, without a checksum. Returns its length; the job is none that waits. */
size_t master_request(const struct poller_job *job, uint8_t out[MASTER_REQUEST_BYTES_MAX]);
/* Begins to listen after a request; `echoes` is kept. */
void master_listen(struct master_hearing *hearing, const uint8_t *request, size_t bytes);
/* The answer's address, function and data in what has been heard, or NULL as long as none is complete. An exception is
 * an answer. */
const uint8_t *master_answer(struct master_hearing *hearing);
/* Whether these bytes, without a checksum, are an answer to the request: where another protocol vouches for their order. */
bool master_fits(const uint8_t *request, const uint8_t *answer, size_t bytes);
/* Whether an answer could have been heard whole by now, so that a short silence ends the waiting. */
bool master_heard_enough(const struct master_hearing *hearing);
/* Why there is no answer. */
struct cause master_cause(const struct master_hearing *hearing);
/* Fills the job from its answer; returns what it refuses, or TROUBLE_NONE. */
struct cause master_take(struct poller_job *job, const uint8_t *answer);

#endif
