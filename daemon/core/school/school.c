/* Arrays with bounds, filled in any order; sealing sorts them so that lookups are binary searches or, for groups,
 * an index. Periods and places are linked per pupil and terminal, as each has one or two. */
#include "daemon/core/school/school.h"

#include <assert.h>
#include <stdlib.h>
#include "common/fault.h"

#define LONG_NAME "longer than " LIMIT_TEXT(NAME_BYTES_MAX) " bytes"

static_assert(SCHOOL_PUPILS_MAX < SCHOOL_NONE && SCHOOL_GROUPS_MAX < SCHOOL_NONE && SCHOOL_ROOM_INDICES < SCHOOL_NONE &&
                  SCHOOL_TERMINALS_MAX < SCHOOL_NONE && SCHOOL_SUBJECTS_MAX < SCHOOL_NONE &&
                  SCHOOL_PERIODS_MAX < SCHOOL_NONE && SCHOOL_PLACES_MAX < SCHOOL_NONE,
              "indices fit 16 bits");

#define TEXT_AVERAGE_BYTES 40 /* room for the texts of one kind, on the average; ids have about 8 */

static bool open_names(struct school *school)
{
    return names_open(&school->pupil_ids, SCHOOL_PUPILS_MAX, SCHOOL_PUPILS_MAX * TEXT_AVERAGE_BYTES) &&
           names_open(&school->groups, SCHOOL_GROUPS_MAX, SCHOOL_GROUPS_MAX * TEXT_AVERAGE_BYTES) &&
           names_open(&school->terminal_ids, SCHOOL_TERMINALS_MAX, SCHOOL_TERMINALS_MAX * TEXT_AVERAGE_BYTES) &&
           names_open(&school->rooms, SCHOOL_ROOM_INDICES, SCHOOL_ROOM_INDICES * TEXT_AVERAGE_BYTES) &&
           names_open(&school->classes, SCHOOL_CLASSES_MAX, SCHOOL_CLASSES_MAX * TEXT_AVERAGE_BYTES) &&
           names_open(&school->years, SCHOOL_YEARS_MAX, SCHOOL_YEARS_MAX * TEXT_AVERAGE_BYTES) &&
           names_open(&school->subjects, SCHOOL_SUBJECTS_MAX, SCHOOL_SUBJECTS_MAX * TEXT_AVERAGE_BYTES);
}

/* Everything is allocated at its bound; calloc takes large arrays as untouched pages, so unused room costs nothing. */
struct school *school_open(void)
{
    struct school *school = calloc(1, sizeof *school);
    if (school == NULL)
        return NULL;
    school->periods = calloc(SCHOOL_PERIODS_MAX, sizeof *school->periods);
    school->places = calloc(SCHOOL_PLACES_MAX, sizeof *school->places);
    school->members = calloc(SCHOOL_MEMBERS_MAX, sizeof *school->members);
    school->exemptions = calloc(SCHOOL_EXEMPTIONS_MAX, sizeof *school->exemptions);
    school->cards = calloc(SCHOOL_CARDS_MAX, sizeof *school->cards);
    school->group_members = calloc(SCHOOL_GROUPS_MAX + 1, sizeof *school->group_members);
    school->first_period = calloc(SCHOOL_PUPILS_MAX, sizeof *school->first_period);
    school->first_place = calloc(SCHOOL_TERMINALS_MAX, sizeof *school->first_place);
    if (open_names(school) && school->periods != NULL && school->places != NULL && school->members != NULL &&
        school->exemptions != NULL && school->cards != NULL && school->group_members != NULL &&
        school->first_period != NULL && school->first_place != NULL) {
        school_clear(school);
        return school;
    }
    school_close(school);
    return NULL;
}

void school_close(struct school *school)
{
    if (school == NULL)
        return;
    names_close(&school->pupil_ids);
    names_close(&school->groups);
    names_close(&school->terminal_ids);
    names_close(&school->rooms);
    names_close(&school->classes);
    names_close(&school->years);
    names_close(&school->subjects);
    free(school->periods);
    free(school->places);
    free(school->members);
    free(school->exemptions);
    free(school->cards);
    free(school->group_members);
    free(school->first_period);
    free(school->first_place);
    free(school);
}

void school_clear(struct school *school)
{
    names_clear(&school->pupil_ids);
    names_clear(&school->groups);
    names_clear(&school->terminal_ids);
    names_clear(&school->rooms);
    names_clear(&school->classes);
    names_clear(&school->years);
    names_clear(&school->subjects);
    names_add(&school->rooms, text_of("")); /* SCHOOL_NO_ROOM */
    school->period_count = school->place_count = 0;
    school->member_count = school->exemption_count = school->card_count = 0;
    school->sealed = false;
}

/* All names are checked or added before the period, so that an error leaves no half row. Appended to the pupil's
 * list. */
const char *school_add_period(struct school *school, struct text pupil_id, struct text class_name, struct text year,
                              int32_t from_day, int32_t to_day)
{
    assert(!school->sealed);
    if (pupil_id.length >= NAME_BYTES || class_name.length >= NAME_BYTES || year.length >= NAME_BYTES)
        return LONG_NAME;
    if (school->period_count == SCHOOL_PERIODS_MAX)
        return "more than " LIMIT_TEXT(SCHOOL_PERIODS_MAX) " periods at the school";
    uint32_t class_index = names_add(&school->classes, class_name), known = school->pupil_ids.count;
    if (class_index == NAMES_NONE)
        return "more than " LIMIT_TEXT(SCHOOL_CLASSES_MAX) " classes";
    uint32_t year_index = names_add(&school->years, year);
    if (year_index == NAMES_NONE)
        return "more than " LIMIT_TEXT(SCHOOL_YEARS_MAX) " years";
    uint32_t pupil = names_add(&school->pupil_ids, pupil_id);
    if (pupil == NAMES_NONE)
        return "more than " LIMIT_TEXT(SCHOOL_PUPILS_MAX) " pupils";
    if (pupil == known)
        school->first_period[pupil] = SCHOOL_NONE;
    uint16_t *last = &school->first_period[pupil];
    while (*last != SCHOOL_NONE)
        last = &school->periods[*last].next;
    *last = (uint16_t)school->period_count;
    school->periods[school->period_count++] =
        (struct school_period){from_day, to_day, (uint16_t)class_index, (uint16_t)year_index, SCHOOL_NONE};
    return NULL;
}

/* Fills a row of members or exemptions; the caller counts it if there is no error. */
static const char *membership(struct school *school, struct text group_id, struct text pupil_id, int32_t from_day,
                              int32_t to_day, struct school_membership *out)
{
    assert(!school->sealed);
    uint32_t pupil = names_find(&school->pupil_ids, pupil_id);
    if (pupil == NAMES_NONE)
        return "no such pupil";
    if (group_id.length >= NAME_BYTES)
        return LONG_NAME;
    uint32_t group = names_add(&school->groups, group_id);
    if (group == NAMES_NONE)
        return "more than " LIMIT_TEXT(SCHOOL_GROUPS_MAX) " groups";
    *out = (struct school_membership){(uint16_t)group, (uint16_t)pupil, from_day, to_day};
    return NULL;
}

const char *school_add_member(struct school *school, struct text group_id, struct text pupil_id, int32_t from_day,
                              int32_t to_day)
{
    if (school->member_count == SCHOOL_MEMBERS_MAX)
        return "more than " LIMIT_TEXT(SCHOOL_MEMBERS_MAX) " member rows";
    const char *why = membership(school, group_id, pupil_id, from_day, to_day, &school->members[school->member_count]);
    school->member_count += why == NULL;
    return why;
}

const char *school_add_exemption(struct school *school, struct text pupil_id, struct text group_id, int32_t from_day,
                                 int32_t to_day)
{
    if (school->exemption_count == SCHOOL_EXEMPTIONS_MAX)
        return "more than " LIMIT_TEXT(SCHOOL_EXEMPTIONS_MAX) " exemptions";
    const char *why =
        membership(school, group_id, pupil_id, from_day, to_day, &school->exemptions[school->exemption_count]);
    school->exemption_count += why == NULL;
    return why;
}

/* As school_add_period, for the places of a terminal. */
const char *school_add_place(struct school *school, struct text terminal_id, struct text room, bool entrance,
                             int32_t from_day, int32_t to_day)
{
    assert(!school->sealed);
    if (terminal_id.length >= NAME_BYTES || room.length >= NAME_BYTES)
        return LONG_NAME;
    if (school->place_count == SCHOOL_PLACES_MAX)
        return "more than " LIMIT_TEXT(SCHOOL_PLACES_MAX) " places of terminals";
    uint32_t room_index = names_add(&school->rooms, room), known = school->terminal_ids.count;
    if (room_index == NAMES_NONE)
        return "more than " LIMIT_TEXT(SCHOOL_ROOMS_MAX) " rooms";
    uint32_t terminal = names_add(&school->terminal_ids, terminal_id);
    if (terminal == NAMES_NONE)
        return "more than " LIMIT_TEXT(SCHOOL_TERMINALS_MAX) " terminals";
    if (terminal == known)
        school->first_place[terminal] = SCHOOL_NONE;
    uint16_t *last = &school->first_place[terminal];
    while (*last != SCHOOL_NONE)
        last = &school->places[*last].next;
    *last = (uint16_t)school->place_count;
    school->places[school->place_count++] =
        (struct school_place){from_day, to_day, (uint16_t)room_index, SCHOOL_NONE, entrance};
    return NULL;
}

const char *school_add_card(struct school *school, uint64_t token, struct text pupil_id, int64_t from_ms, int64_t to_ms)
{
    assert(!school->sealed);
    uint32_t pupil = names_find(&school->pupil_ids, pupil_id);
    if (pupil == NAMES_NONE)
        return "no such pupil";
    if (school->card_count == SCHOOL_CARDS_MAX)
        return "more than " LIMIT_TEXT(SCHOOL_CARDS_MAX) " card rows";
    school->cards[school->card_count++] = (struct school_card){token, from_ms, to_ms, (uint16_t)pupil};
    return NULL;
}

static int by_group_and_pupil(const void *left, const void *right)
{
    const struct school_membership *a = left, *b = right;
    return a->group != b->group ? (a->group > b->group) - (a->group < b->group)
                                : (a->pupil > b->pupil) - (a->pupil < b->pupil);
}

static int by_token(const void *left, const void *right)
{
    const struct school_card *a = left, *b = right;
    return (a->token > b->token) - (a->token < b->token);
}

/* Indexed up to SCHOOL_GROUPS_MAX: lessons may add groups after sealing, which then have no members. */
static void index_groups(struct school *school)
{
    uint32_t next = 0;
    for (uint32_t group = 0; group <= SCHOOL_GROUPS_MAX; group++) {
        while (next < school->member_count && school->members[next].group < group)
            next++;
        school->group_members[group] = next;
    }
}

void school_seal(struct school *school)
{
    qsort(school->members, school->member_count, sizeof *school->members, by_group_and_pupil);
    qsort(school->exemptions, school->exemption_count, sizeof *school->exemptions, by_group_and_pupil);
    qsort(school->cards, school->card_count, sizeof *school->cards, by_token);
    index_groups(school);
    school->sealed = true;
}

const struct school_period *school_period(const struct school *school, uint16_t pupil, int32_t day)
{
    assert(pupil < school->pupil_ids.count);
    for (uint16_t i = school->first_period[pupil]; i != SCHOOL_NONE; i = school->periods[i].next)
        if (school_day_within(day, school->periods[i].from_day, school->periods[i].to_day))
            return &school->periods[i];
    return NULL;
}

const struct school_place *school_place(const struct school *school, uint16_t terminal, int32_t day)
{
    assert(terminal < school->terminal_ids.count);
    for (uint16_t i = school->first_place[terminal]; i != SCHOOL_NONE; i = school->places[i].next)
        if (school_day_within(day, school->places[i].from_day, school->places[i].to_day) || FAULT(place_without_date))
            return &school->places[i];
    return NULL;
}

/* Both ends are included; CIVIL_DAY_NONE at either end is open. */
static bool overlap(int32_t from_day, int32_t to_day, int32_t other_from, int32_t other_to)
{
    return (to_day == CIVIL_DAY_NONE || other_from == CIVIL_DAY_NONE || other_from <= to_day) &&
           (other_to == CIVIL_DAY_NONE || from_day == CIVIL_DAY_NONE || from_day <= other_to);
}

bool school_periods_overlap(const struct school *school, uint16_t pupil)
{
    const struct school_period *all = school->periods;
    for (uint16_t i = school->first_period[pupil]; i != SCHOOL_NONE; i = all[i].next)
        for (uint16_t k = all[i].next; k != SCHOOL_NONE; k = all[k].next)
            if (overlap(all[i].from_day, all[i].to_day, all[k].from_day, all[k].to_day))
                return true;
    return false;
}

bool school_places_overlap(const struct school *school, uint16_t terminal)
{
    const struct school_place *all = school->places;
    for (uint16_t i = school->first_place[terminal]; i != SCHOOL_NONE; i = all[i].next)
        for (uint16_t k = all[i].next; k != SCHOOL_NONE; k = all[k].next)
            if (overlap(all[i].from_day, all[i].to_day, all[k].from_day, all[k].to_day))
                return true;
    return false;
}

struct text school_class(const struct school *school, uint16_t pupil, int32_t day)
{
    const struct school_period *period = school_period(school, pupil, day);
    assert(period != NULL);
    return names_text(&school->classes, period->class_index);
}

size_t school_card_rows(const struct school *school, uint64_t token, size_t *first)
{
    assert(school->sealed);
    size_t low = 0;
    for (size_t high = school->card_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (school->cards[middle].token < token)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (low < school->card_count && school->cards[low].token == token)
        low++;
    return low;
}

static bool row_covers(const struct school_card *card, int64_t at_ms)
{
    int64_t slack_ms = FAULT(card_held_all_day) ? CIVIL_MS_PER_DAY / 2 : 0;
    return card->from_ms <= at_ms + slack_ms && at_ms - slack_ms < card->to_ms;
}

bool school_card_held(const struct school *school, const struct school_card *card, int64_t at_ms)
{
    return row_covers(card, at_ms) &&
           (FAULT(leavers_card_counts) || school_period(school, card->pupil, civil_from_utc_ms(at_ms).day) != NULL);
}

/* Of several rows of one card the best answer counts: held by two, by one, by a leaver, not now. */
enum school_holder school_card_holder(const struct school *school, uint64_t token, int64_t at_ms, uint16_t *pupil)
{
    enum school_holder holder = SCHOOL_HOLDER_UNKNOWN;
    size_t i = 0, end = school_card_rows(school, token, &i);
    for (; i < end; i++) {
        const struct school_card *card = &school->cards[i];
        if (school_card_held(school, card, at_ms)) {
            if (holder == SCHOOL_HOLDER_ONE && *pupil != card->pupil)
                return SCHOOL_HOLDER_TWO;
            holder = SCHOOL_HOLDER_ONE;
            *pupil = card->pupil;
        } else if (holder != SCHOOL_HOLDER_ONE && holder != SCHOOL_HOLDER_LEFT) {
            holder = row_covers(card, at_ms) ? SCHOOL_HOLDER_LEFT : SCHOOL_HOLDER_NOT_NOW;
        }
    }
    return holder;
}

bool school_attended(const struct school *school, const char *pupil_id, int32_t day)
{
    uint32_t pupil = names_find(&school->pupil_ids, text_of(pupil_id));
    return pupil != NAMES_NONE && school_period(school, (uint16_t)pupil, day) != NULL;
}

/* Binary search for the first of the rows of this group and pupil, which are neighbours once sealed. */
bool school_pupil_exempt(const struct school *school, uint16_t pupil, uint16_t group, int32_t day)
{
    assert(school->sealed);
    const struct school_membership wanted = {.group = group, .pupil = pupil};
    size_t low = 0;
    for (size_t high = school->exemption_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (by_group_and_pupil(&school->exemptions[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < school->exemption_count && by_group_and_pupil(&school->exemptions[low], &wanted) == 0; low++)
        if (school_day_within(day, school->exemptions[low].from_day, school->exemptions[low].to_day))
            return true;
    return false;
}
