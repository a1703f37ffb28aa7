/* Whom the school contacts the same day when a child with a god man, or a placed one, has missed a first whole day without a word: the
 * school's own list (`routine` of narvaro-web.cfg). The god man stands in the school's register and before the list. */
#ifndef DASHBOARD_ROUTINE_H
#define DASHBOARD_ROUTINE_H

#include <stdbool.h>
#include "common/ids.h"
#include "common/problems.h"

#define ROUTINE_CONTACTS_MAX   8
#define ROUTINE_TEXT_BYTES_MAX 120
#define ROUTINE_GOD_MAN        "god_man"

struct routine_contact {
    char id[ID_BYTES];
    char name[ROUTINE_TEXT_BYTES_MAX + 1], phone[ROUTINE_TEXT_BYTES_MAX + 1]; /* "": the page has a word for the id */
};
struct routine {
    bool is_own; /* the school has written it */
    int count;
    struct routine_contact contacts[ROUTINE_CONTACTS_MAX];
};

struct setting;
struct settings;
/* `list` NULL: where the child lives and social services, without a name or number. False after adding what is wrong. */
bool routine_read(const struct settings *settings, const struct setting *list, struct routine *out,
                  struct problems *problems);
/* NULL: it is not on the list. */
const struct routine_contact *routine_find(const struct routine *routine, const char *id);

#endif
