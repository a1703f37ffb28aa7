/* Lessons, taps and marks are put in order of time once; schoolload_next then takes the rows of the next date from
 * each. */
#include "daemon/core/school/schoolload.h"

#include <stdlib.h>
#include "common/civil.h"

static size_t count_of(const struct schoolload *load, enum schoolfile which)
{
    return load->files->files[which].count;
}

static void tell(const struct schoolload *load, enum schoolfile which, int line, const char *why)
{
    if (why != NULL)
        problems_add(load->files->problems, schoolfiles_name(which), line, "%s", why);
}

static bool is_pupil(const struct schoolload *load, struct text pupil_id)
{
    return names_find(&load->school->pupil_ids, pupil_id) != NAMES_NONE;
}

static void fill_pupils(struct schoolload *load)
{
    struct school *school = load->school;
    const struct pupil_row *pupils = load->files->files[SCHOOLFILE_PUPILS].rows;
    for (size_t i = 0; i < count_of(load, SCHOOLFILE_PUPILS); i++)
        tell(load, SCHOOLFILE_PUPILS, pupils[i].row.line,
             school_add_period(school, pupils[i].pupil_id, pupils[i].class_name, pupils[i].year, pupils[i].from_day,
                               pupils[i].to_day));
    const struct card_row *cards = load->files->files[SCHOOLFILE_CARDS].rows;
    for (size_t i = 0; i < count_of(load, SCHOOLFILE_CARDS); i++)
        if (is_pupil(load, cards[i].pupil_id))
            tell(load, SCHOOLFILE_CARDS, cards[i].row.line,
                 school_add_card(school, cards[i].token, cards[i].pupil_id, cards[i].from_ms, cards[i].to_ms));
}

/* Pupils first: members, exemptions and cards refer to them. */
static void fill_school(struct schoolload *load)
{
    struct school *school = load->school;
    fill_pupils(load);
    const struct member_row *members = load->files->files[SCHOOLFILE_MEMBERS].rows;
    for (size_t i = 0; i < count_of(load, SCHOOLFILE_MEMBERS); i++)
        if (is_pupil(load, members[i].pupil_id))
            tell(load, SCHOOLFILE_MEMBERS, members[i].row.line,
                 school_add_member(school, members[i].group_id, members[i].pupil_id, members[i].from_day,
                                   members[i].to_day));
    const struct member_row *exemptions = load->files->files[SCHOOLFILE_EXEMPTIONS].rows;
    for (size_t i = 0; i < count_of(load, SCHOOLFILE_EXEMPTIONS); i++)
        if (is_pupil(load, exemptions[i].pupil_id))
            tell(load, SCHOOLFILE_EXEMPTIONS, exemptions[i].row.line,
                 school_add_exemption(school, exemptions[i].pupil_id, exemptions[i].group_id, exemptions[i].from_day,
                                      exemptions[i].to_day));
    const struct terminal_row *places = load->files->files[SCHOOLFILE_TERMINALS].rows;
    for (size_t i = 0; i < count_of(load, SCHOOLFILE_TERMINALS); i++)
        tell(load, SCHOOLFILE_TERMINALS, places[i].row.line,
             school_add_place(school, places[i].terminal_id, places[i].room, places[i].entrance, places[i].from_day,
                              places[i].to_day));
    school_seal(school);
}

/* The sort key of a row; rows with equal keys stay in the order of the file. */
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

/* Marks of unknown lessons sort before every date and are thereby skipped. */
static int64_t mark_key(const struct schoolload *load, uint32_t place)
{
    return load->mark_lessons[place] == NAMES_NONE ? INT64_MIN : lesson_key(load, load->mark_lessons[place]);
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

/* Sorts keys with places and not the rows: the place in the file breaks ties, which makes qsort stable. */
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

/* Of several rows with one lesson_id the last counts; marks refer to that one. */
static bool find_lessons(struct schoolload *load, const struct names *lesson_ids)
{
    const struct mark_row *marks = load->files->files[SCHOOLFILE_MARKS].rows;
    const struct lesson_row *lessons = load->files->files[SCHOOLFILE_LESSONS].rows;
    size_t mark_count = count_of(load, SCHOOLFILE_MARKS), lesson_count = count_of(load, SCHOOLFILE_LESSONS);
    uint32_t *last_places = calloc((size_t)lesson_ids->count + 1, sizeof *last_places);
    load->mark_lessons = calloc(mark_count + 1, sizeof *load->mark_lessons);
    load->superseded = calloc(lesson_count + 1, sizeof *load->superseded);
    bool good = last_places != NULL && load->mark_lessons != NULL && load->superseded != NULL;
    for (uint32_t i = 0; good && i < lesson_count; i++)
        last_places[names_find(lesson_ids, lessons[i].lesson_id)] = i;
    for (uint32_t i = 0; good && i < lesson_count; i++)
        load->superseded[i] = last_places[names_find(lesson_ids, lessons[i].lesson_id)] != i;
    for (size_t i = 0; good && i < mark_count; i++) {
        uint32_t id = names_find(lesson_ids, marks[i].lesson_id);
        load->mark_lessons[i] = id == NAMES_NONE ? NAMES_NONE : last_places[id];
    }
    free(last_places);
    return good;
}

bool schoolload_open(struct schoolload *load, const struct schoolfiles *files, const struct names *lesson_ids,
                     struct school *school)
{
    *load = (struct schoolload){.files = files, .school = school};
    load->lessons = in_order(load, SCHOOLFILE_LESSONS, lesson_key);
    load->taps = in_order(load, SCHOOLFILE_TAPS, tap_key);
    if (find_lessons(load, lesson_ids))
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
    free(load->superseded);
    *load = (struct schoolload){0};
}

/* Compared in UTC: at the spring change of clocks a lesson may end before it begins although its local times do
 * not. */
static bool lasts(const struct lesson_row *lesson)
{
    return civil_to_utc_ms(lesson->day, lesson->start_minute * CIVIL_MS_PER_MINUTE) <
           civil_to_utc_ms(lesson->day, lesson->end_minute * CIVIL_MS_PER_MINUTE);
}

static void add_lessons(struct schoolload *load, struct schoolday *facts)
{
    const struct lesson_row *lessons = load->files->files[SCHOOLFILE_LESSONS].rows;
    for (; load->lesson_next < count_of(load, SCHOOLFILE_LESSONS); load->lesson_next++) {
        uint32_t place = load->lessons[load->lesson_next];
        const struct lesson_row *lesson = &lessons[place];
        if (lesson->day != facts->day)
            return;
        if (!load->superseded[place] && lasts(lesson))
            tell(load, SCHOOLFILE_LESSONS, lesson->row.line,
                 schoolday_add_lesson(facts, load->school, place + 1, lesson->lesson_id, lesson->group_id,
                                      lesson->subject, lesson->room, lesson->start_minute, lesson->end_minute,
                                      lesson->cancelled));
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
                 schoolday_add_tap(facts, load->school, tap->terminal_id, tap->token, tap->at_ms));
    }
}

static void add_marks(struct schoolload *load, struct schoolday *facts)
{
    const struct mark_row *marks = load->files->files[SCHOOLFILE_MARKS].rows;
    for (; load->mark_next < count_of(load, SCHOOLFILE_MARKS); load->mark_next++) {
        uint32_t place = load->marks[load->mark_next];
        const struct mark_row *mark = &marks[place];
        if (mark_key(load, place) > facts->day)
            return;
        if (mark_key(load, place) < facts->day || !is_pupil(load, mark->pupil_id))
            continue;
        int32_t minutes = mark->absent_minutes == SCHOOLFILES_NOT_TOLD ? 0 : mark->absent_minutes;
        tell(load, SCHOOLFILE_MARKS, mark->row.line,
             schoolday_add_mark(facts, load->school, load->mark_lessons[place] + 1, mark->pupil_id, mark->status,
                                minutes, mark->row.recorded_ms));
    }
}

/* Added without an order by date: schoolday.c ignores those of other dates, and there are few. */
static void add_absences_and_outages(struct schoolload *load, struct schoolday *facts)
{
    const struct absence_row *absences = load->files->files[SCHOOLFILE_ABSENCES].rows;
    for (size_t i = 0; i < count_of(load, SCHOOLFILE_ABSENCES); i++)
        if (is_pupil(load, absences[i].pupil_id))
            tell(load, SCHOOLFILE_ABSENCES, absences[i].row.line,
                 schoolday_add_absence(facts, load->school, absences[i].pupil_id, absences[i].from_ms,
                                       absences[i].to_ms, absences[i].leave));
    const struct outage_row *outages = load->files->files[SCHOOLFILE_OUTAGES].rows;
    for (size_t i = 0; i < count_of(load, SCHOOLFILE_OUTAGES); i++)
        if (names_find(&load->school->terminal_ids, outages[i].terminal_id) != NAMES_NONE)
            tell(load, SCHOOLFILE_OUTAGES, outages[i].row.line,
                 schoolday_add_outage(facts, load->school, outages[i].terminal_id, outages[i].from_ms,
                                      outages[i].to_ms));
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
