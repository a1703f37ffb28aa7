/* From libconfig's tree to the table. A row of the file is read whole into a struct of its own, then kept. */
#include "daemon/core/support/routesfile.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "common/choice.h"
#include "common/settings.h"

#define PLACE_COUNTRY "SE"

struct reading {
    const struct settings *settings;
    struct problems *problems;
    struct support *support;
};

/* A route or a programme as it is written; each has rows for its own part. */
struct written {
    struct support_card card;
    int must_begin_before_age;
    char level[SUPPORT_WORD_BYTES], place[SUPPORT_WORD_BYTES], only[SUPPORT_WORD_BYTES];
    char provider[SUPPORT_NAME_BYTES];
    char reviewed_on[CIVIL_DATE_BYTES], valid_from[CIVIL_DATE_BYTES], valid_to[CIVIL_DATE_BYTES];
};

#define TEXT(key, required, member)                                                                                  \
    {                                                                                                                \
#key, SETTING_TEXT, required, 0, 0, offsetof(struct written, member), sizeof((struct written *)NULL)->member \
    }
#define AGE(key, required, least, member)                                                                      \
    {                                                                                                          \
#key, SETTING_INTEGER, required, least, SUPPORT_AGE_MAX, offsetof(struct written, member), sizeof(int) \
    }
#define NESTED(key)                            \
    {                                          \
#key, SETTING_NESTED, true, 0, 0, 0, 0 \
    }
#define CARD_ROWS                                                                                          \
    {"id", SETTING_TEXT, true, SETTING_ID, 0, offsetof(struct written, card.id), ID_BYTES},                \
        TEXT(name, true, card.name), NESTED(text), NESTED(contact), AGE(age_from, true, 0, card.age_from), \
        AGE(age_to, true, 0, card.age_to), NESTED(languages), TEXT(source, true, card.source),             \
        TEXT(reviewed_on, true, reviewed_on), TEXT(reviewed_by, true, card.reviewed_by),                   \
        TEXT(valid_from, true, valid_from), TEXT(valid_to, false, valid_to), TEXT(level, true, level)

static void say(const struct reading *reading, const struct setting *at, const char *key, const char *what)
{
    settings_problem(reading->settings, at, reading->problems, "%s %s", key, what);
}

static const struct setting *member_or(const struct setting *group, const char *key)
{
    const struct setting *member = setting_member(group, key);
    return member != NULL ? member : group;
}

/* "bas, utökad or specialist" */
static void list_words(const char *const *words, int count, char *out, size_t bytes)
{
    out[0] = '\0';
    for (int i = 0; i < count; i++) {
        size_t length = strlen(out);
        snprintf(out + length, bytes - length, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", words[i]);
    }
}

static void say_words(const struct reading *reading, const struct setting *at, const char *key,
                      const char *const *words, int count)
{
    char list[PROBLEM_BYTES / 2];
    list_words(words, count, list, sizeof list);
    settings_problem(reading->settings, at, reading->problems, "%s must be %s", key, list);
}

static int read_word(const struct reading *reading, const struct setting *group, const char *key, const char *text,
                     const char *const *words, int count)
{
    int word = choice_of(text, words, count);
    if (word < 0)
        say_words(reading, member_or(group, key), key, words, count);
    return word < 0 ? 0 : word;
}

/* A list of at least one of `words`, as bits. */
static unsigned read_bits(const struct reading *reading, const struct setting *group, const char *key,
                          const char *const *words, int count)
{
    const struct setting *list = setting_member(group, key);
    unsigned bits = 0;
    if (!setting_is_list(list) || setting_count(list) == 0) {
        say_words(reading, member_or(group, key), key, words, count);
        return 0;
    }
    for (int i = 0; i < setting_count(list); i++) {
        const char *text = setting_text(setting_element(list, i));
        int word = choice_of(text, words, count);
        if (word < 0)
            say_words(reading, setting_element(list, i), key, words, count);
        else
            bits |= 1U << word;
    }
    return bits;
}

/* "sv", "so", "tolk": as languages are written in BCP 47, and the word for an interpreter. */
static bool is_language(const char *text)
{
    size_t length = text != NULL ? strlen(text) : 0;
    if (length < 2 || length >= SUPPORT_WORD_BYTES)
        return false;
    for (const char *at = text; *at != '\0'; at++)
        if (!islower((unsigned char)*at) && *at != '-')
            return false;
    return true;
}

static void read_languages(const struct reading *reading, const struct setting *group, struct support_card *card)
{
    const struct setting *list = setting_member(group, "languages");
    int count = setting_count(list);
    if (list != NULL && (count < 1 || count > SUPPORT_LANGUAGES_MAX)) {
        say(reading, list, "languages", "must name 1 to " LIMIT_TEXT(SUPPORT_LANGUAGES_MAX));
        return;
    }
    for (int i = 0; i < count; i++) {
        const char *text = setting_text(setting_element(list, i));
        if (is_language(text))
            strcpy(card->languages[card->language_count++], text);
        else
            say(reading, list, "languages", "must be codes like \"sv\" and \"en\", or \"tolk\"");
    }
}

static void read_words(const struct reading *reading, const struct setting *group, const char *key,
                       struct support_words *out)
{
    const struct setting *words = setting_member(group, key);
    struct setting_row rows[SUPPORT_TONGUES];
    if (words == NULL)
        return;
    if (!setting_is_group(words)) {
        say(reading, words, key, "must be { sv = \"…\"; easy = \"…\"; en = \"…\"; }");
        return;
    }
    for (size_t i = 0; i < SUPPORT_TONGUES; i++)
        rows[i] = (struct setting_row){SUPPORT_TONGUE_WORDS[i], SETTING_TEXT,     true, 0, 0,
                                       i * sizeof out->in[0],   sizeof out->in[0]};
    if (!settings_read(reading->settings, words, rows, SUPPORT_TONGUES, out, reading->problems))
        return;
    for (int i = 0; i < SUPPORT_TONGUES; i++)
        if (out->in[i][0] == '\0')
            settings_problem(reading->settings, member_or(words, SUPPORT_TONGUE_WORDS[i]), reading->problems,
                             "%s of %s must not be empty", SUPPORT_TONGUE_WORDS[i], key);
}

/* Empty is none, which only a date that may be left out can be. */
static int32_t read_date(const struct reading *reading, const struct setting *group, const char *key, const char *text)
{
    int32_t day = CIVIL_DAY_NONE;
    const struct setting *member = setting_member(group, key);
    if (setting_text(member) == NULL) /* not there, which is told where it must be, or no text, which is told too */
        return CIVIL_DAY_NONE;
    if (!civil_read_date(text, strlen(text), &day))
        say(reading, member, key, "must be a date like \"2026-08-01\"");
    return day;
}

/* Routes and programmes share their ids, so that a card can be named by it. */
static bool is_known_card(const struct support *support, const char *id)
{
    for (int i = 0; i < support->route_count; i++)
        if (strcmp(support->routes[i].card.id, id) == 0)
            return true;
    for (int i = 0; i < support->programme_count; i++)
        if (strcmp(support->programmes[i].card.id, id) == 0)
            return true;
    return false;
}

static void read_card(const struct reading *reading, const struct setting *group, struct written *row)
{
    struct support_card *card = &row->card;
    if (is_known_card(reading->support, card->id))
        say(reading, setting_member(group, "id"), "id", "is given twice");
    read_words(reading, group, "text", &card->text);
    read_words(reading, group, "contact", &card->contact);
    read_languages(reading, group, card);
    card->reviewed_on = read_date(reading, group, "reviewed_on", row->reviewed_on);
    card->valid_from = read_date(reading, group, "valid_from", row->valid_from);
    card->valid_to = read_date(reading, group, "valid_to", row->valid_to);
    if (card->age_to < card->age_from)
        say(reading, member_or(group, "age_to"), "age_to", "must not be below age_from");
    if (card->valid_to != CIVIL_DAY_NONE && card->valid_to < card->valid_from)
        say(reading, member_or(group, "valid_to"), "valid_to", "must not be before valid_from");
}

static bool is_place_code(const char *text)
{
    size_t length = strspn(text, "0123456789");
    return (length == 2 || length == 4) && text[length] == '\0';
}

static const struct support_place *find_place(const struct support *support, const char *code)
{
    for (int i = 0; i < support->place_count; i++)
        if (strcmp(support->places[i].code, code) == 0)
            return &support->places[i];
    return NULL;
}

static void read_place(const struct reading *reading, const struct setting *group, const char *text,
                       char out[SUPPORT_PLACE_BYTES])
{
    if (setting_text(setting_member(group, "place")) == NULL || strcmp(text, PLACE_COUNTRY) == 0)
        return;
    const struct support_place *place = find_place(reading->support, text);
    if (place == NULL)
        say(reading, setting_member(group, "place"), "place", "must be \"SE\" or the code of one of places");
    else
        strcpy(out, place->code);
}

static void check_begin(const struct reading *reading, const struct setting *group, const struct written *row)
{
    const struct setting *begin = setting_member(group, "must_begin_before_age");
    if (begin != NULL && row->must_begin_before_age <= row->card.age_from)
        say(reading, begin, "must_begin_before_age", "must be above age_from: nobody could begin");
}

static void read_route(const struct reading *reading, const struct setting *group)
{
    static const struct setting_row ROWS[] = {CARD_ROWS,
                                              AGE(must_begin_before_age, false, 1, must_begin_before_age),
                                              TEXT(place, true, place),
                                              TEXT(only, false, only),
                                              NESTED(causes),
                                              NESTED(referral)};
    struct written row = {0};
    struct support_route *out = &reading->support->routes[reading->support->route_count];
    if (!settings_read(reading->settings, group, ROWS, sizeof ROWS / sizeof *ROWS, &row, reading->problems))
        return;
    read_card(reading, group, &row);
    check_begin(reading, group, &row);
    *out = (struct support_route){.card = row.card, .must_begin_before_age = row.must_begin_before_age};
    read_place(reading, group, row.place, out->place);
    out->causes = read_bits(reading, group, "causes", SUPPORT_CAUSE_WORDS, SUPPORT_CAUSES);
    out->referrals = read_bits(reading, group, "referral", SUPPORT_REFERRAL_WORDS, SUPPORT_REFERRALS);
    out->level = (enum support_level)read_word(reading, group, "level", row.level, SUPPORT_LEVEL_WORDS, SUPPORT_LEVELS);
    if (setting_member(group, "only") != NULL)
        out->only = 1U << read_word(reading, group, "only", row.only, SUPPORT_SITUATION_WORDS, SUPPORT_SITUATIONS);
    reading->support->route_count++;
}

static void read_programme(const struct reading *reading, const struct setting *group)
{
    static const struct setting_row ROWS[] = {CARD_ROWS, TEXT(provider, true, provider), NESTED(target),
                                              NESTED(evidence)};
    struct written row = {0};
    struct support_programme *out = &reading->support->programmes[reading->support->programme_count];
    if (!settings_read(reading->settings, group, ROWS, sizeof ROWS / sizeof *ROWS, &row, reading->problems))
        return;
    read_card(reading, group, &row);
    *out = (struct support_programme){.card = row.card};
    snprintf(out->provider, sizeof out->provider, "%s", row.provider);
    read_words(reading, group, "target", &out->target);
    read_words(reading, group, "evidence", &out->evidence);
    out->level =
        (enum support_reach)read_word(reading, group, "level", row.level, SUPPORT_REACH_WORDS, SUPPORT_REACHES);
    reading->support->programme_count++;
}

static void read_place_row(const struct reading *reading, const struct setting *group)
{
    static const struct setting_row ROWS[] = {
        {"code", SETTING_TEXT, true, 0, 0, offsetof(struct support_place, code), SUPPORT_PLACE_BYTES},
        {"name", SETTING_TEXT, true, 0, 0, offsetof(struct support_place, name), SUPPORT_NAME_BYTES},
    };
    struct support_place place = {0};
    if (!settings_read(reading->settings, group, ROWS, sizeof ROWS / sizeof *ROWS, &place, reading->problems))
        return;
    if (!is_place_code(place.code))
        say(reading, setting_member(group, "code"), "code", "must be two digits of a county or four of a municipality");
    if (find_place(reading->support, place.code) != NULL)
        say(reading, setting_member(group, "code"), "code", "is given twice");
    reading->support->places[reading->support->place_count++] = place;
}

typedef void row_reader(const struct reading *reading, const struct setting *group);

/* One of the file's lists; too long a one is refused whole. */
static void read_list(const struct reading *reading, const char *key, int most, row_reader *read)
{
    const struct setting *list = setting_member(settings_root(reading->settings), key);
    if (list == NULL)
        return;
    if (!setting_is_list(list) || setting_count(list) > most) {
        settings_problem(reading->settings, list, reading->problems, "%s must be a list (…) of at most %d", key, most);
        return;
    }
    for (int i = 0; i < setting_count(list); i++) {
        const struct setting *group = setting_element(list, i);
        if (setting_is_group(group))
            read(reading, group);
        else
            say(reading, group, key, "must hold groups {…}");
    }
}

bool supportfile_read(const char *name, const char *text, struct support *support, struct problems *problems)
{
    static const struct setting_row ROWS[] = {NESTED(places), NESTED(routes), NESTED(programmes)};
    int before = problems->count;
    struct settings *settings = settings_open_text(name, text, problems);
    if (settings == NULL)
        return false;
    struct reading reading = {settings, problems, support};
    support->place_count = support->route_count = support->programme_count = 0;
    settings_read(settings, settings_root(settings), ROWS, sizeof ROWS / sizeof *ROWS, NULL, problems);
    read_list(&reading, "places", SUPPORT_PLACES_MAX, read_place_row);
    read_list(&reading, "routes", SUPPORT_ROUTES_MAX, read_route);
    read_list(&reading, "programmes", SUPPORT_PROGRAMMES_MAX, read_programme);
    settings_close(settings);
    return problems->count == before;
}
