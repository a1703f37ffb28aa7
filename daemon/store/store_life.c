/* Joins what was heard with what was recorded into the silences of a date (core/coverage.h). */
#include "daemon/store/store_life.h"

#include "common/fault.h"
#include "common/log.h"
#include "daemon/store/store_sql.h"

static int64_t before_column(const struct query *query, int column)
{
    return query_column_null(query, column) ? COVERAGE_UNTOLD : query_column(query, column);
}

bool store_life_latest(struct store *store, const char *terminal, struct coverage_life *out)
{
    struct query query = store_query(store, SQL_LIFE_LATEST);
    query_text(&query, terminal);
    bool any = query_row(&query);
    if (any)
        *out = (struct coverage_life){.from_ms = query_column(&query, 0),
                                      .to_ms = query_column(&query, 1),
                                      .birth = (uint64_t)query_column(&query, 2),
                                      .able = query_column(&query, 3) != 0};
    query_end(&query);
    return any;
}

void store_life_put(struct store *store, const char *terminal, const struct coverage_life *life)
{
    struct query query = store_query(store, SQL_LIFE_PUT);
    query_text(&query, terminal);
    query_integer(&query, life->from_ms);
    query_integer(&query, life->to_ms);
    query_integer(&query, (int64_t)life->birth);
    query_integer(&query, life->able);
    query_run(&query);
}

void store_life_cut(struct store *store, int64_t now_ms)
{
    static const enum statement PARTS[] = {SQL_LIFE_UNHEARD, SQL_LIFE_CUT};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        struct query query = store_query(store, PARTS[i]);
        query_integer(&query, now_ms);
        query_run(&query);
    }
}

static struct query of_terminal(struct store *store, enum statement which, const char *terminal)
{
    struct query query = store_query(store, which);
    query_text(&query, terminal);
    return query;
}

bool store_recorded_life(struct store *store, const char *terminal, uint64_t generation, struct recorded_life *out)
{
    struct query query = of_terminal(store, SQL_RECORDED_LIFE_NEWEST, terminal);
    query_integer(&query, (int64_t)generation);
    bool any = query_row(&query);
    if (any)
        *out = (struct recorded_life){.boot = (uint32_t)query_column(&query, 0),
                                      .part = (uint32_t)query_column(&query, 1),
                                      .from_ms = query_column(&query, 2),
                                      .to_ms = query_column(&query, 3),
                                      .before_ms = before_column(&query, 4),
                                      .closed = query_column(&query, 5) != 0};
    query_end(&query);
    return any;
}

void store_recorded_life_put(struct store *store, const char *terminal, uint64_t generation,
                             const struct recorded_life *life)
{
    struct query query = of_terminal(store, SQL_RECORDED_LIFE_PUT, terminal);
    query_integer(&query, (int64_t)generation);
    query_integer(&query, life->boot);
    query_integer(&query, life->part);
    query_integer(&query, life->from_ms);
    query_integer(&query, life->to_ms);
    if (life->before_ms == COVERAGE_UNTOLD)
        query_null(&query);
    else
        query_integer(&query, life->before_ms);
    query_integer(&query, life->closed);
    query_run(&query);
}

bool store_recorded_life_rebuild(struct store *store, const char *terminal, int64_t *from_ms, int64_t *to_ms)
{
    bool any = false;
    struct query wrong = of_terminal(store, SQL_RECORDED_LIFE_WRONG, terminal);
    while (query_row(&wrong)) {
        int64_t begin_ms = query_column(&wrong, 0), end_ms = query_column(&wrong, 1);
        *from_ms = any && *from_ms < begin_ms ? *from_ms : begin_ms;
        *to_ms = any && *to_ms > end_ms ? *to_ms : end_ms;
        any = true;
    }
    struct query clear = of_terminal(store, SQL_RECORDED_LIFE_CLEAR, terminal);
    query_run(&clear);
    struct query rebuild = of_terminal(store, SQL_RECORDED_LIFE_REBUILD, terminal);
    query_run(&rebuild);
    return any;
}

int64_t store_sign_before(struct store *store, const char *terminal, int64_t at_ms, int64_t otherwise)
{
    struct query query = of_terminal(store, SQL_SIGN_BEFORE, terminal);
    query_integer(&query, at_ms);
    int64_t sign_ms = query_row(&query) ? query_column(&query, 0) : 0;
    query_end(&query);
    return sign_ms > 0 ? sign_ms : otherwise;
}

int64_t store_sign_after(struct store *store, const char *terminal, int64_t at_ms, int64_t otherwise)
{
    struct query query = of_terminal(store, SQL_SIGN_AFTER, terminal);
    query_integer(&query, at_ms);
    query_integer(&query, INT64_MAX);
    int64_t sign_ms = query_row(&query) ? query_column(&query, 0) : INT64_MAX;
    query_end(&query);
    return sign_ms < INT64_MAX ? sign_ms : otherwise;
}

/* The question that is answered for each terminal of one date. */
struct asking {
    struct store *store;
    const struct school *school;
    struct schoolday *facts;
    int64_t from_ms, to_ms, now_ms;
};

/* Returns 0, too, when there are more than there is room for: then nothing is known of the terminal. */
static size_t load_lives(const struct asking *asking, const char *terminal, struct coverage_life lives[STORE_LIVES_MAX])
{
    size_t count = 0;
    struct query query = of_terminal(asking->store, SQL_DAY_LIVES, terminal);
    query_integer(&query, asking->from_ms);
    query_integer(&query, asking->to_ms);
    while (query_row(&query)) {
        if (count == STORE_LIVES_MAX) {
            log_warn("a terminal counts as silent terminal=%s day=%d stretches_over=%d", terminal,
                     (int)asking->facts->day, STORE_LIVES_MAX);
            query_end(&query);
            return 0;
        }
        lives[count++] = (struct coverage_life){.from_ms = query_column(&query, 0),
                                                .to_ms = query_column(&query, 1),
                                                .birth = (uint64_t)query_column(&query, 2),
                                                .before_ms = before_column(&query, 3),
                                                .able = query_column(&query, 4) != 0};
    }
    coverage_sort(lives, count);
    return count;
}

/* An imported tap proves that the terminal recorded on that date. */
static bool is_imported(const struct asking *asking, const char *terminal)
{
    struct query query = store_query(asking->store, SQL_DAY_IMPORTED);
    query_integer(&query, asking->facts->day);
    query_text(&query, terminal);
    bool any = query_row(&query);
    query_end(&query);
    return any;
}

static const char *add_spans(const struct asking *asking, struct text terminal, const struct coverage_span *spans,
                             size_t count)
{
    const char *why = NULL;
    for (size_t i = 0; i < count && why == NULL; i++)
        if (spans[i].from_ms < asking->to_ms && spans[i].to_ms > asking->from_ms)
            why = schoolday_add_outage(asking->facts, asking->school, terminal, spans[i].from_ms, spans[i].to_ms);
    return why;
}

/* Adds the lives that the terminal's events claim, as far as it was not heard then; gaps in its journal remain lost. */
static const char *add_claims(const struct asking *asking, struct text terminal, const struct coverage_life *lives,
                              size_t count)
{
    struct coverage_span spans[STORE_LIVES_MAX + 1];
    const char *why = NULL;
    struct query query = of_terminal(asking->store, SQL_DAY_CLAIMS, terminal.bytes);
    query_integer(&query, asking->from_ms);
    query_integer(&query, asking->to_ms);
    while (why == NULL && query_row(&query)) {
        int64_t reader = query_column(&query, 0);
        struct coverage_span claim = {query_column(&query, 1),
                                      query_column_null(&query, 2) ? INT64_MAX : query_column(&query, 2)};
        size_t left = 1;
        spans[0] = claim;
        if (reader == 0)
            left = coverage_of_whole(lives, count, claim, spans);
        else if (reader > 0)
            left = coverage_of_reader(lives, count, claim, spans);
        why = add_spans(asking, terminal, spans, left);
    }
    query_end(&query);
    return why;
}

static const char *load_terminal(const struct asking *asking, struct text terminal)
{
    struct coverage_life lives[STORE_LIVES_MAX];
    struct coverage_span spans[2 * STORE_LIVES_MAX + 1];
    size_t count = load_lives(asking, terminal.bytes, lives);
    const char *why = add_claims(asking, terminal, lives, count);
    if (why != NULL || is_imported(asking, terminal.bytes))
        return why;
    return add_spans(asking, terminal, spans, coverage_silences(lives, count, asking->now_ms, spans));
}

const char *store_silences_load(struct store *store, const struct school *school, struct schoolday *facts,
                                int64_t from_ms, int64_t to_ms, int64_t now_ms)
{
    struct asking asking = {store, school, facts, from_ms, to_ms, now_ms};
    const char *why = NULL;
    for (uint16_t i = 0; i < school->terminal_ids.count && why == NULL; i++)
        if (school_place(school, i, facts->day) != NULL)
            why = load_terminal(&asking, names_text(&school->terminal_ids, i));
    return why;
}
