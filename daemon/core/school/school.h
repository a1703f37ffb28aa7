/* The school in memory: who goes there, in which groups, who is exempt, which card is whose, which terminal hangs where.
 * What belongs to one date (lessons, taps, absences) is in schoolday.h.
 *
 * Filled through the adding functions, from CSV files or from the database alike; then sealed, and read directly. No I/O,
 * no clock; all memory is taken in school_open, unused room costs nothing. Names of persons are not here: the roll call
 * does not need them. A fact about a pupil, group or terminal refers to it by index. */
#ifndef DAEMON_CORE_SCHOOL_H
#define DAEMON_CORE_SCHOOL_H

#include <stdint.h>
#include "common/civil.h"
#include "daemon/core/school/names.h"

#define SCHOOL_PUPILS_MAX     4096
#define SCHOOL_GROUPS_MAX     8192
#define SCHOOL_MEMBERS_MAX    131072
#define SCHOOL_EXEMPTIONS_MAX 16384
#define SCHOOL_TERMINALS_MAX  1024
#define SCHOOL_ROOMS_MAX      2048
#define SCHOOL_CARDS_MAX      16384
#define SCHOOL_CLASSES_MAX    512
#define SCHOOL_SUBJECTS_MAX   2048
#define SCHOOL_TEXT_BYTES     64 /* one id, class, room or subject, NUL counted */

#define SCHOOL_NONE UINT16_MAX /* no such pupil, group, terminal, room */

/* Dates are days of civil.h, both included; CIVIL_DAY_NONE = open. */
struct school_pupil {
    int32_t from_day, to_day;
    uint16_t class_index;
};
/* A member row or an exemption: this pupil, that group, these dates. */
struct school_membership {
    uint16_t group, pupil;
    int32_t from_day, to_day;
};
struct school_card {
    uint64_t token;
    int32_t from_day, to_day;
    uint16_t pupil;
};

struct school {
    /* Texts by index: pupils and terminals have one struct each under the same index. */
    struct names pupil_ids, groups, terminal_ids, rooms, classes, subjects;
    struct school_pupil *pupils;
    uint16_t *terminal_rooms; /* room index of each terminal */

    struct school_membership *members;    /* sealed: by group, then pupil */
    struct school_membership *exemptions; /* sealed: by group, then pupil */
    struct school_card *cards;            /* sealed: by token */
    size_t member_count, exemption_count, card_count;
    uint32_t *group_members; /* sealed: members of group g are [group_members[g], group_members[g + 1]) */
    uint16_t
        *room_terminals; /* sealed: terminal indices by room; room r has [room_first[r], room_first[r + 1]) of them */
    uint32_t *room_first;
    bool sealed;
};

enum school_owner { SCHOOL_OWNER_ONE, SCHOOL_OWNER_NONE, SCHOOL_OWNER_EXPIRED, SCHOOL_OWNER_TWO };

/* NULL with errno set when there is no memory. */
struct school *school_open(void);
void school_close(struct school *school);
void school_clear(struct school *school);

/* Each returns NULL, or one sentence (static text) saying why the fact cannot be taken: full, too long, refers to a pupil
 * that was not added, added twice. Nothing is changed then. */
const char *school_add_pupil(struct school *school, struct text pupil_id, struct text class_name, int32_t from_day,
                             int32_t to_day);
const char *school_add_member(struct school *school, struct text group_id, struct text pupil_id, int32_t from_day,
                              int32_t to_day);
const char *school_add_exemption(struct school *school, struct text pupil_id, struct text group_id, int32_t from_day,
                                 int32_t to_day);
const char *school_add_terminal(struct school *school, struct text terminal_id, struct text room);
const char *school_add_card(struct school *school, uint64_t token, struct text pupil_id, int32_t from_day,
                            int32_t to_day);
/* Once everything is added, before anything is read. */
void school_seal(struct school *school);

/* Whose card is it on that date? `pupil` is set when the answer is ONE. EXPIRED: known, but nobody's on that date. Several
 * rows of one pupil are one owner. */
enum school_owner school_card_owner(const struct school *school, uint64_t token, int32_t day, uint16_t *pupil);
bool school_pupil_enrolled(const struct school *school, uint16_t pupil, int32_t day);
bool school_pupil_exempt(const struct school *school, uint16_t pupil, uint16_t group, int32_t day);
bool school_room_has_terminal(const struct school *school, uint16_t room);

static inline bool school_day_within(int32_t day, int32_t from_day, int32_t to_day)
{
    return (from_day == CIVIL_DAY_NONE || from_day <= day) && (to_day == CIVIL_DAY_NONE || day <= to_day);
}

#endif
