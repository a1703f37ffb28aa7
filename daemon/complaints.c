#include "daemon/complaints.h"

#include <stdio.h>
#include <string.h>
#include "common/log.h"

static struct complaint *find(struct complaints *complaints, const char *source)
{
    for (size_t i = 0; i < complaints->count; i++)
        if (strcmp(complaints->of[i].source, source) == 0)
            return &complaints->of[i];
    if (complaints->count > COMPLAINTS_SOURCES_MAX)
        return &complaints->of[COMPLAINTS_SOURCES_MAX];
    struct complaint *new = &complaints->of[complaints->count];
    *new = (struct complaint){.since_mono_ms = complaints->now_mono_ms};
    snprintf(new->source, sizeof new->source, "%s", complaints->count == COMPLAINTS_SOURCES_MAX ? "" : source);
    complaints->count++;
    return new;
}

bool complaints_may(struct complaints *complaints, const char *source)
{
    return ++find(complaints, source)->lines <= COMPLAINTS_EACH_MAX;
}

void complaints_tell(struct complaints *complaints, int64_t mono_ms)
{
    complaints->now_mono_ms = mono_ms;
    for (size_t i = complaints->count; i-- > 0;) {
        struct complaint *one = &complaints->of[i];
        if (mono_ms - one->since_mono_ms < COMPLAINTS_EVERY_MS)
            continue;
        if (one->lines > COMPLAINTS_EACH_MAX)
            log_warn("lines left out about terminal=%s lines=%llu in_s=%d",
                     one->source[0] == '\0' ? "others" : one->source,
                     (unsigned long long)(one->lines - COMPLAINTS_EACH_MAX), COMPLAINTS_EVERY_MS / 1000);
        *one = complaints->of[--complaints->count];
    }
}
