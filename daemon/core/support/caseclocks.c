/* One function for each clock says when it began and stopped; the table says the rest. */
#include "daemon/core/support/caseclocks.h"

#include "common/civil.h"

/* The case whose clocks are being found. */
struct finding {
    const struct clocks *clocks;
    const struct clock_pupil *pupil;
    const struct schooldays *calendar;
    const struct case_facts *facts;
    struct case_clock *out;
    size_t count;
};

static struct case_clock *add(struct finding *finding, enum clock_kind kind, int32_t began, int32_t stopped)
{
    const struct clock_row *row =
        began == CIVIL_DAY_NONE ? NULL : clock_row(finding->clocks, kind, finding->pupil, began);
    if (row == NULL)
        return NULL;
    struct case_clock *clock = &finding->out[finding->count++];
    *clock = (struct case_clock){
        .row = row, .began_day = began, .stopped_day = stopped, .due = clock_due(row, finding->calendar, began)};
    return clock;
}

/* The first step of a kind that was done, or left out, on that day or later; CIVIL_DAY_NONE: none. */
static int32_t first_done(const struct case_facts *facts, enum step_kind kind, int32_t from)
{
    int32_t first = CIVIL_DAY_NONE;
    for (size_t i = 0; i < facts->step_count; i++) {
        int32_t done = facts->steps[i].done_day;
        if (facts->steps[i].kind == kind && done != CIVIL_DAY_NONE && done >= from &&
            (first == CIVIL_DAY_NONE || done < first))
            first = done;
    }
    return first;
}

/* The step of a kind that began last; NULL: there is none. */
static const struct step *latest(const struct case_facts *facts, enum step_kind kind)
{
    for (size_t i = facts->step_count; i > 0; i--)
        if (facts->steps[i - 1].kind == kind)
            return &facts->steps[i - 1];
    return NULL;
}

static int32_t not_before(int32_t day, int32_t from)
{
    return day != CIVIL_DAY_NONE && day >= from ? day : CIVIL_DAY_NONE;
}

static void find_contact_and_mapping(struct finding *finding)
{
    const struct case_facts *facts = finding->facts;
    add(finding, CLOCK_FIRST_CONTACT, facts->support_day, first_done(facts, STEP_CONTACT, INT32_MIN));
    int32_t contact = CIVIL_DAY_NONE;
    for (size_t i = 0; i < facts->step_count && contact == CIVIL_DAY_NONE; i++)
        if (facts->steps[i].kind == STEP_CONTACT && !facts->steps[i].is_skipped)
            contact = facts->steps[i].done_day;
    if (!facts->cause_known)
        add(finding, CLOCK_MAPPING, contact, first_done(facts, STEP_MAPPING, INT32_MIN));
}

static void find_inquiry(struct finding *finding)
{
    const struct case_facts *facts = finding->facts;
    const struct step *inquiry = latest(facts, STEP_INQUIRY);
    add(finding, CLOCK_INQUIRY_DECISION, facts->grave_day, facts->decided_day);
    if (facts->decided_inquiry)
        add(finding, CLOCK_INQUIRY, facts->decided_day, first_done(facts, STEP_INQUIRY, facts->decided_day));
    if (inquiry != NULL && !inquiry->is_skipped)
        add(finding, CLOCK_HUVUDMAN_TOLD, inquiry->began_day, not_before(facts->huvudman_told_day, inquiry->began_day));
    add(finding, CLOCK_HOME_MUNICIPALITY_TOLD, facts->elsewhere_day,
        not_before(facts->elsewhere_told_day, facts->elsewhere_day));
}

static void find_measures_and_sip(struct finding *finding)
{
    const struct case_facts *facts = finding->facts;
    const struct step *sip = latest(facts, STEP_SIP);
    for (size_t i = 0; i < facts->measure_count && i < CASE_MEASURES_MAX; i++) {
        struct case_clock *clock =
            add(finding, CLOCK_MEASURE_EVALUATED, facts->measures[i].began_day, facts->measures[i].evaluated_day);
        if (clock != NULL)
            clock->measure = i;
    }
    if (sip != NULL && !sip->is_skipped)
        add(finding, CLOCK_SIP, sip->began_day, sip->done_day);
}

/* Due on the date that the school set, and never later than the table says. */
static void find_next_date(struct finding *finding)
{
    struct case_clock *clock = add(finding, CLOCK_NEXT_DATE, finding->facts->next_set_day, CIVIL_DAY_NONE);
    if (clock != NULL && (clock->due.day == CIVIL_DAY_NONE || finding->facts->next_day < clock->due.day))
        clock->due = (struct schooldays_due){.day = finding->facts->next_day};
}

/* Begins when the case has been open as long as the row says, and anew each time the head has seen it. */
static void find_long_case(struct finding *finding, int32_t today)
{
    const struct case_facts *facts = finding->facts;
    const struct clock_row *row = clock_row(finding->clocks, CLOCK_LONG_CASE, finding->pupil, facts->opened_day);
    if (row == NULL)
        return;
    int32_t begins = schooldays_after(finding->calendar, DAY_UNIT_SCHOOL, facts->opened_day, row->after_days).day;
    if (begins == CIVIL_DAY_NONE || begins > today)
        return;
    add(finding, CLOCK_LONG_CASE, facts->seen_day > begins ? facts->seen_day : begins, CIVIL_DAY_NONE);
}

size_t case_clocks(const struct clocks *clocks, const struct clock_pupil *pupil, const struct schooldays *calendar,
                   const struct case_facts *facts, int32_t today, struct case_clock out[CASE_CLOCKS])
{
    struct finding finding = {clocks, pupil, calendar, facts, out, 0};
    find_contact_and_mapping(&finding);
    find_inquiry(&finding);
    find_measures_and_sip(&finding);
    find_next_date(&finding);
    find_long_case(&finding, today);
    add(&finding, CLOCK_CONCERN_ANSWERED, facts->concern_day, facts->concern_answered_day);
    return finding.count;
}

static bool blocks_closing(const struct case_clock *clock)
{
    return clock->row->duty_by_law && clock->row->kind != CLOCK_CONCERN_ANSWERED &&
           clock->stopped_day == CIVIL_DAY_NONE;
}

const char *case_closing_obstacle(const struct case_clock *clocks, size_t count, int level, bool asks_head)
{
    if (level >= CASE_HEAD_LEVEL && !asks_head)
        return "head_alone";
    for (size_t i = 0; i < count; i++)
        if (blocks_closing(&clocks[i]))
            return "clock_open";
    return NULL;
}
