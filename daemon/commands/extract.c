#include "daemon/commands/extract.h"

#include <stdio.h>
#include <string.h>
#include "common/civil_json.h"
#include "daemon/daemon.h"
#include "daemon/store/store_extract.h"

struct telling {
    struct store *store;
    json_t *rows;
};

static void add_row(void *context, const char *text)
{
    json_array_append_new(((struct telling *)context)->rows, json_loads(text, 0, NULL));
}

static json_t *lesson_json(struct store *store, const struct outcome *outcome)
{
    char subject[SCHOOL_TEXT_BYTES], start[sizeof "00:00"];
    store_subject_name(store, outcome->subject, subject);
    snprintf(start, sizeof start, "%02u:%02u", outcome->start_minute / 60 % 24u, outcome->start_minute % 60u);
    return json_pack("{s:s, s:s, s:i, s:s, s:i}", "start", start, "subject", subject, "minutes", (int)outcome->minutes,
                     "status", STATUS_WORDS[outcome->status], "absent_minutes", (int)outcome->absent_minutes);
}

static bool add_day(void *context, const struct pupil_day *pupil_day)
{
    struct telling *telling = context;
    json_t *lessons = json_array();
    for (size_t i = 0; i < pupil_day->count; i++)
        json_array_append_new(lessons, lesson_json(telling->store, &pupil_day->outcomes[i]));
    return json_array_append_new(telling->rows, json_pack("{s:o, s:s, s:o}", "date", civil_json_date(pupil_day->day),
                                                          "class", pupil_day->class_name, "lessons", lessons)) == 0;
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
    if (pupil == NULL || part == NULL || offset < 0)
        return NULL;
    struct telling telling = {.store = daemon_store(daemon), .rows = json_array()};
    for (int i = 0; i < EXTRACT_PARTS; i++) {
        if (strcmp(part, EXTRACT_WORDS[i]) != 0)
            continue;
        size_t count = i == EXTRACT_DAYS ? store_extract_days(daemon_store(daemon), pupil, offset, EXTRACT_PAGE_ROWS,
                                                              add_day, &telling)
                                         : store_extract(daemon_store(daemon), (enum extract_part)i, pupil, offset,
                                                         EXTRACT_PAGE_ROWS, add_row, &telling);
        return json_pack("{s:b, s:o, s:b}", "ok", 1, "rows", telling.rows, "more", count == EXTRACT_PAGE_ROWS);
    }
    json_decref(telling.rows);
    return NULL;
}
