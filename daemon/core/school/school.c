#include "daemon/core/school/school.h"

#include <assert.h>
#include <stdlib.h>

static_assert(SCHOOL_PUPILS_MAX < SCHOOL_NONE && SCHOOL_GROUPS_MAX < SCHOOL_NONE && SCHOOL_ROOMS_MAX < SCHOOL_NONE &&
                  SCHOOL_TERMINALS_MAX < SCHOOL_NONE && SCHOOL_SUBJECTS_MAX < SCHOOL_NONE,
              "indices fit 16 bits");

#define TEXT_AVERAGE_BYTES 40 /* room for the texts of one kind, on the average; ids have about 8 */

static bool open_names(struct school *school)
{
    return names_open(&school->pupil_ids, SCHOOL_PUPILS_MAX, SCHOOL_PUPILS_MAX * TEXT_AVERAGE_BYTES) &&
           names_open(&school->groups, SCHOOL_GROUPS_MAX, SCHOOL_GROUPS_MAX * TEXT_AVERAGE_BYTES) &&
           names_open(&school->terminal_ids, SCHOOL_TERMINALS_MAX, SCHOOL_TERMINALS_MAX * TEXT_AVERAGE_BYTES) &&
           names_open(&school->rooms, SCHOOL_ROOMS_MAX, SCHOOL_ROOMS_MAX * TEXT_AVERAGE_BYTES) &&
           names_open(&school->classes, SCHOOL_CLASSES_MAX, SCHOOL_CLASSES_MAX * TEXT_AVERAGE_BYTES) &&
           names_open(&school->subjects, SCHOOL_SUBJECTS_MAX, SCHOOL_SUBJECTS_MAX * TEXT_AVERAGE_BYTES);
}

struct school *school_open(void)
{
    struct school *school = calloc(1, sizeof *school);
    if (school == NULL)
        return NULL;
    school->pupils = calloc(SCHOOL_PUPILS_MAX, sizeof *school->pupils);
    school->terminal_rooms = calloc(SCHOOL_TERMINALS_MAX, sizeof *school->terminal_rooms);
    school->members = calloc(SCHOOL_MEMBERS_MAX, sizeof *school->members);
    school->exemptions = calloc(SCHOOL_EXEMPTIONS_MAX, sizeof *school->exemptions);
    school->cards = calloc(SCHOOL_CARDS_MAX, sizeof *school->cards);
    school->group_members = calloc(SCHOOL_GROUPS_MAX + 1, sizeof *school->group_members);
    school->room_terminals = calloc(SCHOOL_TERMINALS_MAX, sizeof *school->room_terminals);
    school->room_first = calloc(SCHOOL_ROOMS_MAX + 1, sizeof *school->room_first);
    if (open_names(school) && school->pupils != NULL && school->terminal_rooms != NULL && school->members != NULL &&
        school->exemptions != NULL && school->cards != NULL && school->group_members != NULL &&
        school->room_terminals != NULL && school->room_first != NULL)
        return school;
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
    names_close(&school->subjects);
    free(school->pupils);
    free(school->terminal_rooms);
    free(school->members);
    free(school->exemptions);
    free(school->cards);
    free(school->group_members);
    free(school->room_terminals);
    free(school->room_first);
    free(school);
}

void school_clear(struct school *school)
{
    names_clear(&school->pupil_ids);
    names_clear(&school->groups);
    names_clear(&school->terminal_ids);
    names_clear(&school->rooms);
    names_clear(&school->classes);
    names_clear(&school->subjects);
    school->member_count = school->exemption_count = school->card_count = 0;
    school->sealed = false;
}

const char *school_add_pupil(struct school *school, struct text pupil_id, struct text class_name, int32_t from_day,
                             int32_t to_day)
{
    assert(!school->sealed);
    if (pupil_id.length >= SCHOOL_TEXT_BYTES || class_name.length >= SCHOOL_TEXT_BYTES)
        return "longer than 63 bytes";
    if (names_find(&school->pupil_ids, pupil_id) != NAMES_NONE)
        return "this pupil is there already";
    uint32_t class_index = names_add(&school->classes, class_name);
    if (class_index == NAMES_NONE)
        return "more than 512 classes";
    uint32_t pupil = names_add(&school->pupil_ids, pupil_id);
    if (pupil == NAMES_NONE)
        return "more than 4096 pupils";
    school->pupils[pupil] = (struct school_pupil){from_day, to_day, (uint16_t)class_index};
    return NULL;
}

/* A row of members or exemptions. */
static const char *membership(struct school *school, struct text group_id, struct text pupil_id, int32_t from_day,
                              int32_t to_day, struct school_membership *out)
{
    assert(!school->sealed);
    uint32_t pupil = names_find(&school->pupil_ids, pupil_id);
    if (pupil == NAMES_NONE)
        return "no such pupil";
    if (group_id.length >= SCHOOL_TEXT_BYTES)
        return "longer than 63 bytes";
    uint32_t group = names_add(&school->groups, group_id);
    if (group == NAMES_NONE)
        return "more than 8192 groups";
    *out = (struct school_membership){(uint16_t)group, (uint16_t)pupil, from_day, to_day};
    return NULL;
}

const char *school_add_member(struct school *school, struct text group_id, struct text pupil_id, int32_t from_day,
                              int32_t to_day)
{
    if (school->member_count == SCHOOL_MEMBERS_MAX)
        return "more than 131072 member rows";
    const char *why = membership(school, group_id, pupil_id, from_day, to_day, &school->members[school->member_count]);
    school->member_count += why == NULL;
    return why;
}

const char *school_add_exemption(struct school *school, struct text pupil_id, struct text group_id, int32_t from_day,
                                 int32_t to_day)
{
    if (school->exemption_count == SCHOOL_EXEMPTIONS_MAX)
        return "more than 16384 exemptions";
    const char *why =
        membership(school, group_id, pupil_id, from_day, to_day, &school->exemptions[school->exemption_count]);
    school->exemption_count += why == NULL;
    return why;
}

const char *school_add_terminal(struct school *school, struct text terminal_id, struct text room)
{
    assert(!school->sealed);
    if (terminal_id.length >= SCHOOL_TEXT_BYTES || room.length >= SCHOOL_TEXT_BYTES)
        return "longer than 63 bytes";
    if (names_find(&school->terminal_ids, terminal_id) != NAMES_NONE)
        return "this terminal is there already";
    uint32_t room_index = names_add(&school->rooms, room);
    if (room_index == NAMES_NONE)
        return "more than 2048 rooms";
    uint32_t terminal = names_add(&school->terminal_ids, terminal_id);
    if (terminal == NAMES_NONE)
        return "more than 1024 terminals";
    school->terminal_rooms[terminal] = (uint16_t)room_index;
    return NULL;
}

const char *school_add_card(struct school *school, uint64_t token, struct text pupil_id, int32_t from_day,
                            int32_t to_day)
{
    assert(!school->sealed);
    uint32_t pupil = names_find(&school->pupil_ids, pupil_id);
    if (pupil == NAMES_NONE)
        return "no such pupil";
    if (school->card_count == SCHOOL_CARDS_MAX)
        return "more than 16384 card rows";
    school->cards[school->card_count++] = (struct school_card){token, from_day, to_day, (uint16_t)pupil};
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

static int by_room(const void *left, const void *right, void *rooms)
{
    const uint16_t *room_of = rooms;
    uint16_t a = room_of[*(const uint16_t *)left], b = room_of[*(const uint16_t *)right];
    return (a > b) - (a < b);
}

/* The indices of groups and rooms go to their bounds: lessons may name new ones later, which then have nothing. */
static void index_groups(struct school *school)
{
    uint32_t next = 0;
    for (uint32_t group = 0; group <= SCHOOL_GROUPS_MAX; group++) {
        while (next < school->member_count && school->members[next].group < group)
            next++;
        school->group_members[group] = next;
    }
}

static void index_rooms(struct school *school)
{
    uint32_t count = school->terminal_ids.count, next = 0;
    for (uint32_t terminal = 0; terminal < count; terminal++)
        school->room_terminals[terminal] = (uint16_t)terminal;
    qsort_r(school->room_terminals, count, sizeof *school->room_terminals, by_room, school->terminal_rooms);
    for (uint32_t room = 0; room <= SCHOOL_ROOMS_MAX; room++) {
        while (next < count && school->terminal_rooms[school->room_terminals[next]] < room)
            next++;
        school->room_first[room] = next;
    }
}

void school_seal(struct school *school)
{
    qsort(school->members, school->member_count, sizeof *school->members, by_group_and_pupil);
    qsort(school->exemptions, school->exemption_count, sizeof *school->exemptions, by_group_and_pupil);
    qsort(school->cards, school->card_count, sizeof *school->cards, by_token);
    index_groups(school);
    index_rooms(school);
    school->sealed = true;
}

enum school_owner school_card_owner(const struct school *school, uint64_t token, int32_t day, uint16_t *pupil)
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
    enum school_owner owner = SCHOOL_OWNER_NONE;
    for (; low < school->card_count && school->cards[low].token == token; low++) {
        const struct school_card *card = &school->cards[low];
        if (!school_day_within(day, card->from_day, card->to_day)) {
            owner = owner == SCHOOL_OWNER_NONE ? SCHOOL_OWNER_EXPIRED : owner;
            continue;
        }
        if (owner == SCHOOL_OWNER_ONE && *pupil != card->pupil)
            return SCHOOL_OWNER_TWO;
        owner = SCHOOL_OWNER_ONE;
        *pupil = card->pupil;
    }
    return owner;
}

bool school_pupil_enrolled(const struct school *school, uint16_t pupil, int32_t day)
{
    assert(pupil < school->pupil_ids.count);
    return school_day_within(day, school->pupils[pupil].from_day, school->pupils[pupil].to_day);
}

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

bool school_room_has_terminal(const struct school *school, uint16_t room)
{
    assert(school->sealed);
    return school->room_first[room] < school->room_first[room + 1];
}
