/* Questions that change nothing: why a pupil is flagged, and which flags stood at a time. */
#include "daemon/commands/questions.h"

#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "daemon/commands/findings.h"
#include "daemon/core/detect/evidence_json.h"
#include "daemon/daemon.h"
#include "daemon/flagging.h"
#include "daemon/store/store_corrections.h"
#include "daemon/store/store_days.h"
#include "daemon/store/store_flags.h"

/* The last millisecond of a date, or an instant. */
static bool read_known(const char *text, int64_t *known_ms)
{
    int32_t day;
    if (civil_read_date(text, strlen(text), &day)) {
        *known_ms = civil_to_utc_ms(day + 1, 0) - 1;
        return true;
    }
    return civil_read_utc(text, strlen(text), known_ms);
}

static json_t *flag_json(const struct known_flag *flag)
{
    return json_pack("{s:I, s:s, s:s, s:i, s:i, s:o, s:o}", "flag", (json_int_t)flag->flag, "pupil", flag->pupil_id,
                     "rule", flag->rule, "severity", flag->severity, "rules_version", (int)flag->rules_version,
                     "raised_on", civil_json_date(flag->raised_day), "cleared_on",
                     civil_json_date(flag->cleared_day == 0 ? CIVIL_DAY_NONE : flag->cleared_day));
}

json_t *question_flags(struct daemon *daemon, const json_t *request, const char **why)
{
    const char *pupil = "", *as_known = NULL;
    json_int_t after = 0;
    int64_t known_ms = INT64_MAX;
    if (json_unpack((json_t *)request, "{s?s, s?s, s?I}", "pupil", &pupil, "as_known", &as_known, "after", &after) !=
        0) {
        *why = "flags: pupil and as_known must be texts, after a number";
        return NULL;
    }
    if (as_known != NULL && !read_known(as_known, &known_ms)) {
        *why = "flags: as_known must be a date as 2026-10-01, or UTC as 2026-10-01T14:30:00Z";
        return NULL;
    }
    json_t *flags = json_array();
    size_t count = 0;
    struct known_flag flag;
    struct query rows = store_flags_known(daemon_store(daemon), pupil, known_ms, after, QUESTION_FLAGS_MAX);
    for (; store_next_known_flag(&rows, &flag); count++)
        json_array_append_new(flags, flag_json(&flag));
    if (count == 0 && after == 0 && pupil[0] != '\0' && !store_pupil_known(daemon_store(daemon), pupil)) {
        json_decref(flags);
        *why = "there is no such pupil, and no flag of one";
        return NULL;
    }
    return json_pack("{s:b, s:o, s:b}", "ok", 1, "flags", flags, "more", count == QUESTION_FLAGS_MAX);
}

/* The detector's answer is valid until it is asked for evidence, so each flag is taken from an answer of its own. */
static json_t *explain_flags(struct flagging *flagging, uint32_t pupil, int32_t through_day)
{
    json_t *told = json_array();
    size_t count = 1;
    for (size_t i = 0; i < count; i++) {
        const struct flag *flags;
        if (!detect_flags(flagging_detect(flagging), pupil, through_day, &flags, &count) || i >= count)
            break;
        struct flag flag = flags[i];
        if (flag.raised_day >= civil_school_year(through_day))
            json_array_append_new(told, evidence_explain_json(flagging_detect(flagging), pupil, through_day, &flag,
                                                              flagging_subject, flagging));
    }
    return told;
}

static void reach_back(int32_t *from_day, const json_t *evidence)
{
    int32_t day;
    const char *from = json_string_value(json_object_get(evidence, "from"));
    if (from != NULL && civil_read_date(from, strlen(from), &day) && day < *from_day)
        *from_day = day;
}

/* The first date of the windows of all open flags. */
static int32_t windows_begin(const json_t *flags, int32_t through_day)
{
    int32_t from_day = through_day - QUESTION_UNKNOWN_DAYS + 1;
    const json_t *flag, *evidence;
    size_t i, j;
    json_array_foreach(flags, i, flag) {
        if (!json_is_object(json_object_get(flag, "clear")))
            continue;
        reach_back(&from_day, json_object_get(flag, "clear"));
        json_array_foreach(json_object_get(flag, "evidence"), j, evidence) {
            reach_back(&from_day, evidence);
        }
    }
    return from_day;
}

static json_t *unknown_json(const struct unknown_lesson *lesson)
{
    char start[sizeof "00:00"];
    snprintf(start, sizeof start, "%02u:%02u", lesson->start_minute / 60 % 24u, lesson->start_minute % 60u);
    return json_pack("{s:o, s:s, s:s, s:s, s:s, s:s}", "date", civil_json_date(lesson->day), "start", start, "subject",
                     lesson->subject, "group", lesson->group, "room", lesson->room, "why", lesson->why);
}

static json_t *explain_unknown(struct store *store, const char *pupil_id, int32_t from_day, int32_t through_day)
{
    json_t *told = json_array();
    struct unknown_lessons lessons;
    struct unknown_lesson lesson;
    bool more = false;
    store_unknown_lessons(store, pupil_id, from_day, through_day, &lessons);
    while (!more && store_next_unknown(&lessons, &lesson)) {
        more = json_array_size(told) == QUESTION_UNKNOWN_MAX;
        if (!more)
            json_array_append_new(told, unknown_json(&lesson));
    }
    query_end(&lessons.days);
    return json_pack("{s:o, s:o, s:o, s:b}", "from", civil_json_date(from_day), "to", civil_json_date(through_day),
                     "lessons", told, "more", more);
}

json_t *question_explain(struct daemon *daemon, const json_t *request, const char **why)
{
    struct flagging *flagging = daemon_flagging(daemon);
    const char *pupil_id, *date = NULL;
    int32_t decided = flagging_decided_through(flagging), through_day = decided;
    if (json_unpack((json_t *)request, "{s:s, s?s}", "pupil", &pupil_id, "date", &date) != 0 ||
        (date != NULL && !civil_read_date(date, strlen(date), &through_day))) {
        *why = "explain needs pupil; date must be a date as 2026-10-01";
        return NULL;
    }
    if (through_day > decided)
        through_day = decided;
    uint32_t pupil = flagging_pupil(flagging, pupil_id);
    if (pupil == NAMES_NONE || decided == INT32_MIN) {
        *why = "no lesson of that pupil has been decided in this school year or the last";
        return NULL;
    }
    json_t *flags = explain_flags(flagging, pupil, through_day);
    json_t *unknown = explain_unknown(daemon_store(daemon), pupil_id, windows_begin(flags, through_day), through_day);
    json_t *finding = findings_of(daemon, pupil_id, pupil, through_day, flags);
    return json_pack("{s:b, s:s, s:o, s:o, s:o, s:o}", "ok", 1, "pupil", pupil_id, "date", civil_json_date(through_day),
                     "finding", finding, "flags", flags, "unknown", unknown);
}
