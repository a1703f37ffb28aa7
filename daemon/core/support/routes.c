/* Which routes are open for whom. */
#include "daemon/core/support/routes.h"

#include <string.h>

const char *const SUPPORT_TONGUE_WORDS[SUPPORT_TONGUES] = {"sv", "easy", "en"};
const char *const SUPPORT_CAUSE_WORDS[SUPPORT_CAUSES] = {"psykisk", "medicinsk", "social", "pedagogisk"};
const char *const SUPPORT_LEVEL_WORDS[SUPPORT_LEVELS] = {"bas", "utökad", "specialist"};
const char *const SUPPORT_REFERRAL_WORDS[SUPPORT_REFERRALS] = {"self", "guardian", "school", "professional"};
const char *const SUPPORT_REACH_WORDS[SUPPORT_REACHES] = {"individ", "grupp", "organisation"};
const char *const SUPPORT_SITUATION_WORDS[SUPPORT_SITUATIONS] = {"god_man", "left_school"};

bool support_is_valid(const struct support_card *card, int32_t on)
{
    return on >= card->valid_from && (card->valid_to == CIVIL_DAY_NONE || on <= card->valid_to);
}

bool support_is_stale(const struct support_card *card, int32_t on)
{
    return on - card->reviewed_on >= SUPPORT_STALE_DAYS;
}

int32_t support_begin_by(const struct support_route *route, int32_t born)
{
    if (route->must_begin_before_age == 0)
        return CIVIL_DAY_NONE;
    return civil_birthday(born, route->must_begin_before_age) - 1;
}

static bool is_open(const struct support_route *route, const struct support_question *question)
{
    const struct support_card *card = &route->card;
    int age = civil_age(question->born, question->on);
    int32_t begin_by = support_begin_by(route, question->born);
    return (route->causes >> question->cause & 1) != 0 && age >= card->age_from && age <= card->age_to &&
           (begin_by == CIVIL_DAY_NONE || question->on <= begin_by) &&
           strncmp(route->place, question->place, strlen(route->place)) == 0 &&
           (route->only == 0 || (route->only & question->situations) != 0) && support_is_valid(card, question->on);
}

static bool stands_before(const struct support_route *a, const struct support_route *b)
{
    return a->level != b->level ? a->level < b->level : strlen(a->place) > strlen(b->place);
}

size_t support_choose(const struct support *support, const struct support_question *question,
                      const struct support_route *chosen[SUPPORT_ROUTES_MAX])
{
    size_t count = 0;
    for (int i = 0; i < support->route_count; i++) {
        const struct support_route *route = &support->routes[i];
        if (!is_open(route, question))
            continue;
        size_t at = count++;
        for (; at > 0 && stands_before(route, chosen[at - 1]); at--)
            chosen[at] = chosen[at - 1];
        chosen[at] = route;
    }
    return count;
}
