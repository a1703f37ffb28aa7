/* One function per kind of field. All advance by their columns even when the field is wrong, so that a row reports
 * every wrong field. */
#include "daemon/core/school/schoolfields.h"

#include "common/civil.h"
#include "common/event.h"

#define SHOWN_BYTES_MAX 40  /* of a field that is wrong */
#define LIST_BYTES_MAX  128 /* of the words that would be right */

static struct text take(struct schoolfields *fields)
{
    return fields->csv->fields[fields->column++];
}

void field_problem(struct schoolfields *fields, const char *what)
{
    csv_problem(fields->csv, fields->column - 1, "%s", what);
    fields->bad = true;
}

void field_refuse(struct schoolfields *fields, const char *what)
{
    csv_problem_to(fields->refusals, fields->csv, fields->column - 1, what);
}

static void wrong(struct schoolfields *fields, struct text text, const char *right)
{
    struct text shown = text_cut(text, SHOWN_BYTES_MAX);
    csv_problem(fields->csv, fields->column - 1, "\"%.*s\" should be %s", (int)shown.length,
                shown.length == 0 ? "" : shown.bytes, right);
    fields->bad = true;
}

/* As wrong(), of a field without which the row is whole. */
static void wrong_detail(struct schoolfields *fields, struct text text, const char *right)
{
    char what[SHOWN_BYTES_MAX + LIST_BYTES_MAX + sizeof "\"\" should be "];
    struct text shown = text_cut(text, SHOWN_BYTES_MAX);
    snprintf(what, sizeof what, "\"%.*s\" should be %s", (int)shown.length, shown.bytes, right);
    field_refuse(fields, what);
}

static bool has_control(struct text text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.bytes[i] < ' ' || text.bytes[i] == '\x7F')
            return true;
    return false;
}

static struct text take_text(struct schoolfields *fields, size_t most)
{
    struct text text = take(fields);
    if (text.length > most)
        field_problem(fields, most == NAME_BYTES_MAX ? "longer than " LIMIT_TEXT(NAME_BYTES_MAX) " bytes"
                                                     : "longer than " LIMIT_TEXT(SCHOOLFILES_NAME_BYTES_MAX) " bytes");
    else if (has_control(text))
        field_problem(fields, "holds a tab, a line break or another control character");
    return text;
}

struct text field_id(struct schoolfields *fields)
{
    struct text text = take_text(fields, NAME_BYTES_MAX);
    if (text.length == 0)
        field_problem(fields, "must not be empty");
    return text;
}

struct text field_label(struct schoolfields *fields)
{
    return take_text(fields, NAME_BYTES_MAX);
}

struct text field_name(struct schoolfields *fields)
{
    return take_text(fields, SCHOOLFILES_NAME_BYTES_MAX);
}

struct text field_terminal(struct schoolfields *fields)
{
    struct text text = take(fields);
    bool valid = text.length > 0 && text.length <= ID_CHARS_MAX;
    for (size_t i = 0; i < text.length && valid; i++)
        valid = (text.bytes[i] >= 'a' && text.bytes[i] <= 'z') || (text.bytes[i] >= '0' && text.bytes[i] <= '9') ||
                text.bytes[i] == '-';
    if (!valid)
        wrong(fields, text, "1 to " LIMIT_TEXT(ID_CHARS_MAX) " of a-z, 0-9 and -");
    return text;
}

bool field_told(const struct schoolfields *fields)
{
    return fields->csv->fields[fields->column].length > 0;
}

bool field_yes(struct schoolfields *fields)
{
    struct text text = take(fields);
    bool yes = text_equal(text, text_of("1"));
    if (!yes && text.length > 0 && !text_equal(text, text_of("0")))
        wrong(fields, text, "0 or 1");
    return yes;
}

int32_t field_date(struct schoolfields *fields)
{
    struct text text = take(fields);
    int32_t day = 0;
    if (!civil_read_date(text.bytes, text.length, &day))
        wrong(fields, text, "a date like 2026-09-01");
    return day;
}

static int32_t open_date(struct schoolfields *fields)
{
    if (fields->csv->fields[fields->column].length > 0)
        return field_date(fields);
    fields->column++;
    return CIVIL_DAY_NONE;
}

/* The order of the two dates is checked only if both are valid; `bad` of earlier fields is set aside meanwhile. */
void field_days(struct schoolfields *fields, int32_t *from_day, int32_t *to_day)
{
    bool bad_before = fields->bad;
    fields->bad = false;
    *from_day = open_date(fields);
    *to_day = open_date(fields);
    if (!fields->bad && *from_day != CIVIL_DAY_NONE && *to_day != CIVIL_DAY_NONE && *to_day < *from_day)
        field_refuse(fields, "lies before from; the last date is included");
    fields->bad = fields->bad || bad_before;
}

int32_t field_minute(struct schoolfields *fields)
{
    struct text text = take(fields);
    int32_t minute = 0;
    if (!civil_read_minutes(text.bytes, text.length, &minute))
        wrong(fields, text, "a time of day like 08:10");
    return minute;
}

/* Empty is a refusal and not a problem: the row can be read, but an import must not guess. */
int32_t field_count(struct schoolfields *fields, int32_t most)
{
    struct text text = take(fields);
    int32_t count = 0;
    if (text.length == 0) {
        field_refuse(fields, "must not be empty; 0 when there are none");
        return SCHOOLFILES_NOT_TOLD;
    }
    bool valid = text.length > 0 && text.length <= 6;
    for (size_t i = 0; i < text.length && valid; i++) {
        valid = text.bytes[i] >= '0' && text.bytes[i] <= '9';
        count = 10 * count + (text.bytes[i] - '0');
    }
    char right[48];
    snprintf(right, sizeof right, "a whole number from 0 to %d", most);
    if (!valid || count > most)
        wrong(fields, text, right);
    return count;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* Two hexadecimal digits a byte, colons between bytes optional. Returns the number of bytes; 0 when it is not a
 * card number. */
static size_t read_card(struct text text, uint8_t card[CARD_BYTES_MAX])
{
    size_t count = 0, i = 0;
    while (i < text.length) {
        if (text.bytes[i] == ':' && count > 0)
            i++;
        if (text.length - i < 2 || count == CARD_BYTES_MAX)
            return 0;
        int high = hex_digit(text.bytes[i]), low = hex_digit(text.bytes[i + 1]);
        if (high < 0 || low < 0)
            return 0;
        card[count++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    return count >= CARD_BYTES_MIN ? count : 0;
}

/* The message never contains the card number, not even a wrong one. */
uint64_t field_token(struct schoolfields *fields, const uint8_t key[TOKEN_KEY_BYTES])
{
    uint8_t card[CARD_BYTES_MAX];
    size_t length = read_card(take(fields), card);
    if (length > 0)
        return token_of_card(key, card, length);
    field_problem(fields, "should be a card's number: 8 to 20 digits of 0-9 and A-F, two a byte");
    return 0;
}

uint64_t field_held_token(struct schoolfields *fields, const uint8_t key[TOKEN_KEY_BYTES])
{
    uint8_t card[CARD_BYTES_MAX];
    size_t length = read_card(fields->csv->fields[fields->column], card);
    uint64_t token = field_token(fields, key);
    const char *why = length > 0 ? token_unfit(card, length) : NULL;
    if (why != NULL)
        field_refuse(fields, why);
    return token;
}

int64_t field_utc(struct schoolfields *fields)
{
    struct text text = take(fields);
    int64_t utc_ms = 0;
    if (!civil_read_utc(text.bytes, text.length, &utc_ms))
        wrong(fields, text, "UTC like 2026-09-01T06:01:23.456Z");
    return utc_ms;
}

int64_t field_recorded(struct schoolfields *fields)
{
    if (fields->csv->fields[fields->column].length > 0)
        return field_utc(fields);
    fields->column++;
    return SCHOOLFILES_NOT_RECORDED;
}

static int64_t open_instant(struct schoolfields *fields, int64_t when_empty)
{
    struct text text = take(fields);
    int64_t utc_ms = when_empty;
    if (text.length > 0 && !civil_read_local(text.bytes, text.length, &utc_ms))
        wrong(fields, text, "a local time like 2026-09-01T08:10, or UTC like 2026-09-01T06:10:00Z");
    return utc_ms;
}

static void refuse_backwards(struct schoolfields *fields, int64_t from_ms, int64_t to_ms)
{
    if (!fields->bad && to_ms < from_ms)
        field_refuse(fields, "lies before from");
}

void field_span(struct schoolfields *fields, int64_t *from_ms, int64_t *to_ms)
{
    bool bad_before = fields->bad;
    fields->bad = false;
    *from_ms = open_instant(fields, INT64_MIN);
    *to_ms = open_instant(fields, INT64_MAX);
    refuse_backwards(fields, *from_ms, *to_ms);
    fields->bad = fields->bad || bad_before;
}

static int64_t date_or_instant(struct schoolfields *fields, int32_t more_days, int64_t when_empty)
{
    struct text text = take(fields);
    int64_t utc_ms = when_empty;
    int32_t day;
    if (civil_read_date(text.bytes, text.length, &day))
        return civil_to_utc_ms(day + more_days, 0);
    if (text.length > 0 && !civil_read_local(text.bytes, text.length, &utc_ms))
        wrong(fields, text, "a date like 2026-09-01, or a local time like 2026-09-01T08:10");
    return utc_ms;
}

/* A date as the end includes that day: it becomes the start of the next one. */
void field_days_or_span(struct schoolfields *fields, int64_t *from_ms, int64_t *to_ms)
{
    bool bad_before = fields->bad;
    fields->bad = false;
    *from_ms = date_or_instant(fields, 0, INT64_MIN);
    *to_ms = date_or_instant(fields, 1, INT64_MAX);
    refuse_backwards(fields, *from_ms, *to_ms);
    fields->bad = fields->bad || bad_before;
}

/* The index of the word, or `count`. */
static int index_of(struct text text, const char *const *words, int count)
{
    int i = 0;
    while (i < count && !text_equal(text, text_of(words[i])))
        i++;
    return i;
}

static void list_words(const char *const *words, int count, char right[LIST_BYTES_MAX])
{
    int used = snprintf(right, LIST_BYTES_MAX, "one of");
    for (int i = 0; i < count && used < LIST_BYTES_MAX; i++)
        used += snprintf(right + used, LIST_BYTES_MAX - (size_t)used, " %s", words[i]);
}

/* The message lists the words allowed. A wrong word returns 0, which is valid as a value; the row is marked bad. */
int field_word(struct schoolfields *fields, const char *const *words, int count, bool or_empty)
{
    struct text text = take(fields);
    if (or_empty && text.length == 0)
        return 0;
    int index = index_of(text, words, count);
    if (index < count)
        return index;
    char right[LIST_BYTES_MAX];
    list_words(words, count, right);
    wrong(fields, text, right);
    return 0;
}

struct text field_choice(struct schoolfields *fields, const char *const *words, size_t count)
{
    struct text text = take(fields);
    if (text.length == 0 || index_of(text, words, (int)count) < (int)count)
        return text;
    char right[LIST_BYTES_MAX];
    list_words(words, (int)count, right);
    wrong_detail(fields, text, right);
    return text_of("");
}

int8_t field_maybe(struct schoolfields *fields)
{
    static const char *const WORDS[] = {"0", "1"};
    struct text text = take(fields);
    int index = index_of(text, WORDS, 2);
    if (index == 2 && text.length > 0)
        wrong_detail(fields, text, "0 or 1");
    return (int8_t)(index == 2 ? SCHOOLFILES_NOT_TOLD : index);
}

/* What stands there may be a whole personal number. */
int32_t field_birth_date(struct schoolfields *fields)
{
    struct text text = take(fields);
    int32_t day = CIVIL_DAY_NONE;
    if (text.length > 0 && !civil_read_date(text.bytes, text.length, &day))
        field_refuse(fields, "should be a date like 2013-05-31, and no more of a personal number");
    return day;
}

struct text field_municipality(struct schoolfields *fields)
{
    struct text text = take(fields);
    bool valid = text.length == 4;
    for (size_t i = 0; i < text.length && valid; i++)
        valid = text.bytes[i] >= '0' && text.bytes[i] <= '9';
    if (valid || text.length == 0)
        return text;
    wrong_detail(fields, text, "a municipality's code of four digits, like 0180");
    return text_of("");
}
