/* The roll of some dates is taken without consequences, newest date first; the taps that count nowhere are gathered by
 * card. */
#include "daemon/commands/strays.h"

#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "common/log.h"
#include "common/token.h"
#include "daemon/daemon.h"
#include "daemon/store/store_corrections.h"

struct stray {
    uint64_t token;
    int64_t at_ms;
    int32_t day;
    uint32_t taps;
    enum rollcall_stray_why why;
    uint16_t terminal; /* SCHOOL_NONE: not listed */
};

struct gathering {
    const struct school *school;
    int64_t now_ms;
    int32_t day;
    size_t count;
    bool more;
    struct stray strays[STRAYS_MAX];
};

/* Is it a pupil's by now, so that what was amiss has been put right? The other reasons are about such a card. */
static bool is_settled(const struct gathering *gathering, uint64_t token, enum rollcall_stray_why why)
{
    uint16_t pupil;
    bool about_holder = why == ROLLCALL_STRAY_UNKNOWN_CARD || why == ROLLCALL_STRAY_NOT_NOW ||
                        why == ROLLCALL_STRAY_LEFT || why == ROLLCALL_STRAY_TWO;
    return about_holder && school_card_holder(gathering->school, token, gathering->now_ms, &pupil) == SCHOOL_HOLDER_ONE;
}

/* Within a date taps come in the order of time, so the later one is told; an earlier date's is counted only. */
static void gather(void *context, const struct schoolday_tap *tap, enum rollcall_stray_why why)
{
    struct gathering *gathering = context;
    struct stray *stray = gathering->strays;
    if (is_settled(gathering, tap->token, why))
        return;
    while (stray < gathering->strays + gathering->count && stray->token != tap->token)
        stray++;
    if (stray == gathering->strays + STRAYS_MAX) {
        gathering->more = true;
        return;
    }
    if (stray == gathering->strays + gathering->count) {
        gathering->count++;
        *stray = (struct stray){.token = tap->token, .day = gathering->day};
    }
    stray->taps++;
    if (stray->day != gathering->day || tap->at_ms < stray->at_ms)
        return;
    stray->at_ms = tap->at_ms;
    stray->terminal = tap->terminal;
    stray->why = why;
}

static int newest_first(const void *left, const void *right)
{
    int64_t a = ((const struct stray *)left)->at_ms, b = ((const struct stray *)right)->at_ms;
    return (a < b) - (a > b);
}

/* Whose it was at the tap; of a card that was nobody's then, of all who ever held it. */
static json_t *pupils_of(const struct school *school, const struct stray *stray)
{
    json_t *pupils = json_array();
    size_t row = 0, end = school_card_rows(school, stray->token, &row);
    uint16_t last = SCHOOL_NONE;
    for (; row < end && json_array_size(pupils) < STRAYS_PUPILS; row++) {
        const struct school_card *card = &school->cards[row];
        bool covers = stray->at_ms >= card->from_ms && stray->at_ms < card->to_ms;
        if (card->pupil == last || (!covers && stray->why != ROLLCALL_STRAY_NOT_NOW))
            continue;
        last = card->pupil;
        json_array_append_new(pupils, json_string(names_text(&school->pupil_ids, card->pupil).bytes));
    }
    return pupils;
}

static json_t *stray_json(struct daemon *daemon, const struct school *school, const struct stray *stray)
{
    static const char *const WHY[] = {[ROLLCALL_STRAY_UNKNOWN_CARD] = "unknown",
                                      [ROLLCALL_STRAY_NOT_NOW] = "not_now",
                                      [ROLLCALL_STRAY_LEFT] = "left",
                                      [ROLLCALL_STRAY_TWO] = "two",
                                      [ROLLCALL_STRAY_TERMINAL] = "terminal",
                                      [ROLLCALL_STRAY_NO_LESSON] = "no_lesson"};
    char terminal[ID_BYTES];
    const char *room = NULL;
    store_tap_terminal(daemon_store(daemon), stray->token, stray->at_ms, terminal);
    if (stray->terminal != SCHOOL_NONE) {
        const struct school_place *place = school_place(school, stray->terminal, stray->day);
        room = place != NULL ? names_text(&school->rooms, place->room).bytes : NULL;
    }
    return json_pack("{s:s, s:s, s:s?, s:o, s:I, s:o}", "why", WHY[stray->why], "terminal", terminal, "room", room,
                     "at", civil_json_utc(stray->at_ms), "taps", (json_int_t)stray->taps, "pupils",
                     pupils_of(school, stray));
}

json_t *strays_answer(struct daemon *daemon, const json_t *request, const char **why)
{
    (void)request;
    int32_t today = daemon_today(daemon), from = today - STRAYS_DAYS + 1;
    struct gathering *gathering = calloc(1, sizeof *gathering);
    *why = "out of memory";
    if (gathering == NULL)
        return NULL;
    gathering->school = daemon_school(daemon);
    gathering->now_ms = daemon_now_ms(daemon);
    for (gathering->day = today; gathering->day >= from; gathering->day--)
        daemon_strays(daemon, gathering->day, gather, gathering);
    qsort(gathering->strays, gathering->count, sizeof *gathering->strays, newest_first);
    json_t *list = json_array();
    for (size_t i = 0; i < gathering->count; i++)
        json_array_append_new(list, stray_json(daemon, gathering->school, &gathering->strays[i]));
    json_t *answer = json_pack("{s:b, s:o, s:o, s:b}", "ok", 1, "from", civil_json_date(from), "strays", list, "more",
                               (int)gathering->more);
    free(gathering);
    return answer;
}

/* The daemon knows no numbers, so it tries those of one byte repeated that token_unfit refuses. Random ones cannot be told by
 * their tokens: they are refused at the reader. */
static bool is_unfit(const uint8_t key[TOKEN_KEY_BYTES], uint64_t token)
{
    static const uint8_t REPEATED[] = {0x00, 0xFF};
    uint8_t card[CARD_BYTES_MAX];
    for (size_t i = 0; i < sizeof REPEATED; i++) {
        memset(card, REPEATED[i], sizeof card);
        for (size_t bytes = CARD_BYTES_MIN; bytes <= CARD_BYTES_MAX; bytes++)
            if (token_unfit(card, bytes) != NULL && token_of_card(key, card, bytes) == token)
                return true;
    }
    return false;
}

struct giving {
    const char *author, *terminal, *pupil;
    int64_t at_ms;
    uint64_t token;
};

static const char *read_giving(const json_t *request, struct giving *giving)
{
    const char *at = "";
    if (json_unpack((json_t *)request, "{s:s, s:s, s:s, s:s}", "author", &giving->author, "terminal", &giving->terminal,
                    "at", &at, "pupil", &giving->pupil) != 0 ||
        giving->author[0] == '\0' || !civil_read_utc(at, strlen(at), &giving->at_ms))
        return "card_give needs author, terminal, at (UTC) and pupil";
    return NULL;
}

/* Why the card of that tap cannot be the pupil's, and which card it is. */
static const char *refusal_of(struct daemon *daemon, struct giving *giving)
{
    uint16_t holder;
    const struct school *school = daemon_school(daemon);
    switch (store_card_tapped(daemon_store(daemon), giving->terminal, giving->at_ms, &giving->token)) {
    case 0:
        return "no card was held to that terminal then";
    case 1:
        break;
    default:
        return "two cards were held to that terminal at that instant: hold the right one to it again";
    }
    if (!school_attended(school, giving->pupil, daemon_today(daemon)))
        return "the pupil is not at the school today: give the card out when its period has begun";
    if (school_card_holder(school, giving->token, daemon_now_ms(daemon), &holder) == SCHOOL_HOLDER_ONE)
        return "a pupil at the school has that card: end that first";
    if (school->card_count == SCHOOL_CARDS_MAX)
        return "the school has as many cards as there may be: end some that nobody uses";
    if (is_unfit(daemon_config(daemon)->token_key, giving->token))
        return "that card has no number of its own: it cannot be given out";
    return NULL;
}

json_t *strays_give(struct daemon *daemon, const json_t *request, const char **why)
{
    struct giving giving = {0};
    *why = read_giving(request, &giving);
    if (*why == NULL)
        *why = refusal_of(daemon, &giving);
    if (*why != NULL)
        return NULL;
    int64_t now_ms = daemon_now_ms(daemon);
    int32_t today = daemon_today(daemon);
    store_begin(daemon_store(daemon));
    store_card_hand_over(daemon_store(daemon), giving.token, giving.pupil, now_ms);
    daemon_touch(daemon, today, today, "a card was given out");
    *why = daemon_school_changed(daemon, "a card was given out");
    if (*why != NULL) {
        daemon_fail(daemon, "giving a card out failed", *why);
        return NULL;
    }
    log_info("card given out terminal=%s author=\"%s\"", giving.terminal, giving.author);
    return json_pack("{s:b, s:o}", "ok", 1, "since", civil_json_utc(now_ms));
}
