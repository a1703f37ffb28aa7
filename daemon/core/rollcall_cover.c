/* Outages of a room's terminals are intersected one terminal at a time; what remains is when none could record. */
#include "daemon/core/rollcall_cover.h"
#include "common/civil.h"

/* A counting sort of the terminals by room; entrances are listed separately. */
static void find_places(struct rollcall_cover *cover, const struct school *school, int32_t day)
{
    cover->entrance_count = 0;
    memset(cover->room_first, 0, sizeof cover->room_first);
    for (uint16_t i = 0; i < school->terminal_ids.count; i++) {
        const struct school_place *place = cover->places[i] = school_place(school, i, day);
        if (place != NULL && place->entrance)
            cover->entrances[cover->entrance_count++] = i;
        else if (place != NULL && place->room != SCHOOL_NO_ROOM)
            cover->room_first[place->room + 1]++;
    }
    for (uint32_t room = 0; room < SCHOOL_ROOM_INDICES; room++)
        cover->room_first[room + 1] += cover->room_first[room];
    for (uint16_t i = 0; i < school->terminal_ids.count; i++) {
        const struct school_place *place = cover->places[i];
        if (place != NULL && !place->entrance && place->room != SCHOOL_NO_ROOM)
            cover->room_terminals[cover->room_first[place->room]++] = i;
    }
    memmove(cover->room_first + 1, cover->room_first, SCHOOL_ROOM_INDICES * sizeof *cover->room_first);
    cover->room_first[0] = 0;
}

/* Outages are sorted by terminal, then start: an index of where each terminal begins. */
static void index_outages(struct rollcall_cover *cover, const struct school *school, const struct schoolday *facts)
{
    uint32_t next = 0;
    for (uint32_t terminal = 0; terminal <= school->terminal_ids.count; terminal++) {
        while (next < facts->outage_count && facts->outages[next].terminal < terminal)
            next++;
        cover->outage_first[terminal] = next;
    }
}

/* Intersects the spans, which are in order and do not overlap, with the terminal's outages. Returns how many spans
 * there are; at most `count` plus the terminal's outages. */
static size_t cut_to_outages(const struct rollcall_cover *cover, const struct schoolday *facts, uint16_t terminal,
                             const struct rollcall_span *spans, size_t count, struct rollcall_span *out)
{
    size_t made = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t reached_ms = spans[i].from_ms;
        for (uint32_t k = cover->outage_first[terminal]; k < cover->outage_first[terminal + 1]; k++) {
            const struct schoolday_outage *outage = &facts->outages[k];
            int64_t from_ms = outage->from_ms > reached_ms ? outage->from_ms : reached_ms;
            int64_t to_ms = outage->to_ms < spans[i].to_ms ? outage->to_ms : spans[i].to_ms;
            if (from_ms >= to_ms)
                continue;
            if (from_ms == reached_ms && made > 0 && out[made - 1].to_ms == from_ms)
                out[made - 1].to_ms = to_ms;
            else
                out[made++] = (struct rollcall_span){from_ms, to_ms};
            reached_ms = to_ms;
        }
    }
    return made;
}

/* The spans of `within` in which none of the terminals could record; in one of the two scratch lists, used in turn. */
static const struct rollcall_span *all_out(struct rollcall_cover *cover, const struct schoolday *facts,
                                           const uint16_t *terminals, size_t terminal_count,
                                           struct rollcall_span within, size_t *count)
{
    struct rollcall_span *now = cover->scratch[0], *next = cover->scratch[1];
    now[0] = within;
    *count = 1;
    for (size_t i = 0; i<terminal_count && * count> 0; i++) {
        *count = cut_to_outages(cover, facts, terminals[i], now, *count, next);
        struct rollcall_span *swap = now;
        now = next;
        next = swap;
    }
    return now;
}

/* The total counts, so that many short outages are as bad as a long one. */
static bool longer_than_tolerated(const struct rollcall_span *spans, size_t count, int64_t from_ms, int64_t to_ms)
{
    int64_t total_ms = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t start_ms = spans[i].from_ms > from_ms ? spans[i].from_ms : from_ms;
        int64_t end_ms = spans[i].to_ms < to_ms ? spans[i].to_ms : to_ms;
        total_ms += start_ms < end_ms ? end_ms - start_ms : 0;
    }
    return total_ms > ROLLCALL_OUTAGE_TOLERATED_MS;
}

void rollcall_cover_day(struct rollcall_cover *cover, const struct school *school, const struct schoolday *facts)
{
    find_places(cover, school, facts->day);
    index_outages(cover, school, facts);
    cover->entrances_out_count = 0;
    if (cover->entrance_count == 0)
        return;
    const struct rollcall_span always = {INT64_MIN, INT64_MAX};
    const struct rollcall_span *out =
        all_out(cover, facts, cover->entrances, cover->entrance_count, always, &cover->entrances_out_count);
    memcpy(cover->entrances_out, out, cover->entrances_out_count * sizeof *out);
}

enum rollcall_doubt rollcall_cover_lesson(struct rollcall_cover *cover, const struct schoolday *facts,
                                          const struct schoolday_lesson *lesson,
                                          const struct rollcall_settings *settings)
{
    uint32_t first = cover->room_first[lesson->room], count = cover->room_first[lesson->room + 1] - first;
    if (count == 0)
        return ROLLCALL_NO_COVER;
    struct rollcall_span within = {lesson->start_ms - (int64_t)settings->early_min * CIVIL_MS_PER_MINUTE,
                                   lesson->start_ms + ROLLCALL_OUTAGE_AFTER_MIN * CIVIL_MS_PER_MINUTE};
    size_t out_count = 0;
    const struct rollcall_span *out = all_out(cover, facts, cover->room_terminals + first, count, within, &out_count);
    return longer_than_tolerated(out, out_count, within.from_ms, within.to_ms) ? ROLLCALL_OUTAGE : ROLLCALL_KNOWN;
}

bool rollcall_cover_entrance(const struct rollcall_cover *cover, int64_t from_ms, int64_t to_ms)
{
    return cover->entrance_count > 0 &&
           !longer_than_tolerated(cover->entrances_out, cover->entrances_out_count, from_ms, to_ms);
}
