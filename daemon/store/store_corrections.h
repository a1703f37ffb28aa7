/* The store's part for what people report and correct: absences, marks, cards given out. A fact is never changed: an absence that is taken
 * back keeps its row, of several marks the latest counts. Inside the open transaction; failures are the store's. */
#ifndef DAEMON_STORE_CORRECTIONS_H
#define DAEMON_STORE_CORRECTIONS_H

#include "daemon/core/outcome.h"
#include "common/ids.h"
#include "daemon/core/school/school.h"
#include "daemon/store/store.h"

struct store_absence {
    char pupil_id[NAME_BYTES];
    bool leave, known; /* known: not taken back */
    int64_t from_ms, to_ms;
};

struct store_lesson {
    int64_t lesson;
    int32_t day, start_minute, end_minute;
};

#define MARK_FORGOTTEN_CARD "forgotten_card" /* somebody saw the pupil, who had no card along */

struct store_mark {
    int64_t lesson;
    const char *pupil_id, *author;
    const char *source; /* MARK_FORGOTTEN_CARD, or NULL */
    enum status status;
    int absent_minutes;
};

bool store_pupil_known(struct store *store, const char *pupil_id);
/* Cancelled and unknown ones are not found. */
bool store_lesson_find(struct store *store, int64_t number, struct store_lesson *out);
bool store_lesson_expects(struct store *store, int64_t number, const char *pupil_id);

int64_t store_absence_add(struct store *store, const struct store_absence *absence, const char *author, int64_t now_ms);
bool store_absence_find(struct store *store, int64_t number, struct store_absence *out);
void store_absence_end(struct store *store, int64_t number, const char *author, int64_t now_ms);
/* How many of the milliseconds from `from_ms` to `to_ms` known absences of one type cover together. */
int64_t store_absence_covers(struct store *store, const char *pupil_id, bool leave, int64_t from_ms, int64_t to_ms);

void store_mark_add(struct store *store, const struct store_mark *mark, int64_t now_ms);
/* Takes back the pupil's marks of that source at lessons of the date; how many there were. */
int64_t store_marks_end(struct store *store, const char *pupil_id, int32_t day, const char *source, const char *author,
                        int64_t now_ms);
/* Lessons of these dates whose latest mark says absent and was made by a person: those after number `after`, at most `most`
 * of them, in the order of their numbers. Returns how many. */
size_t store_marked_absent(struct store *store, const char *pupil_id, int32_t from_day, int32_t to_day, int64_t after,
                           struct store_lesson *lessons, enum status *statuses, size_t most);

bool store_terminal_known(struct store *store, const char *terminal);
/* The card is the pupil's from `day` on, where it was another's on that date, from then on. */
void store_card_give(struct store *store, uint64_t token, const char *pupil_id, int32_t day, int64_t now_ms);
/* Which card was held to the terminal at that instant. Returns how many were: with one, *token is it. */
int store_card_tapped(struct store *store, const char *terminal, int64_t at_ms, uint64_t *token);
/* At which terminal the card was held to a reader then; "" when it was not. */
void store_tap_terminal(struct store *store, uint64_t token, int64_t at_ms, char terminal[ID_BYTES]);
/* The card is the pupil's from now on, until somebody is to have it later as known already; whoever holds it now no longer does. */
void store_card_hand_over(struct store *store, uint64_t token, const char *pupil_id, int64_t now_ms);
/* The pupil's cards are his no longer. */
void store_cards_end(struct store *store, const char *pupil_id, int64_t now_ms);

#endif
