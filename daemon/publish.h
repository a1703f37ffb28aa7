/* What the daemon keeps retained at the broker: the school's cards, its settings for every terminal, each room's plan of
 * the coming days. Each has a version that rises when its content does, and the store keeps it.
 *
 * Goes in steps, one a turn of the loop, so that a big school neither fills the library's queue nor holds up receipts:
 * first cards and settings, then one date after another, then what is past is taken away. Each step has two halves:
 * publish_prepare gives versions inside the transaction, publish_send sends after the commit. */
#ifndef DAEMON_PUBLISH_H
#define DAEMON_PUBLISH_H

#include "common/wire.h"
#include "daemon/config.h"
#include "daemon/core/school/schoolday.h"
#include "daemon/store/store.h"

typedef void publish_out(void *context, const char *topic, const char *bytes, size_t length, bool retained);

/* What was left out of the messages for want of room: cards of the school's list, and lessons of all plans, each
 * left out whole. */
struct publish_left_out {
    uint32_t cards, lessons;
};

struct publish {
    const struct config *config;
    struct store *store;
    struct school *school; /* borrowed, sealed */
    struct schoolday *facts;
    publish_out *out;
    void *context;
    int step;           /* the next one; PUBLISH_DONE when all is out */
    int32_t today;      /* of this round */
    size_t topic_index; /* how far the taking away has come */
    uint32_t cards_version, config_version;
    uint32_t plan_versions[SCHOOL_TERMINALS_MAX];
    uint64_t expected[SCHOOL_PUPILS_MAX / 64]; /* pupils of one lesson, a bit each */
    struct publish_left_out counted, left_out; /* of this round so far; of the latest whole one */
    uint32_t plan_left_out;                    /* of the latest plan that was made */
    struct wire_cards cards;
    struct wire_plan plan;
    char bytes[WIRE_RETAINED_BYTES_MAX];
};

#define PUBLISH_DONE (-1)

void publish_init(struct publish *publish, const struct config *config, struct store *store, struct school *school,
                  struct schoolday *facts, publish_out *out, void *context);
/* Everything goes out again, from the beginning. */
void publish_begin(struct publish *publish, int32_t today);
void publish_prepare(struct publish *publish); /* inside a transaction */
void publish_send(struct publish *publish);    /* after its commit; goes to the next step */

#endif
