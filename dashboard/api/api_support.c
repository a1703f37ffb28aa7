/* Ways to support and programmes: the school's table as it is today, and who can help a pupil (daemon/core/support/routes.h). */
#include <string.h>
#include "common/choice.h"
#include "common/civil.h"
#include "common/civil_json.h"
#include "daemon/core/support/routes.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"

static json_t *words_json(const struct support_words *words)
{
    json_t *object = json_object();
    for (int i = 0; i < SUPPORT_TONGUES; i++)
        json_object_set_new(object, SUPPORT_TONGUE_WORDS[i], json_string(words->in[i]));
    return object;
}

/* What every card tells. */
static json_t *card_json(struct api_call *call, const struct support_card *card)
{
    json_t *languages = json_array(), *object;
    for (int i = 0; i < card->language_count; i++)
        api_append(call, languages, json_string(card->languages[i]));
    object = json_pack("{s:s, s:s, s:o, s:o, s:i, s:i, s:o, s:s, s:s, s:o, s:b, s:o}", "id", card->id, "name",
                       card->name, "text", words_json(&card->text), "contact", words_json(&card->contact), "age_from",
                       card->age_from, "age_to", card->age_to, "languages", languages, "source", card->source,
                       "reviewed_by", card->reviewed_by, "reviewed_on", civil_json_date(card->reviewed_on), "stale",
                       (int)support_is_stale(card, call->today), "valid_to", civil_json_date(card->valid_to));
    call->failed |= object == NULL;
    return object;
}

static json_t *route_json(struct api_call *call, const struct support_route *route, int32_t born)
{
    json_t *object = card_json(call, &route->card);
    api_set(call, object, "level", json_string(SUPPORT_LEVEL_WORDS[route->level]));
    api_set(call, object, "referral", api_json_bits(route->referrals, SUPPORT_REFERRAL_WORDS, SUPPORT_REFERRALS));
    api_set(call, object, "must_begin_before_age",
            route->must_begin_before_age != 0 ? json_integer(route->must_begin_before_age) : json_null());
    api_set(call, object, "begin_by", civil_json_date(support_begin_by(route, born)));
    return object;
}

static json_t *programme_json(struct api_call *call, const struct support_programme *programme)
{
    json_t *object = card_json(call, &programme->card);
    api_set(call, object, "level", json_string(SUPPORT_REACH_WORDS[programme->level]));
    api_set(call, object, "provider", json_string(programme->provider));
    api_set(call, object, "target", words_json(&programme->target));
    api_set(call, object, "evidence", words_json(&programme->evidence));
    return object;
}

/* What somebody should look at: reviewed long ago, not valid any more or not yet. */
static void list_unsettled(struct api_call *call, json_t *list, const struct support_card *card)
{
    bool is_to_come = call->today < card->valid_from, is_valid = support_is_valid(card, call->today);
    if (is_valid && !support_is_stale(card, call->today))
        return;
    api_append(call, list,
               json_pack("{s:s, s:s, s:s, s:o}", "id", card->id, "name", card->name, "why",
                         is_valid     ? "stale"
                         : is_to_come ? "to_come"
                                      : "ended",
                         "date",
                         civil_json_date(is_valid     ? card->reviewed_on
                                         : is_to_come ? card->valid_from
                                                      : card->valid_to)));
}

enum http_verdict api_support(struct api_call *call)
{
    const struct support *support = call->support;
    json_t *places = json_array(), *programmes = json_array(), *unsettled = json_array();
    for (int i = 0; i < support->place_count; i++)
        api_append(call, places,
                   json_pack("{s:s, s:s}", "code", support->places[i].code, "name", support->places[i].name));
    for (int i = 0; i < support->route_count; i++)
        list_unsettled(call, unsettled, &support->routes[i].card);
    for (int i = 0; i < support->programme_count; i++) {
        list_unsettled(call, unsettled, &support->programmes[i].card);
        if (support_is_valid(&support->programmes[i].card, call->today))
            api_append(call, programmes, programme_json(call, &support->programmes[i]));
    }
    return api_json(call, 200,
                    json_pack("{s:o, s:i, s:o, s:o, s:o}", "today", civil_json_date(call->today), "routes",
                              support->route_count, "places", places, "programmes", programmes, "unsettled",
                              unsettled));
}

static const char *asked(const struct api_call *call, const char *key)
{
    const char *text = http_query(call->request, key);
    return text != NULL ? text : "";
}

static bool is_place(const char *place)
{
    size_t length = strspn(place, "0123456789");
    return place[length] == '\0' && (length == 0 || length == 2 || length == 4);
}

/* What is not asked keeps what `question` held. */
static bool read_question(const struct api_call *call, struct support_question *question)
{
    const char *born = asked(call, "born"), *place = http_query(call->request, "place");
    int cause = choice_of(asked(call, "cause"), SUPPORT_CAUSE_WORDS, SUPPORT_CAUSES);
    if (cause < 0 || (place != NULL && !is_place(place)) ||
        (*born != '\0' && (!civil_read_date(born, strlen(born), &question->born) || question->born > call->today)))
        return false;
    question->cause = (enum support_cause)cause;
    question->on = call->today;
    question->place = place != NULL ? place : question->place;
    for (int i = 0; i < SUPPORT_SITUATIONS; i++)
        if (strcmp(asked(call, SUPPORT_SITUATION_WORDS[i]), "1") == 0)
            question->situations |= 1U << i;
    return true;
}

/* Without a birth date or a place nobody can be told; the page then asks for what is null. `pupil` is taken over. */
static enum http_verdict answer_question(struct api_call *call, const struct support_question *question, json_t *pupil)
{
    const struct support_route *chosen[SUPPORT_ROUTES_MAX];
    bool knows_age = question->born != CIVIL_DAY_NONE;
    size_t count = knows_age && question->place != NULL ? support_choose(call->support, question, chosen) : 0;
    json_t *cards = json_array();
    for (size_t i = 0; i < count; i++)
        api_append(call, cards, route_json(call, chosen[i], question->born));
    return api_json(call, 200,
                    json_pack("{s:o, s:o, s:o, s:s?, s:o, s:o}", "pupil", pupil, "today", civil_json_date(call->today),
                              "age", knows_age ? json_integer(civil_age(question->born, question->on)) : json_null(),
                              "place", question->place, "situations",
                              api_json_bits(question->situations, SUPPORT_SITUATION_WORDS, SUPPORT_SITUATIONS), "cards",
                              cards));
}

enum http_verdict api_support_cards(struct api_call *call)
{
    struct support_question question = {.born = CIVIL_DAY_NONE};
    if (!read_question(call, &question))
        return api_error(call, 400, "bad_request");
    return answer_question(call, &question, json_null());
}

enum http_verdict api_pupil_support(struct api_call *call)
{
    struct attendance_person person = {.birth_day = CIVIL_DAY_NONE};
    struct support_question question = {.born = CIVIL_DAY_NONE};
    if (!api_begin_reading(call))
        return api_error(call, 503, "busy");
    json_t *pupil = api_json_visible(call, PERMISSION_PUPILS, call->part);
    if (pupil != NULL)
        attendance_person(call->attendance, call->part, &person);
    api_end_reading(call);
    if (pupil == NULL)
        return api_no_pupil(call, call->part);
    question.born = person.birth_day;
    question.place = person.home_municipality[0] != '\0' ? person.home_municipality : NULL;
    question.situations = person.god_man ? 1U << SUPPORT_GOD_MAN : 0;
    if (read_question(call, &question) && api_audit(call, "view_support", call->part))
        return answer_question(call, &question, pupil);
    json_decref(pupil);
    return call->failed ? api_error(call, 503, "busy") : api_error(call, 400, "bad_request");
}
