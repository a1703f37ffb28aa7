/* The school in memory: who goes there and when, in which groups, who is exempt, who holds which card, which terminal
 * hangs where. What belongs to one date (lessons, taps, absences) is in schoolday.h.
 *
 * Everything is dated: a pupil has periods at the school, each with its class, and a terminal has places; a fact counts
 * from when it is said to. Filled through the adding functions, from CSV files or from the database alike; then sealed,
 * and read directly. No I/O, no clock; all memory is taken in school_open, unused room costs nothing. Names of persons are
 * not here: the roll call does not need them. A fact about a pupil, group or terminal refers to it by index. */
#ifndef DAEMON_CORE_SCHOOL_H
#define DAEMON_CORE_SCHOOL_H

#include <stdint.h>
#include "common/ids.h"
#include "common/civil.h"
#include "daemon/core/school/names.h"

#define SCHOOL_PUPILS_MAX     4096
#define SCHOOL_PERIODS_MAX    16384 /* of all pupils */
#define SCHOOL_GROUPS_MAX     8192
#define SCHOOL_MEMBERS_MAX    131072
#define SCHOOL_EXEMPTIONS_MAX 16384
#define SCHOOL_TERMINALS_MAX  1024
#define SCHOOL_PLACES_MAX     4096 /* of all terminals */
#define SCHOOL_ROOMS_MAX      2047
#define SCHOOL_ROOM_INDICES   (SCHOOL_ROOMS_MAX + 1) /* with the empty one */
#define SCHOOL_CARDS_MAX      16384
#define SCHOOL_CLASSES_MAX    512
#define SCHOOL_YEARS_MAX      64
#define SCHOOL_SUBJECTS_MAX   2048

#define SCHOOL_NONE    UINT16_MAX /* no such pupil, group, terminal */
#define SCHOOL_NO_ROOM 0          /* the index of the empty room, which equals no room */

/* Dates are days of civil.h, both included; CIVIL_DAY_NONE = open. */

/* A period at the school. A pupil's periods do not overlap; where they do all the same, the one added first counts. */
struct school_period {
    int32_t from_day, to_day;
    uint16_t class_index, year_index;
    uint16_t next; /* of the same pupil, as added; SCHOOL_NONE: the last */
};
/* Where a terminal hangs; the same about overlaps. Everybody passes an entrance in the morning. */
struct school_place {
    int32_t from_day, to_day;
    uint16_t room;
    uint16_t next; /* of the same terminal, as added; SCHOOL_NONE: the last */
    bool entrance;
};
/* A member row or an exemption: this pupil, that group, these dates. */
struct school_membership {
    uint16_t group, pupil;
    int32_t from_day, to_day;
};
/* UTC in Unix milliseconds, the end excluded; INT64_MIN, INT64_MAX = open. */
struct school_card {
    uint64_t token;
    int64_t from_ms, to_ms;
    uint16_t pupil;
};

struct school {
    struct names pupil_ids, groups, terminal_ids, rooms, classes, years, subjects;

    struct school_period *periods;
    struct school_place *places;
    uint16_t *first_period, *first_place; /* of each pupil, of each terminal; SCHOOL_NONE: it has none */
    struct school_membership *members;    /* sealed: by group, then pupil */
    struct school_membership *exemptions; /* sealed: by group, then pupil */
    struct school_card *cards;            /* sealed: by token */
    size_t period_count, place_count, member_count, exemption_count, card_count;
    uint32_t *group_members; /* sealed: members of group g are [group_members[g], group_members[g + 1]) */
    bool sealed;
};

/* Why a card is nobody's at an instant, or whose it is. */
enum school_holder {
    SCHOOL_HOLDER_ONE,
    SCHOOL_HOLDER_UNKNOWN, /* no row names the card */
    SCHOOL_HOLDER_NOT_NOW, /* rows do, but none covers the instant */
    SCHOOL_HOLDER_LEFT,    /* one does, but its pupil is in no period at the school on that date */
    SCHOOL_HOLDER_TWO      /* it is two pupils' */
};

/* NULL with errno set when there is no memory. */
struct school *school_open(void);
void school_close(struct school *school);
void school_clear(struct school *school);

/* Each returns NULL, or one sentence (static text) saying why the fact cannot be taken: full, too long, refers to a pupil
 * that was not added. Nothing is changed then. */
const char *school_add_period(struct school *school, struct text pupil_id, struct text class_name, struct text year,
                              int32_t from_day, int32_t to_day);
const char *school_add_member(struct school *school, struct text group_id, struct text pupil_id, int32_t from_day,
                              int32_t to_day);
const char *school_add_exemption(struct school *school, struct text pupil_id, struct text group_id, int32_t from_day,
                                 int32_t to_day);
const char *school_add_place(struct school *school, struct text terminal_id, struct text room, bool entrance,
                             int32_t from_day, int32_t to_day);
const char *school_add_card(struct school *school, uint64_t token, struct text pupil_id, int64_t from_ms,
                            int64_t to_ms);
/* Once everything is added, before anything is read. */
void school_seal(struct school *school);

/* Who holds the card then: the pupil whose row covers the instant and who is in a period at the school on its local date.
 * `pupil` is set when the answer is ONE or TWO (one of them). Several rows of one pupil are one holder. */
enum school_holder school_card_holder(const struct school *school, uint64_t token, int64_t at_ms, uint16_t *pupil);
/* The rows of one card: [*first, returned). */
size_t school_card_rows(const struct school *school, uint64_t token, size_t *first);
/* Is this a row of a holder at the instant? */
bool school_card_held(const struct school *school, const struct school_card *card, int64_t at_ms);

/* Is there such a pupil, in a period on that date? */
bool school_attended(const struct school *school, const char *pupil_id, int32_t day);
/* The pupil's period, or the terminal's place, on that date; NULL when it has none. */
const struct school_period *school_period(const struct school *school, uint16_t pupil, int32_t day);
const struct school_place *school_place(const struct school *school, uint16_t terminal, int32_t day);
/* Are two periods of the pupil, or places of the terminal, on one date? */
bool school_periods_overlap(const struct school *school, uint16_t pupil);
bool school_places_overlap(const struct school *school, uint16_t terminal);
bool school_pupil_exempt(const struct school *school, uint16_t pupil, uint16_t group, int32_t day);
/* The class of a pupil who is in a period at the school on that date. */
struct text school_class(const struct school *school, uint16_t pupil, int32_t day);

static inline bool school_day_within(int32_t day, int32_t from_day, int32_t to_day)
{
    return (from_day == CIVIL_DAY_NONE || from_day <= day) && (to_day == CIVIL_DAY_NONE || day <= to_day);
}
/* The instants of dates that are both included. */
static inline int64_t school_from_ms(int32_t from_day)
{
    return from_day == CIVIL_DAY_NONE ? INT64_MIN : civil_to_utc_ms(from_day, 0);
}
static inline int64_t school_to_ms(int32_t to_day)
{
    return to_day == CIVIL_DAY_NONE ? INT64_MAX : civil_to_utc_ms(to_day + 1, 0);
}

#endif
