/* What is known of one local date: its lessons, the taps made, absences, teachers' marks, outages of terminals. The input
 * of the roll call, beside the school itself.
 *
 * Filled through the adding functions in any order, sealed, read directly, cleared for the next date. Instants are UTC in
 * Unix milliseconds. All memory is taken in schoolday_open; at a bound a sentence says so and nothing is changed. */
#ifndef DAEMON_CORE_SCHOOLDAY_H
#define DAEMON_CORE_SCHOOLDAY_H

#include "daemon/core/outcome.h"
#include "daemon/core/school/school.h"

#define SCHOOLDAY_LESSONS_MAX  8192
#define SCHOOLDAY_TAPS_MAX     131072
#define SCHOOLDAY_ABSENCES_MAX 16384
#define SCHOOLDAY_MARKS_MAX    65536
#define SCHOOLDAY_OUTAGES_MAX  4096
#define SCHOOLDAY_ID_BYTES     (SCHOOLDAY_LESSONS_MAX * 40)

struct schoolday_lesson {
    int64_t start_ms, end_ms;
    struct text id;                /* equal starts are taken in bytewise order of this */
    uint32_t lesson;               /* the store's number of it; marks refer to it */
    uint16_t group, room, subject; /* indices of the school */
    uint16_t start_minute;         /* of the local day, as the timetable says */
    uint16_t minutes;
    bool cancelled;
};
struct schoolday_tap {
    int64_t at_ms;
    uint64_t token;
    uint16_t terminal; /* SCHOOL_NONE: not listed */
};
struct schoolday_absence {
    int64_t from_ms, to_ms; /* to excluded; from INT64_MIN = open */
    uint16_t pupil;
    bool leave; /* granted; otherwise reported */
};
struct schoolday_mark {
    int64_t recorded_ms;
    uint32_t lesson; /* the store's number */
    uint32_t order;  /* of equal recorded_ms the later one counts */
    uint16_t pupil, absent_minutes;
    uint8_t status; /* enum status */
};
struct schoolday_outage {
    int64_t from_ms, to_ms; /* INT64_MIN, INT64_MAX = open */
    uint16_t terminal;
};

struct schoolday {
    int32_t day;
    struct schoolday_lesson *lessons;   /* sealed: by start, then id */
    struct schoolday_tap *taps;         /* sealed: by time, then terminal id */
    struct schoolday_absence *absences; /* sealed: by pupil, type, start */
    struct schoolday_mark *marks;       /* sealed: by pupil, lesson number, recorded, order */
    struct schoolday_outage *outages;   /* sealed: by terminal, start */
    size_t lesson_count, tap_count, absence_count, mark_count, outage_count;
    char *ids;
    size_t id_bytes;
    bool sealed;
};

/* NULL with errno set when there is no memory. */
struct schoolday *schoolday_open(void);
void schoolday_close(struct schoolday *facts);
/* Empties it and says which date comes now. */
void schoolday_begin(struct schoolday *facts, int32_t day);

/* NULL, or one sentence (static text) saying why not. Groups, rooms and subjects that are new get their index in `school`,
 * sealed or not. An absence, mark or outage may lie outside the date: it then changes nothing, and neither does an absence
 * without an end (to_ms INT64_MAX), which would outlive the pupil's return. A tap must be of this date. */
const char *schoolday_add_lesson(struct schoolday *facts, struct school *school, uint32_t lesson, struct text lesson_id,
                                 struct text group_id, struct text subject, struct text room, int32_t start_minute,
                                 int32_t end_minute, bool cancelled);
const char *schoolday_add_tap(struct schoolday *facts, const struct school *school, struct text terminal_id,
                              uint64_t token, int64_t at_ms);
const char *schoolday_add_absence(struct schoolday *facts, const struct school *school, struct text pupil_id,
                                  int64_t from_ms, int64_t to_ms, bool leave);
const char *schoolday_add_mark(struct schoolday *facts, const struct school *school, uint32_t lesson,
                               struct text pupil_id, enum status status, int32_t absent_minutes, int64_t recorded_ms);
const char *schoolday_add_outage(struct schoolday *facts, const struct school *school, struct text terminal_id,
                                 int64_t from_ms, int64_t to_ms);
void schoolday_seal(struct schoolday *facts, const struct school *school);

#endif
