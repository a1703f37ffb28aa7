/* A register extract page by page, and the erasure of one pupil: what the casebook has, under its audit rows. */
#include "dashboard/extract.h"

#include <stdio.h>
#include <string.h>
#include "common/choice.h"
#include "common/log.h"
#include "dashboard/casebook/casebook_audit.h"
#include "dashboard/casebook/casebook_retention.h"
#include "dashboard/casebook/casebook_extract.h"

#define PAGE_ROWS 1000

static const char *word_of(const json_t *request, const char *key)
{
    const char *text = json_string_value(json_object_get(request, key));
    return text != NULL ? text : "";
}

static const char *list_parts(struct casebook *book, const char *pupil, int64_t now_ms, json_t *answer)
{
    json_t *parts = json_array();
    json_object_set_new(answer, "parts", parts);
    for (int i = 0; i < CASEBOOK_EXTRACT_PARTS; i++)
        json_array_append_new(parts, json_string(CASEBOOK_EXTRACT_WORDS[i]));
    return casebook_audit(book, now_ms, "", "extract", pupil) ? NULL : "the casebook could not be written";
}

static const char *list_rows(struct casebook *book, enum casebook_extract_part part, const char *pupil, int64_t offset,
                             json_t *answer)
{
    const char *row;
    bool good = true;
    json_t *list = json_array();
    struct query rows = casebook_extract(book, part, pupil, offset, PAGE_ROWS);
    while (casebook_next_text(&rows, &row))
        good &= json_array_append_new(list, json_loads(row, 0, NULL)) == 0;
    json_object_set_new(answer, "more", json_boolean(json_array_size(list) == PAGE_ROWS));
    json_object_set_new(answer, "rows", list);
    return casebook_good(book) && good ? NULL : "the casebook could not be read";
}

const char *extract_tell(struct casebook *book, const json_t *request, int64_t now_ms, json_t *answer)
{
    const char *pupil = word_of(request, "pupil"), *part = word_of(request, "part");
    json_int_t offset = json_integer_value(json_object_get(request, "offset"));
    if (!*pupil || strlen(pupil) >= NAME_BYTES)
        return "pupil must be a pupil id";
    if (!*part)
        return list_parts(book, pupil, now_ms, answer);
    int chosen = choice_of(part, CASEBOOK_EXTRACT_WORDS, CASEBOOK_EXTRACT_PARTS);
    return chosen >= 0 ? list_rows(book, (enum casebook_extract_part)chosen, pupil, offset, answer)
                       : "part must be one of the parts";
}

/* Why, as a choice: nobody writes about a child here. */
static bool is_reason(const char *word)
{
    static const char *const REASONS[] = {"moved", "protected", "mistake", "decision"};
    return choice_of(word, REASONS, sizeof REASONS / sizeof *REASONS) >= 0;
}

const char *extract_erase(struct casebook *book, const json_t *request, int64_t now_ms, bool *erased)
{
    struct casebook_case one;
    char object[NAME_BYTES + 16];
    const char *pupil = word_of(request, "pupil"), *why = word_of(request, "why");
    *erased = false;
    if (!*pupil || strlen(pupil) >= NAME_BYTES)
        return "pupil must be a pupil id";
    if (!is_reason(why))
        return "why must be moved, protected, mistake or decision";
    if (casebook_case_of(book, pupil, &one) != CASEBOOK_ABSENT)
        return "the pupil's case is open, or the casebook cannot be read: close the case first";
    if (!json_is_true(json_object_get(request, "commit")))
        return NULL;
    snprintf(object, sizeof object, "%s %s", pupil, why);
    if (!casebook_begin(book) || !casebook_end(book, casebook_pupil_erase(book, pupil) &&
                                                         casebook_audit(book, now_ms, "", "pupil_erased", object)))
        return "the casebook could not be written";
    *erased = true;
    log_info("pupil erased from the casebook why=%s", why);
    return NULL;
}
