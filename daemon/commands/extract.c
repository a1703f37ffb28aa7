/* Answers page by page, because a pupil's rows of many years do not fit one reply. */
#include "daemon/commands/extract.h"

#include <stdio.h>
#include <string.h>
#include "common/choice.h"
#include "common/civil_json.h"
#include "daemon/daemon.h"
#include "daemon/store/store_extract.h"

static json_t *lesson_json(struct store *store, const struct outcome *outcome)
{
    char subject[NAME_BYTES], start[sizeof "00:00"];
    store_subject_name(store, outcome->subject, subject);
    snprintf(start, sizeof start, "%02u:%02u", outcome->start_minute / 60 % 24u, outcome->start_minute % 60u);
    return json_pack("{s:s, s:s, s:i, s:s, s:i}", "start", start, "subject", subject, "minutes", (int)outcome->minutes,
                     "status", STATUS_WORDS[outcome->status], "absent_minutes", (int)outcome->absent_minutes);
}

static json_t *day_json(struct store *store, const struct pupil_day *pupil_day)
{
    json_t *lessons = json_array();
    for (size_t i = 0; i < pupil_day->count; i++)
        json_array_append_new(lessons, lesson_json(store, &pupil_day->outcomes[i]));
    return json_pack("{s:o, s:s, s:o}", "date", civil_json_date(pupil_day->day), "class", pupil_day->class_name,
                     "lessons", lessons);
}

static json_t *list_rows(struct store *store, enum extract_part part, const char *pupil, int64_t offset)
{
    const char *row;
    struct pupil_day pupil_day;
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    size_t count = 0;
    json_t *list = json_array();
    struct query rows = store_extract(store, part, pupil, offset, EXTRACT_PAGE_ROWS);
    if (part == EXTRACT_DAYS)
        for (; store_next_extract_day(&rows, outcomes, &pupil_day); count++)
            json_array_append_new(list, day_json(store, &pupil_day));
    else
        for (; store_next_extract(&rows, &row); count++)
            json_array_append_new(list, json_loads(row, 0, NULL));
    return json_pack("{s:b, s:o, s:b}", "ok", 1, "rows", list, "more", count == EXTRACT_PAGE_ROWS);
}

static json_t *list_parts(void)
{
    json_t *parts = json_array();
    for (int i = 0; i < EXTRACT_PARTS; i++)
        json_array_append_new(parts, json_string(EXTRACT_WORDS[i]));
    return json_pack("{s:b, s:o}", "ok", 1, "parts", parts);
}

json_t *extract_answer(struct daemon *daemon, const json_t *request, const char **why)
{
    const char *pupil = NULL, *part = NULL;
    json_int_t offset = 0;
    if (json_unpack((json_t *)request, "{s?s, s?s, s?I}", "pupil", &pupil, "part", &part, "offset", &offset) == 0 &&
        part == NULL)
        return list_parts();
    *why = "extract needs pupil, part (one of its parts) and offset";
    int chosen = choice_of(part, EXTRACT_WORDS, EXTRACT_PARTS);
    return pupil != NULL && chosen >= 0 && offset >= 0
               ? list_rows(daemon_store(daemon), (enum extract_part)chosen, pupil, offset)
               : NULL;
}
