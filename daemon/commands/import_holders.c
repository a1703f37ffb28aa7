/* Looks at neighbouring rows of the school's cards, which are sorted by token. */
#include "daemon/commands/import_holders.h"

static struct text pupil_of(const struct school *school, const struct school_card *card)
{
    return names_text(&school->pupil_ids, card->pupil);
}

/* The row of cards.csv that gives the card to one of the two; 0: none does. */
static int line_of(const struct schoolfiles *files, const struct school *school, const struct school_card *a,
                   const struct school_card *b)
{
    const struct card_row *rows = files->files[SCHOOLFILE_CARDS].rows;
    int line = 0;
    for (size_t i = 0; i < files->files[SCHOOLFILE_CARDS].count; i++)
        if (rows[i].token == a->token &&
            (text_equal(rows[i].pupil_id, pupil_of(school, a)) || text_equal(rows[i].pupil_id, pupil_of(school, b))))
            line = rows[i].row.line;
    return line;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* From when both rows and two periods at the school hold; INT64_MAX: never. */
static int64_t both_from(const struct school *school, const struct school_card *a, const struct school_card *b)
{
    int64_t first = INT64_MAX;
    for (uint16_t i = school->first_period[a->pupil]; i != SCHOOL_NONE; i = school->periods[i].next)
        for (uint16_t k = school->first_period[b->pupil]; k != SCHOOL_NONE; k = school->periods[k].next) {
            const struct school_period *p = &school->periods[i], *q = &school->periods[k];
            int64_t from =
                later(later(a->from_ms, b->from_ms), later(school_from_ms(p->from_day), school_from_ms(q->from_day)));
            int64_t to =
                earlier(earlier(a->to_ms, b->to_ms), earlier(school_to_ms(p->to_day), school_to_ms(q->to_day)));
            if (from < to && from < first)
                first = from;
        }
    return first;
}

static void refuse(const struct schoolfiles *files, const struct school *school, const struct school_card *a,
                   const struct school_card *b, int64_t from_ms)
{
    char date[CIVIL_DATE_BYTES];
    int line = line_of(files, school, a, b);
    const char *one = pupil_of(school, a).bytes, *other = pupil_of(school, b).bytes;
    if (from_ms == INT64_MIN) {
        problems_add(files->problems, schoolfiles_name(SCHOOLFILE_CARDS), line,
                     "card: it has two holders: %s and %s; give the first one's row its end", one, other);
        return;
    }
    civil_write_date(civil_from_utc_ms(from_ms).day, date);
    problems_add(files->problems, schoolfiles_name(SCHOOLFILE_CARDS), line,
                 "card: it has two holders from %s: %s and %s; give the first one's row its end", date, one, other);
}

void import_holders_check(const struct schoolfiles *files, const struct school *school)
{
    for (size_t i = 0; i < school->card_count; i++)
        for (size_t k = i + 1; k < school->card_count && school->cards[k].token == school->cards[i].token; k++) {
            int64_t from_ms = school->cards[k].pupil == school->cards[i].pupil
                                  ? INT64_MAX
                                  : both_from(school, &school->cards[i], &school->cards[k]);
            if (from_ms != INT64_MAX)
                refuse(files, school, &school->cards[i], &school->cards[k], from_ms);
        }
}
