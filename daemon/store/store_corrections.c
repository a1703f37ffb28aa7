/* Absences and marks are appended; what is known now is chosen by the statements in store_sql.c. */
#include "daemon/store/store_corrections.h"

#include <string.h>
#include "common/civil.h"
#include "daemon/store/store_sql.h"

static bool any_row(struct query *query)
{
    bool any = query_row(query);
    query_end(query);
    return any;
}

bool store_pupil_known(struct store *store, const char *pupil_id)
{
    struct query query = store_query(store, SQL_PUPIL_KNOWN);
    query_text(&query, pupil_id);
    return any_row(&query);
}

bool store_lesson_find(struct store *store, int64_t number, struct store_lesson *out)
{
    struct query query = store_query(store, SQL_LESSON_FIND);
    query_integer(&query, number);
    bool found = query_row(&query);
    if (found)
        *out = (struct store_lesson){.lesson = number,
                                     .day = (int32_t)query_column(&query, 0),
                                     .start_minute = (int32_t)query_column(&query, 1),
                                     .end_minute = (int32_t)query_column(&query, 2)};
    query_end(&query);
    return found;
}

bool store_lesson_expects(struct store *store, int64_t number, const char *pupil_id)
{
    struct query query = store_query(store, SQL_LESSON_EXPECTS);
    query_integer(&query, number);
    query_text(&query, pupil_id);
    return any_row(&query);
}

int64_t store_absence_add(struct store *store, const struct store_absence *absence, const char *author, int64_t now_ms)
{
    struct query query = store_query(store, SQL_ABSENCE_ADD);
    query_text(&query, absence->pupil_id);
    query_text(&query, absence->leave ? "leave" : "reported");
    query_integer(&query, absence->from_ms);
    query_integer(&query, absence->to_ms);
    query_integer(&query, now_ms);
    query_text(&query, author);
    query_run(&query);
    return store_last_rowid(store);
}

bool store_absence_find(struct store *store, int64_t number, struct store_absence *out)
{
    struct query query = store_query(store, SQL_ABSENCE_FIND);
    query_integer(&query, number);
    bool found = query_row(&query);
    if (found) {
        query_column_copy(&query, 0, out->pupil_id, sizeof out->pupil_id);
        out->leave = query_column(&query, 1) != 0;
        out->from_ms = query_column(&query, 2);
        out->to_ms = query_column(&query, 3);
        out->known = query_column(&query, 4) != 0;
    }
    query_end(&query);
    return found;
}

void store_absence_end(struct store *store, int64_t number, const char *author, int64_t now_ms)
{
    struct query query = store_query(store, SQL_ABSENCE_END);
    query_integer(&query, number);
    query_integer(&query, now_ms);
    query_text(&query, author);
    query_run(&query);
}

int64_t store_absence_covers(struct store *store, const char *pupil_id, bool leave, int64_t from_ms, int64_t to_ms)
{
    int64_t covered_ms = 0, reached_ms = from_ms;
    struct query query = store_query(store, SQL_ABSENCES_OVER);
    query_text(&query, pupil_id);
    query_text(&query, leave ? "leave" : "reported");
    query_integer(&query, from_ms);
    query_integer(&query, to_ms);
    while (query_row(&query)) {
        int64_t start_ms = query_column(&query, 0), end_ms = query_column(&query, 1);
        start_ms = start_ms > reached_ms ? start_ms : reached_ms;
        end_ms = end_ms < to_ms ? end_ms : to_ms;
        if (start_ms >= end_ms)
            continue;
        covered_ms += end_ms - start_ms;
        reached_ms = end_ms;
    }
    return covered_ms;
}

void store_mark_add(struct store *store, const struct store_mark *mark, int64_t now_ms)
{
    struct query query = store_query(store, SQL_MARK_ADD);
    query_integer(&query, mark->lesson);
    query_text(&query, mark->pupil_id);
    query_text(&query, STATUS_WORDS[mark->status]);
    query_integer(&query, mark->absent_minutes);
    query_integer(&query, now_ms);
    query_text(&query, mark->author);
    query_text(&query, mark->source != NULL ? mark->source : "");
    query_run(&query);
}

int64_t store_marks_end(struct store *store, const char *pupil_id, int32_t day, const char *source, const char *author,
                        int64_t now_ms)
{
    struct query query = store_query(store, SQL_MARKS_END);
    query_text(&query, pupil_id);
    query_integer(&query, day);
    query_text(&query, source);
    query_integer(&query, now_ms);
    query_text(&query, author);
    query_run(&query);
    return store_changed_rows(store);
}

/* A word that is no status is passed over; rows come in the order of their numbers. */
size_t store_marked_absent(struct store *store, const char *pupil_id, int32_t from_day, int32_t to_day, int64_t after,
                           struct store_lesson *lessons, enum status *statuses, size_t most)
{
    size_t count = 0;
    struct query query = store_query(store, SQL_MARKS_LATEST);
    query_text(&query, pupil_id);
    query_integer(&query, from_day);
    query_integer(&query, to_day);
    query_integer(&query, after);
    query_integer(&query, (int64_t)most);
    while (count < most && query_row(&query)) {
        char word[16];
        query_column_copy(&query, 4, word, sizeof word);
        if (!status_read(word, strlen(word), &statuses[count]))
            continue;
        lessons[count++] = (struct store_lesson){.lesson = query_column(&query, 0),
                                                 .day = (int32_t)query_column(&query, 1),
                                                 .start_minute = (int32_t)query_column(&query, 2),
                                                 .end_minute = (int32_t)query_column(&query, 3)};
    }
    query_end(&query);
    return count;
}

bool store_terminal_known(struct store *store, const char *terminal)
{
    struct query query = store_query(store, SQL_TERMINAL_KNOWN);
    query_text(&query, terminal);
    return any_row(&query);
}

void store_card_give(struct store *store, uint64_t token, const char *pupil_id, int32_t day, int64_t now_ms)
{
    struct query query = store_query(store, SQL_CARD_GIVE);
    query_integer(&query, (int64_t)token);
    query_text(&query, pupil_id);
    query_integer(&query, civil_to_utc_ms(day, 0));
    query_integer(&query, now_ms);
    query_run(&query);
}

int store_card_tapped(struct store *store, const char *terminal, int64_t at_ms, uint64_t *token)
{
    int count = 0;
    struct query query = store_query(store, SQL_CARD_TAPPED);
    query_text(&query, terminal);
    query_integer(&query, at_ms);
    query_integer(&query, civil_from_utc_ms(at_ms).day);
    for (; query_row(&query); count++)
        *token = (uint64_t)query_column(&query, 0);
    return count;
}

void store_tap_terminal(struct store *store, uint64_t token, int64_t at_ms, char terminal[ID_BYTES])
{
    terminal[0] = '\0';
    struct query query = store_query(store, SQL_TAP_TERMINAL);
    query_integer(&query, (int64_t)token);
    query_integer(&query, at_ms);
    query_integer(&query, civil_from_utc_ms(at_ms).day);
    if (query_row(&query))
        query_column_copy(&query, 0, terminal, ID_BYTES);
    query_end(&query);
}

void store_card_hand_over(struct store *store, uint64_t token, const char *pupil_id, int64_t now_ms)
{
    static const enum statement OF_HOLDERS[] = {SQL_CARD_SHORTEN, SQL_CARD_END};
    for (size_t i = 0; i < sizeof OF_HOLDERS / sizeof *OF_HOLDERS; i++) {
        struct query query = store_query(store, OF_HOLDERS[i]);
        query_integer(&query, (int64_t)token);
        query_integer(&query, now_ms);
        query_run(&query);
    }
    struct query query = store_query(store, SQL_CARD_HAND_OVER);
    query_integer(&query, (int64_t)token);
    query_text(&query, pupil_id);
    query_integer(&query, now_ms);
    query_run(&query);
}

void store_cards_end(struct store *store, const char *pupil_id, int64_t now_ms)
{
    static const enum statement BOTH[] = {SQL_CARDS_SHORTEN, SQL_CARDS_END};
    for (size_t i = 0; i < sizeof BOTH / sizeof *BOTH; i++) {
        struct query query = store_query(store, BOTH[i]);
        query_text(&query, pupil_id);
        query_integer(&query, now_ms);
        query_run(&query);
    }
}
