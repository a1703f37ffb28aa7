/* Ways to support: who can help a pupil, by cause, age and place, and the programmes that a class or a year may be given. A dated
 * table that a school edits (config/support.cfg, routesfile.h); nothing in the code knows a row by name. Pure.
 *
 * Values without pointers. Ages are whole years at a date, dates are days (civil.h), both ends of what is valid included. */
#ifndef DAEMON_CORE_SUPPORT_ROUTES_H
#define DAEMON_CORE_SUPPORT_ROUTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/civil.h"
#include "common/ids.h"

#define SUPPORT_ROUTES_MAX       200
#define SUPPORT_PROGRAMMES_MAX   100
#define SUPPORT_PLACES_MAX       320 /* Sweden has 290 municipalities and 21 counties */
#define SUPPORT_LANGUAGES_MAX    16  /* of a card */
#define SUPPORT_TEXT_BYTES_MAX   400
#define SUPPORT_NAME_BYTES_MAX   100
#define SUPPORT_SOURCE_BYTES_MAX 240
#define SUPPORT_AGE_MAX          120
#define SUPPORT_STALE_DAYS       365 /* so long after its review a card says that nobody has looked since */

#define SUPPORT_NAME_BYTES  (SUPPORT_NAME_BYTES_MAX + 1)
#define SUPPORT_PLACE_BYTES 5 /* the code of a municipality: four digits, the first two its county's */
#define SUPPORT_WORD_BYTES  17

enum support_tongue { SUPPORT_SWEDISH, SUPPORT_EASY, SUPPORT_ENGLISH, SUPPORT_TONGUES }; /* easy: lätt svenska */
enum support_cause { SUPPORT_PSYKISK, SUPPORT_MEDICINSK, SUPPORT_SOCIAL, SUPPORT_PEDAGOGISK, SUPPORT_CAUSES };
enum support_level { SUPPORT_BAS, SUPPORT_UTOKAD, SUPPORT_SPECIALIST, SUPPORT_LEVELS };
enum support_referral { SUPPORT_SELF, SUPPORT_GUARDIAN, SUPPORT_SCHOOL, SUPPORT_PROFESSIONAL, SUPPORT_REFERRALS };
enum support_reach { SUPPORT_INDIVIDUAL, SUPPORT_GROUP, SUPPORT_ORGANISATION, SUPPORT_REACHES };
/* What must be so for some routes to be meant: an unaccompanied child with a god man; school left, with skolplikt done. */
enum support_situation { SUPPORT_GOD_MAN, SUPPORT_LEFT_SCHOOL, SUPPORT_SITUATIONS };

/* As they are written in the file and told in the API. */
extern const char *const SUPPORT_TONGUE_WORDS[SUPPORT_TONGUES];
extern const char *const SUPPORT_CAUSE_WORDS[SUPPORT_CAUSES];
extern const char *const SUPPORT_LEVEL_WORDS[SUPPORT_LEVELS];
extern const char *const SUPPORT_REFERRAL_WORDS[SUPPORT_REFERRALS];
extern const char *const SUPPORT_REACH_WORDS[SUPPORT_REACHES];
extern const char *const SUPPORT_SITUATION_WORDS[SUPPORT_SITUATIONS];

struct support_words {
    char in[SUPPORT_TONGUES][SUPPORT_TEXT_BYTES_MAX + 1];
};

/* What a route and a programme have in common. */
struct support_card {
    char id[ID_BYTES], name[SUPPORT_NAME_BYTES];
    struct support_words text, contact; /* what it is; where a way to it is found */
    int age_from, age_to;               /* both included */
    char languages[SUPPORT_LANGUAGES_MAX][SUPPORT_WORD_BYTES];
    int language_count;
    char source[SUPPORT_SOURCE_BYTES_MAX + 1]; /* where what the card says is to be checked */
    char reviewed_by[SUPPORT_NAME_BYTES];
    int32_t reviewed_on, valid_from, valid_to; /* valid_to: CIVIL_DAY_NONE = no end is known */
};

struct support_route {
    struct support_card card;
    unsigned causes, referrals; /* bits */
    unsigned only;              /* bits of the situations that it is for; 0: for all */
    enum support_level level;
    int must_begin_before_age;       /* 0: may begin at any age that it is for */
    char place[SUPPORT_PLACE_BYTES]; /* "": the country; two digits: a county; four: a municipality */
};

struct support_programme {
    struct support_card card;
    enum support_reach level;
    struct support_words target, evidence;
    char provider[SUPPORT_NAME_BYTES];
};

struct support_place {
    char code[SUPPORT_PLACE_BYTES], name[SUPPORT_NAME_BYTES];
};

struct support {
    int route_count, programme_count, place_count;
    struct support_route routes[SUPPORT_ROUTES_MAX]; /* in the order of the file */
    struct support_programme programmes[SUPPORT_PROGRAMMES_MAX];
    struct support_place places[SUPPORT_PLACES_MAX];
};

struct support_question {
    enum support_cause cause;
    int32_t born, on;    /* days; who is not born yet is offered nothing */
    const char *place;   /* as in a route */
    unsigned situations; /* bits: all that are so */
};

/* The routes that are open then and there, in order: by level, within it the nearer place first, then as in the file. Returns
 * how many. They point into `support`. */
size_t support_choose(const struct support *support, const struct support_question *question,
                      const struct support_route *chosen[SUPPORT_ROUTES_MAX]);
bool support_is_valid(const struct support_card *card, int32_t on);
bool support_is_stale(const struct support_card *card, int32_t on);
/* The last day on which it can begin for somebody born then; CIVIL_DAY_NONE: it may begin at any age that it is for. */
int32_t support_begin_by(const struct support_route *route, int32_t born);

#endif
