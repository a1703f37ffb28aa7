#include "daemon/core/school/schoolload.h"

#include <stdlib.h>

static size_t count_of(const struct schoolload *load, enum schoolfile which)
{
    return load->files->files[which].count;
}

static void tell(const struct schoolload *load, enum schoolfile which, int line, const char *why)
{
    if (why != NULL)
        problems_add(load->files->problems, schoolfiles_name(which), line, "%s", why);
}

static void fill_school(struct schoolload *load)
{
    struct school *school = load->school;
    const struct pupil_row *pupils = load->files->files[SCHOOLFILE_PUPILS].rows;
    for (size_t i = 0; i < count_of(load, SCHOOLFILE_PUPILS); i++)
        tell(load, SCHOOLFILE_PUPILS, pupils[i].row.line,
             school_add_pupil(school, pupils[i].pupil_id, pupils[i].class_name, pupils[i].from_day, pupils[i].to_day));
    const struct member_row *members = load->files->files[SCHOOLFILE_MEMBERS].rows;
    for (size_t i = 0; i < count_of(load, SCHOOLFILE_MEMBERS); i++)
        tell(load, SCHOOLFILE_MEMBERS, members[i].row.line,
             school_add_member(school, members[i].group_id, members[i].pupil_id, members[i].from_day,
                               members[i].to_day));
    const struct member_row *exemptions = load->files->files[SCHOOLFILE_EXEMPTIONS].rows;
    for (size_t i = 0; i < count_of(load, SCHOOLFILE_EXEMPTIONS); i++)
        tell(load, SCHOOLFILE_EXEMPTIONS, exemptions[i].row.line,
             school_add_exemption(school, exemptions[i].pupil_id, exemptions[i].group_id, exemptions[i].from_day,
                                  exemptions[i].to_day));
    const struct terminal_row *terminals = load->files->files[SCHOOLFILE_TERMINALS].rows;
    for (size_t i = 0; i < count_of(load, SCHOOLFILE_TERMINALS); i++)
        tell(load, SCHOOLFILE_TERMINALS, terminals[i].row.line,
             school_add_terminal(school, terminals[i].terminal_id, terminals[i].room));
    const struct card_row *cards = load->files->files[SCHOOLFILE_CARDS].rows;
    for (size_t i = 0; i < count_of(load, SCHOOLFILE_CARDS); i++)
        tell(load, SCHOOLFILE_CARDS, cards[i].row.line,
             school_add_card(school, cards[i].token, cards[i].pupil_id, cards[i].from_day, cards[i].to_day));
    school_seal(school);
}

/* The rows of a file are put in order of this key, equal ones as in the file. */
typedef int64_t row_key(const struct schoolload *load, uint32_t place);

static int64_t lesson_key(const struct schoolload *load, uint32_t place)
{
    const struct lesson_row *lessons = load->files->files[SCHOOLFILE_LESSONS].rows;
    return lessons[place].day;
}

static int64_t tap_key(const struct schoolload *load, uint32_t place)
{
    const struct tap_row *taps = load->files->files[SCHOOLFILE_TAPS].rows;
    return taps[place].at_ms;
}

static int64_t mark_key(const struct schoolload *load, uint32_t place)
{
    return lesson_key(load, load->mark_lessons[place]);
}

struct keyed {
    int64_t key;
    uint32_t place;
};

static int by_key(const void *left, const void *right)
{
    const struct keyed *a = left, *b = right;
    return a->key != b->key ? (a->key > b->key) - (a->key < b->key) : (a->place > b->place) - (a->place < b->place);
}

static uint32_t *in_order(const struct schoolload *load, enum schoolfile which, row_key *key)
{
    size_t count = count_of(load, which);
    struct keyed *rows = malloc((count + 1) * sizeof *rows);
    uint32_t *places = malloc((count + 1) * sizeof *places);
    if (rows == NULL || places == NULL) {
        free(rows);
        free(places);
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++)
        rows[i] = (struct keyed){key(load, i), i};
    qsort(rows, count, sizeof *rows, by_key);
    for (size_t i = 0; i < count; i++)
        places[i] = rows[i].place;
    free(rows);
    return places;
}

static bool find_mark_lessons(struct schoolload *load, const struct names *lesson_ids)
{
    const struct mark_row *marks = load->files->files[SCHOOLFILE_MARKS].rows;
    size_t count = count_of(load, SCHOOLFILE_MARKS);
    load->mark_lessons = calloc(count + 1, sizeof *load->mark_lessons);
    for (size_t i = 0; i < count && load->mark_lessons != NULL; i++)
        load->mark_lessons[i] = names_find(lesson_ids, marks[i].lesson_id);
    return load->mark_lessons != NULL;
}

bool schoolload_open(struct schoolload *load, const struct schoolfiles *files, const struct names *lesson_ids,
                     struct school *school)
{
    *load = (struct schoolload){.files = files, .school = school};
    load->lessons = in_order(load, SCHOOLFILE_LESSONS, lesson_key);
    load->taps = in_order(load, SCHOOLFILE_TAPS, tap_key);
    if (find_mark_lessons(load, lesson_ids))
        load->marks = in_order(load, SCHOOLFILE_MARKS, mark_key);
    if (load->lessons != NULL && load->taps != NULL && load->marks != NULL) {
        fill_school(load);
        return true;
    }
    schoolload_close(load);
    return false;
}

void schoolload_close(struct schoolload *load)
{
    free(load->lessons);
    free(load->taps);
    free(load->marks);
    free(load->mark_lessons);
    *load = (struct schoolload){0};
}

static void add_lessons(struct schoolload *load, struct schoolday *facts)
{
    const struct lesson_row *lessons = load->files->files[SCHOOLFILE_LESSONS].rows;
    for (; load->lesson_next < count_of(load, SCHOOLFILE_LESSONS); load->lesson_next++) {
        uint32_t place = load->lessons[load->lesson_next];
        const struct lesson_row *lesson = &lessons[place];
        if (lesson->day != facts->day)
            return;
        tell(load, SCHOOLFILE_LESSONS, lesson->row.line,
             schoolday_add_lesson(facts, load->school, place + 1, lesson->lesson_id, lesson->group_id, lesson->subject,
                                  lesson->room, lesson->start_minute, lesson->end_minute, lesson->cancelled));
    }
}

static void add_taps(struct schoolload *load, struct schoolday *facts)
{
    const struct tap_row *taps = load->files->files[SCHOOLFILE_TAPS].rows;
    for (; load->tap_next < count_of(load, SCHOOLFILE_TAPS); load->tap_next++) {
        const struct tap_row *tap = &taps[load->taps[load->tap_next]];
        int32_t day = civil_from_utc_ms(tap->at_ms).day;
        if (day > facts->day)
            return;
        if (day == facts->day)
            tell(load, SCHOOLFILE_TAPS, tap->row.line,
                 schoolday_add_tap(facts, load->school, tap->terminal_id, tap->token, tap->at_ms,
                                   load->taps[load->tap_next]));
    }
}

static void add_marks(struct schoolload *load, struct schoolday *facts)
{
    const struct mark_row *marks = load->files->files[SCHOOLFILE_MARKS].rows;
    for (; load->mark_next < count_of(load, SCHOOLFILE_MARKS); load->mark_next++) {
        uint32_t place = load->marks[load->mark_next];
        const struct mark_row *mark = &marks[place];
        if (mark_key(load, place) != facts->day)
            return;
        tell(load, SCHOOLFILE_MARKS, mark->row.line,
             schoolday_add_mark(facts, load->school, load->mark_lessons[place] + 1, mark->pupil_id, mark->status,
                                mark->absent_minutes, mark->row.recorded_ms));
    }
}

/* Those of other dates are passed over by schoolday.h; there are few. */
static void add_absences_and_outages(struct schoolload *load, struct schoolday *facts)
{
    const struct absence_row *absences = load->files->files[SCHOOLFILE_ABSENCES].rows;
    for (size_t i = 0; i < count_of(load, SCHOOLFILE_ABSENCES); i++)
        tell(load, SCHOOLFILE_ABSENCES, absences[i].row.line,
             schoolday_add_absence(facts, load->school, absences[i].pupil_id, absences[i].from_ms, absences[i].to_ms,
                                   absences[i].leave));
    const struct outage_row *outages = load->files->files[SCHOOLFILE_OUTAGES].rows;
    for (size_t i = 0; i < count_of(load, SCHOOLFILE_OUTAGES); i++)
        tell(load, SCHOOLFILE_OUTAGES, outages[i].row.line,
             schoolday_add_outage(facts, load->school, outages[i].terminal_id, outages[i].from_ms, outages[i].to_ms));
}

bool schoolload_next(struct schoolload *load, struct schoolday *facts)
{
    if (load->lesson_next == count_of(load, SCHOOLFILE_LESSONS))
        return false;
    schoolday_begin(facts, (int32_t)lesson_key(load, load->lessons[load->lesson_next]));
    add_lessons(load, facts);
    add_taps(load, facts);
    add_marks(load, facts);
    add_absences_and_outages(load, facts);
    schoolday_seal(facts, load->school);
    return true;
}
