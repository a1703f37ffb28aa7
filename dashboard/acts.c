/* A database that was put back from a backup begins again with lower numbers; then what is later than all taken is new. */
#include "dashboard/acts.h"

#include "dashboard/casebook/casebook_audit.h"

static bool take(struct casebook *book, const struct attendance_act *act)
{
    return casebook_begin(book) &&
           casebook_end(book, casebook_act_take(book, &(struct casebook_act){.act = act->act,
                                                                             .at_ms = act->at_ms,
                                                                             .action = act->action,
                                                                             .object = act->object}));
}

bool acts_take(struct casebook *book, struct attendance *attendance, int32_t today)
{
    struct casebook_act last;
    struct attendance_act act;
    if (!casebook_acts_taken(book, &last) || !attendance_begin(attendance, today))
        return false;
    bool taken = true;
    struct query rows = attendance_acts(attendance, last.act, last.at_ms);
    while (taken && attendance_next_act(&rows, &act))
        taken = take(book, &act);
    query_end(&rows);
    return attendance_end(attendance) && taken;
}
