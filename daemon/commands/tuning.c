/* What is under way is kept between two questions: the one state that a command has. */
#include "daemon/commands/tuning.h"

#include <assert.h>
#include <stdlib.h>
#include "common/civil.h"
#include "daemon/core/detect/preview_json.h"
#include "daemon/core/detect/tune_json.h"
#include "daemon/daemon.h"
#include "daemon/flagging.h"
#include "daemon/store/store_days.h"
#include "daemon/store/store_versions.h"

enum {
    STEPS_AT_A_TIME = 4,                  /* some tens of milliseconds */
    PUPILS_MOST = 2 * FLAGGING_PUPILS_MAX /* a school has half of it in two years */
};
static_assert((TUNING_YEARS + 1) * 366 <= STORE_DATES_MAX, "the store gives the dates of all these years");

struct tuning {
    const struct daemon *daemon;
    struct tune *tune;
    int capacity, severity;
    int64_t until_ms; /* given up then */
};

static struct tuning *under_way;

static void give_up(void)
{
    if (under_way == NULL)
        return;
    tune_close(under_way->tune);
    free(under_way);
    under_way = NULL;
}

void tuning_tidy(const struct daemon *daemon)
{
    if (under_way != NULL && (under_way->daemon != daemon || daemon_now_ms(daemon) >= under_way->until_ms))
        give_up();
}

/* False: no memory, or the stored rules cannot be read. */
static bool read_rules(const struct daemon *daemon, struct rules *rules)
{
    struct stored_rules stored;
    struct problems *problems = calloc(1, sizeof *problems);
    int32_t today = daemon_today(daemon);
    struct query rows = store_rules(daemon_store(daemon), today);
    bool found = false;
    while (store_next_rules(&rows, &stored))
        if (problems != NULL && stored.from_day <= today)
            found = rules_read_text("rules_version", stored.text, rules, problems);
    free(problems);
    return found;
}

/* The closed years, by pupil and date. False: no memory, or too many pupils. */
static bool read_days(const struct daemon *daemon, struct tune *tune)
{
    struct names pupils = {.count = 0}, classes = {.count = 0};
    struct decided_days days;
    struct pupil_day day;
    int32_t this_year = civil_school_year(daemon_today(daemon)), since = this_year;
    bool good = names_open(&pupils, PUPILS_MOST, PUPILS_MOST * NAME_BYTES) &&
                names_open(&classes, PUPILS_MOST, PUPILS_MOST * NAME_BYTES);
    for (int i = 0; i < TUNING_YEARS; i++)
        since = civil_school_year(since - 1);
    store_decided_since(daemon_store(daemon), since, &days);
    while (good && store_next_decided(&days, &day)) {
        if (day.day >= this_year || day.count == 0)
            continue;
        uint32_t pupil = names_add(&pupils, text_of(day.pupil_id)),
                 class = names_add(&classes, text_of(day.class_name));
        good = pupil != NAMES_NONE && class != NAMES_NONE &&
               tune_day(tune, pupil, class, day.day, day.outcomes, day.count);
    }
    query_end(&days.rows);
    names_close(&pupils);
    names_close(&classes);
    return good;
}

static bool begin(const struct daemon *daemon, int capacity, int severity)
{
    struct rules *rules = malloc(sizeof *rules);
    under_way = calloc(1, sizeof *under_way);
    bool good = rules != NULL && under_way != NULL && read_rules(daemon, rules);
    if (good) {
        *under_way = (struct tuning){daemon, tune_open(rules, severity), capacity, severity, 0};
        good = under_way->tune != NULL && read_days(daemon, under_way->tune) && tune_begin(under_way->tune, capacity);
    }
    free(rules);
    return good;
}

static json_t *go_on(const struct daemon *daemon)
{
    enum tune_state state = TUNE_WORKING;
    for (int i = 0; i < STEPS_AT_A_TIME && state == TUNE_WORKING; i++)
        state = tune_step(under_way->tune);
    under_way->until_ms = daemon_later_ms(daemon, TUNING_PATIENCE_MS);
    if (state == TUNE_WORKING)
        return json_pack("{s:b, s:o}", "ok", 1, "progress", tune_progress_json(under_way->tune));
    json_t *answer = state == TUNE_DONE ? tune_json(under_way->tune) : NULL;
    if (answer != NULL)
        json_object_set_new(answer, "ok", json_true());
    give_up();
    return answer;
}

json_t *tuning_answer(struct daemon *daemon, const json_t *request, const char **why)
{
    int capacity = 0, severity = PREVIEW_SEVERITY;
    if (json_unpack((json_t *)request, "{s?i, s?i}", "severity", &severity, "capacity", &capacity) != 0 ||
        severity < 1 || severity > PREVIEW_SEVERITIES || capacity < 0 || capacity > TUNE_CAPACITY_MAX) {
        *why = "severity must be between 1 and 4, capacity between 1 and 1000, or 0 for what is usual";
        return NULL;
    }
    if (under_way != NULL && (under_way->capacity != capacity || under_way->severity != severity)) {
        *why = "another trial is under way; ask again in a minute";
        return NULL;
    }
    *why = "more pupils than a school can have, or no memory";
    if (under_way == NULL && !begin(daemon, capacity, severity)) {
        give_up();
        return NULL;
    }
    return go_on(daemon);
}
