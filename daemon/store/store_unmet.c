/* Each check is one statement whose rows are names to tell. */
#include "daemon/store/store_unmet.h"

#include "daemon/store/store_sql.h"

static const struct {
    enum statement rows;
    enum schoolfile which; /* where to look */
    const char *what;
} UNMET[] = {
    {SQL_UNMET_LESSONS_WITHOUT_MEMBERS, SCHOOLFILE_LESSONS, "lessons_without_members"},
    {SQL_UNMET_PUPILS_WITHOUT_LESSONS, SCHOOLFILE_PUPILS, "pupils_without_lessons"},
    {SQL_UNMET_GROUPS_WITHOUT_LESSONS, SCHOOLFILE_MEMBERS, "groups_without_lessons"},
    {SQL_UNMET_MEMBERS_OF_UNKNOWN_GROUPS, SCHOOLFILE_MEMBERS, "members_of_unknown_groups"},
    {SQL_UNMET_TERMINALS_WITHOUT_LESSONS, SCHOOLFILE_TERMINALS, "terminals_without_lessons"},
    {SQL_UNMET_ROOMS_WITHOUT_TERMINAL, SCHOOLFILE_TERMINALS, "rooms_without_terminal"},
    {SQL_UNMET_LESSONS_IN_HOLIDAY, SCHOOLFILE_LESSONS, "lessons_in_holiday"},
    {SQL_UNMET_LESSONS_TWICE, SCHOOLFILE_LESSONS, "lessons_twice"},
};

void store_unmet(const struct store_import *import)
{
    for (size_t i = 0; i < sizeof UNMET / sizeof *UNMET; i++) {
        struct query query = store_query(import->store, UNMET[i].rows);
        if (query_parameter_count(&query) > 0)
            query_integer(&query, import->as_of);
        while (query_row(&query))
            import->tell(import->context, UNMET[i].which, UNMET[i].what, store_text_column(&query, 0), "",
                         CIVIL_DAY_NONE);
        query_end(&query);
    }
}
