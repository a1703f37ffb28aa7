/* School files: what is wrong is told with file, line and column, all of it in one run. */
#include "daemon/core/school/schoolfiles.h"

#include <stdlib.h>
#include "common/civil.h"
#include "daemon/core/school/schoolcheck.h"
#include "tests/test.h"

static const uint8_t KEY[TOKEN_KEY_BYTES] = {7};
static const size_t NOTHING_KNOWN[SCHOOLCHECK_KINDS] = {0};

static struct problems problems, refusals;
static struct schoolfiles files;
static char texts[SCHOOLFILES][2048];

static void begin(void)
{
    memset(&problems, 0, sizeof problems);
    memset(&refusals, 0, sizeof refusals);
    schoolfiles_init(&files, KEY, &problems, &refusals);
}

static void give(enum schoolfile which, const char *text)
{
    snprintf(texts[which], sizeof texts[which], "%s", text);
    CHECK(schoolfiles_read(&files, which, texts[which], strlen(texts[which])));
}

static void check(void)
{
    struct schoolcheck with;
    CHECK(schoolcheck_open(&with, &files, NOTHING_KNOWN));
    CHECK(schoolcheck_run(&with, &files));
    schoolcheck_close(&with);
}

static bool told_in(const struct problems *where, const char *line)
{
    for (int i = 0; i < where->count && i < PROBLEMS_KEPT; i++)
        if (strcmp(where->lines[i], line) == 0)
            return true;
    printf("# not told: %s\n", line);
    for (int i = 0; i < where->count && i < PROBLEMS_KEPT; i++)
        printf("#     told: %s\n", where->lines[i]);
    return false;
}

static bool told(const char *line)
{
    return told_in(&problems, line);
}

struct bad_row {
    enum schoolfile file;
    const char *text, *problem;
};

#define PUPILS    "pupil_id,given_name,family_name,class,year,protected,from,to\n"
#define MEMBERS   "group_id,pupil_id,from,to\n"
#define LESSONS   "lesson_id,group_id,subject,room,date,start,end,state\n"
#define DETAILS   "pupil_id,to,end_reason,birth_date,school_form,home_municipality,programme,placed\n"
#define GUARDIANS "pupil_id,name,phone,email,order,relation,language,interpreter,notify\n"
#define MARKS     "lesson_id,pupil_id,status,absent_minutes,recorded_at\n"

#define X16  "xxxxxxxxxxxxxxxx"
#define X64  X16 X16 X16 X16
#define X201 X64 X64 X64 "xxxxxxxxx"

static const struct bad_row BAD_ROWS[] = {
    {SCHOOLFILE_PUPILS, PUPILS X64 ",Ada,Å,7A,7,0,,\n", "pupils.csv:2: pupil_id: longer than 63 bytes"},
    {SCHOOLFILE_PUPILS, PUPILS "a," X201 ",Å,7A,7,0,,\n", "pupils.csv:2: given_name: longer than 200 bytes"},
    {SCHOOLFILE_CARDS, "card,pupil_id,from,to\n00112233445566778899AA,a,,\n",
     "cards.csv:2: card: should be a card's number: 8 to 20 digits of 0-9 and A-F, two a byte"},
    {SCHOOLFILE_MARKS, MARKS "L1,a,late,1441,2026-09-01T08:10:00Z\n",
     "marks.csv:2: absent_minutes: \"1441\" should be a whole number from 0 to 1440"},
    {SCHOOLFILE_PUPILS, PUPILS ",Ada,Å,7A,7,0,,\n", "pupils.csv:2: pupil_id: must not be empty"},
    {SCHOOLFILE_PUPILS, PUPILS "a,\"A\nda\",Å,7A,7,0,,\n",
     "pupils.csv:2: given_name: holds a tab, a line break or another control character"},
    {SCHOOLFILE_PUPILS, PUPILS "a,Ada,Å,7A,7,yes,,\n", "pupils.csv:2: protected: \"yes\" should be 0 or 1"},
    {SCHOOLFILE_PUPILS, PUPILS "a,Ada,Å,7A,7,0,2026-02-30,\n",
     "pupils.csv:2: from: \"2026-02-30\" should be a date like 2026-09-01"},
    {SCHOOLFILE_PUPILS, "elev_id;klass\na;7A\n",
     "pupils.csv:1: pupil_id: this file is separated by semicolons and has no column \"pupil_id\"; found: "
     "elev_id, klass"},
    {SCHOOLFILE_LESSONS, LESSONS "L1,7A,no,101,2026-09-01,8.10,09:00,held\n",
     "lessons.csv:2: start: \"8.10\" should be a time of day like 08:10"},
    {SCHOOLFILE_LESSONS, LESSONS "L1,7A,no,101,2026-09-01,08:10,09:00,moved\n",
     "lessons.csv:2: state: \"moved\" should be one of held cancelled"},
    {SCHOOLFILE_TERMINALS, "terminal_id,room\nRoom 1,101\n",
     "terminals.csv:2: terminal_id: \"Room 1\" should be 1 to 32 of a-z, 0-9 and -"},
    {SCHOOLFILE_TERMINALS, "terminal_id,room,place\nt-1,101,door\n",
     "terminals.csv:2: place: \"door\" should be one of room entrance"},
    {SCHOOLFILE_CARDS, "card,pupil_id,from,to\n3B:1D:EF:86:,a,,\n",
     "cards.csv:2: card: should be a card's number: 8 to 20 digits of 0-9 and A-F, two a byte"},
    {SCHOOLFILE_CARDS, "card,pupil_id,from,to\n3B1DEF86,a,noon,\n",
     "cards.csv:2: from: \"noon\" should be a date like 2026-09-01, or a local time like 2026-09-01T08:10"},
    {SCHOOLFILE_CALENDAR, "from,to,kind\n2026-10-26,2026-10-30,semester\n",
     "calendar.csv:2: kind: \"semester\" should be one of lasar lov studiedag helgdag lovskola"},
    {SCHOOLFILE_CARDS, "card,pupil_id,from,to\n3B1DEF8,a,,\n",
     "cards.csv:2: card: should be a card's number: 8 to 20 digits of 0-9 and A-F, two a byte"},
    {SCHOOLFILE_ABSENCES, "pupil_id,from,to,type\na,2026-09-01,2026-09-02,reported\n",
     "absences.csv:2: from: \"2026-09-01\" should be a local time like 2026-09-01T08:10, or UTC like "
     "2026-09-01T06:10:00Z"},
    {SCHOOLFILE_ABSENCES, "pupil_id,from,to,type\na,2026-09-01T08:10,,sick\n",
     "absences.csv:2: type: \"sick\" should be one of reported leave"},
    {SCHOOLFILE_TAPS, "terminal_id,card,at\nt-1,3B1DEF86,2026-09-01T08:10\n",
     "taps.csv:2: at: \"2026-09-01T08:10\" should be UTC like 2026-09-01T06:01:23.456Z"},
    {SCHOOLFILE_MARKS, MARKS "L1,a,late,-3,2026-09-01T08:10:00Z\n",
     "marks.csv:2: absent_minutes: \"-3\" should be a whole number from 0 to 1440"},
    {SCHOOLFILE_GUARDIANS, "pupil_id,name,phone,email,order\na,Eva,1,e@x,first\n",
     "guardians.csv:2: order: \"first\" should be a whole number from 0 to 99"},
};

static void bad_rows_are_told_and_left_out(void)
{
    for (size_t i = 0; i < sizeof BAD_ROWS / sizeof *BAD_ROWS; i++) {
        begin();
        give(BAD_ROWS[i].file, BAD_ROWS[i].text);
        CHECK(told(BAD_ROWS[i].problem));
        CHECK(files.files[BAD_ROWS[i].file].count == 0 && files.files[BAD_ROWS[i].file].incomplete);
        schoolfiles_free(&files);
    }
}

/* What can be read and must not be believed: the rows are there. */
#define NO_ADDRESS \
    "pupils.csv:2: pupil_id: a pupil's id holds no / and is not . or ..; - may stand for it, in every file"

static const struct bad_row REFUSED_ROWS[] = {
    {SCHOOLFILE_PUPILS, PUPILS "a/b,Ada,Å,7A,7,0,,\n", NO_ADDRESS},
    {SCHOOLFILE_PUPILS, PUPILS "/,Ada,Å,7A,7,0,,\n", NO_ADDRESS},
    {SCHOOLFILE_PUPILS, PUPILS ".,Ada,Å,7A,7,0,,\n", NO_ADDRESS},
    {SCHOOLFILE_PUPILS, PUPILS "..,Ada,Å,7A,7,0,,\n", NO_ADDRESS},
    {SCHOOLFILE_PUPILS, PUPILS "a,Ada,Å,7A,7,0,2026-09-02,2026-09-01\n",
     "pupils.csv:2: to: lies before from; the last date is included"},
    {SCHOOLFILE_LESSONS, LESSONS "L1,7A,no,101,2026-09-01,09:00,09:00,held\n",
     "lessons.csv:2: end: the lesson ends before it has begun"},
    {SCHOOLFILE_CARDS, "card,pupil_id,from,to\n3B1DEF86,a,2026-09-01T09:00,2026-09-01T08:00\n",
     "cards.csv:2: to: lies before from"},
    {SCHOOLFILE_CARDS, "card,pupil_id,from,to\n08A1B2C3,a,,\n",
     "cards.csv:2: card: 4 bytes that begin with 08 are another number each time: a phone, or a card that cannot be "
     "used"},
    {SCHOOLFILE_CARDS, "card,pupil_id,from,to\n88:a1:b2:c3,a,,\n",
     "cards.csv:2: card: 4 bytes that begin with 88 are a part of a longer number: read the card anew"},
    {SCHOOLFILE_CARDS, "card,pupil_id,from,to\n00000000000000,a,,\n",
     "cards.csv:2: card: a number of zeros alone is no card's"},
    {SCHOOLFILE_CARDS, "card,pupil_id,from,to\nFFFFFFFF,a,,\n",
     "cards.csv:2: card: a number of ones alone is no card's"},
    {SCHOOLFILE_ABSENCES, "pupil_id,from,to,type\na,2026-09-01T08:10,2026-09-01T08:00,reported\n",
     "absences.csv:2: to: lies before from"},
    {SCHOOLFILE_ABSENCES, "pupil_id,from,to,type\na,2026-09-01T08:10,,reported\n",
     "absences.csv:2: to: must not be empty: an absence without an end outlives the pupil's return"},
    {SCHOOLFILE_MARKS, MARKS "L1,a,cancelled,0,2026-09-01T08:10:00Z\n",
     "marks.csv:2: status: should be one of present late reported leave unreported unknown; cancelled lessons and "
     "exemptions are facts of their own"},
    {SCHOOLFILE_MARKS, MARKS "L1,a,exempt,0,2026-09-01T08:10:00Z\n",
     "marks.csv:2: status: should be one of present late reported leave unreported unknown; cancelled lessons and "
     "exemptions are facts of their own"},
    {SCHOOLFILE_MARKS, MARKS "L1,a,late,,2026-09-01T08:10:00Z\n",
     "marks.csv:2: absent_minutes: must not be empty; 0 when there are none"},
    {SCHOOLFILE_MARKS, MARKS "L1,a,late,3,\n",
     "marks.csv:2: recorded_at: must say when; of several marks the latest counts"},
    {SCHOOLFILE_PUPILS, DETAILS "a,2026-06-12,left,,,,,\n",
     "pupils.csv:2: end_reason: \"left\" should be one of moved emigrated deceased"},
    {SCHOOLFILE_PUPILS, DETAILS "a,,moved,,,,,\n",
     "pupils.csv:2: end_reason: tells why the period ended, so to must not be empty"},
    {SCHOOLFILE_PUPILS, DETAILS "a,,,20130531-2384,,,,\n",
     "pupils.csv:2: birth_date: should be a date like 2013-05-31, and no more of a personal number"},
    {SCHOOLFILE_PUPILS, DETAILS "a,,,,Grundskola,,,\n",
     "pupils.csv:2: school_form: \"Grundskola\" should be one of FKLASS GR GRS SP SAM GY GYS"},
    {SCHOOLFILE_PUPILS, DETAILS "a,,,,,180,,\n",
     "pupils.csv:2: home_municipality: \"180\" should be a municipality's code of four digits, like 0180"},
    {SCHOOLFILE_PUPILS, DETAILS "a,,,,,,,ja\n", "pupils.csv:2: placed: \"ja\" should be 0 or 1"},
    {SCHOOLFILE_GUARDIANS, GUARDIANS "a,E,1,,1,mor,,,\n",
     "guardians.csv:2: relation: \"mor\" should be one of vardnadshavare god_man annan behorig"},
    {SCHOOLFILE_GUARDIANS, GUARDIANS "a,E,1,,1,,,nej,\n", "guardians.csv:2: interpreter: \"nej\" should be 0 or 1"},
    {SCHOOLFILE_GUARDIANS, GUARDIANS "a,E,1,,1,,,,2\n", "guardians.csv:2: notify: \"2\" should be 0 or 1"},
};

/* What only looks like a path is an id like others. */
static void ids_that_addresses_can_hold(void)
{
    begin();
    give(SCHOOLFILE_PUPILS,
         PUPILS "...,Ada,Å,7A,7,0,,\n.a,Bo,Å,7A,7,0,,\na.b,Cid,Å,7A,7,0,,\na\\b%2F,Dan,Å,7A,7,0,,\n");
    CHECK(problems.count == 0 && refusals.count == 0 && files.files[SCHOOLFILE_PUPILS].count == 4);
    schoolfiles_free(&files);
}

static void refused_rows_are_told_and_kept(void)
{
    for (size_t i = 0; i < sizeof REFUSED_ROWS / sizeof *REFUSED_ROWS; i++) {
        begin();
        give(REFUSED_ROWS[i].file, REFUSED_ROWS[i].text);
        CHECK(told_in(&refusals, REFUSED_ROWS[i].problem) && problems.count == 0);
        CHECK(files.files[REFUSED_ROWS[i].file].count == 1 && !files.files[REFUSED_ROWS[i].file].incomplete);
        schoolfiles_free(&files);
    }
}

static void all_problems_in_one_run(void)
{
    begin();
    give(SCHOOLFILE_PUPILS, PUPILS "a,Ada,Å,7A,7,0,x,y\nb,Bo,Ö,7A,7,2,,\nc,C,C,7A,7,0,,\n");
    give(SCHOOLFILE_LESSONS, LESSONS "L1,7A,no,101,2026-09-01,08:10,09:00,held\n\"L2,7A\n");
    CHECK(problems.count == 4);
    CHECK(told("pupils.csv:2: from: \"x\" should be a date like 2026-09-01"));
    CHECK(told("pupils.csv:2: to: \"y\" should be a date like 2026-09-01"));
    CHECK(told("pupils.csv:3: protected: \"2\" should be 0 or 1"));
    CHECK(told("lessons.csv:3: lesson_id: a quote that is never closed"));
    CHECK(files.files[SCHOOLFILE_PUPILS].count == 1 && files.files[SCHOOLFILE_LESSONS].count == 1);
    schoolfiles_free(&files);
}

static void references_must_hold(void)
{
    begin();
    give(SCHOOLFILE_PUPILS, PUPILS "a,Ada,Å,7A,7,0,,2026-09-30\na,Ada,Å,7B,7,0,2026-10-01,2026-10-31\n"
                                   "a,Ada,Å,7C,7,0,2026-10-31,\n");
    give(SCHOOLFILE_TERMINALS, "terminal_id,room,from,to\nt-1,101,2026-09-05,\nt-1,102,,2026-09-04\n"
                               "t-1,103,2026-01-01,2026-01-01\n");
    give(SCHOOLFILE_LESSONS, LESSONS "L1,7A,no,101,2026-09-01,08:10,09:00,held\n"
                                     "L1,7A,no,101,2026-09-02,08:10,09:00,held\n");
    give(SCHOOLFILE_MEMBERS, MEMBERS "7A,a,,\n7A,b,,\n");
    give(SCHOOLFILE_MARKS, MARKS "L1,a,late,51,2026-09-01T08:10:00Z\nL9,a,late,5,2026-09-01T08:10:00Z\n");
    give(SCHOOLFILE_OUTAGES, "terminal_id,from,to\nt-9,,\n");
    give(SCHOOLFILE_TAPS, "terminal_id,card,at\nt-9,DEADBEEF,2026-09-01T08:10:00Z\n");
    give(SCHOOLFILE_TEACHERS, "group_id,staff_id,from,to\n7A,s1,,\n");
    check();
    CHECK(problems.count == 0 && refusals.count == 8);
    CHECK(told_in(&refusals, "lessons.csv:3: lesson_id: \"L1\" is on line 2 already; one row for each lesson"));
    CHECK(told_in(&refusals, "pupils.csv:4: from: \"a\" is on line 3 too, for some of the same dates; periods must not "
                             "overlap"));
    CHECK(told_in(&refusals,
                  "terminals.csv:4: from: \"t-1\" is on line 3 too, for some of the same dates; periods must "
                  "not overlap"));
    CHECK(told_in(&refusals, "members.csv:3: pupil_id: no pupil is called \"b\"; it should be in pupils.csv"));
    CHECK(told_in(&refusals, "marks.csv:2: absent_minutes: 51 is more than the lesson's 50"));
    CHECK(told_in(&refusals, "marks.csv:3: lesson_id: no lesson is called \"L9\"; it should be in lessons.csv"));
    CHECK(
        told_in(&refusals, "outages.csv:2: terminal_id: no terminal is called \"t-9\"; it should be in terminals.csv"));
    CHECK(
        told_in(&refusals, "teachers.csv:2: staff_id: no member of staff is called \"s1\"; it should be in staff.csv"));
    schoolfiles_free(&files);
}

/* One slip in pupils.csv must not bury itself under a hundred others. */
static void slip_in_one_file_is_not_told_again_of_others(void)
{
    begin();
    give(SCHOOLFILE_PUPILS, PUPILS "a,Ada,Å,7A,7,0,x,\n");
    give(SCHOOLFILE_MEMBERS, MEMBERS "7A,a,,\n8A,a,,\n");
    check();
    CHECK(problems.count == 1 && refusals.count == 0);
    schoolfiles_free(&files);
}

static void values_are_read_as_they_are_meant(void)
{
    static const uint8_t CARD[] = {0x00, 0xE1, 0x79, 0x23};
    begin();
    give(SCHOOLFILE_PUPILS, "to,pupil_id,family_name,given_name,class,year,protected,from,note,recorded_at\n"
                            "2026-12-24,a,\"O'Efter \"\"1\"\"\",Åsa,7A,F,1,2026-08-18,x,2026-08-01T10:00:00Z\n");
    give(SCHOOLFILE_CARDS, "card,pupil_id,from,to\n00E17923,a,,\n00:e1:79:23,a,2026-09-01,2026-09-02\n"
                           "00E17923,a,2026-09-03T08:00,2026-09-03T12:00\n");
    give(SCHOOLFILE_ABSENCES, "pupil_id,from,to,type\na,2026-10-25T02:30,2026-10-25T08:00:00Z,leave\n"
                              "a,,2026-10-25T08:00,reported\n");
    give(SCHOOLFILE_TERMINALS, "terminal_id\tplace\nt-1\tentrance\nt-2\t\n");
    give(SCHOOLFILE_MEMBERS, "sep=;\ngroup_id;pupil_id;;\n 7A\xCC\x8A ;a\xC2\xA0;;\n;;;\n");
    give(SCHOOLFILE_CALENDAR, "from,to,kind\n2026-10-26,2026-10-30,lov\n");
    check();
    CHECK(problems.count == 0 && refusals.count == 0);
    const struct pupil_row *pupil = schoolfiles_row(&files, SCHOOLFILE_PUPILS, 0);
    CHECK(text_equal(pupil->family_name, text_of("O'Efter \"1\"")) && text_equal(pupil->year, text_of("F")));
    CHECK(pupil->is_protected && pupil->from_day == civil_day(2026, 8, 18) && pupil->to_day == civil_day(2026, 12, 24));
    CHECK(pupil->row.line == 2 && pupil->row.recorded_ms == 1785578400000);
    const struct card_row *card = schoolfiles_row(&files, SCHOOLFILE_CARDS, 0);
    CHECK(card->token == token_of_card(KEY, CARD, sizeof CARD) && card->from_ms == INT64_MIN &&
          card->to_ms == INT64_MAX);
    CHECK(card[1].token == card->token && card[1].to_ms - card[1].from_ms == 2 * CIVIL_MS_PER_DAY);
    CHECK(card[2].from_ms == 1788415200000 && card[2].to_ms - card[2].from_ms == CIVIL_MS_PER_DAY / 6);
    CHECK(card->row.recorded_ms == SCHOOLFILES_NOT_RECORDED);
    const struct absence_row *absences = schoolfiles_row(&files, SCHOOLFILE_ABSENCES, 0);
    CHECK(absences[0].leave && absences[0].from_ms == 1792888200000); /* 02:30 twice that night: the first */
    CHECK(absences[0].to_ms - absences[0].from_ms == 27000000);
    CHECK(!absences[1].leave && absences[1].from_ms == INT64_MIN);
    const struct terminal_row *terminals = schoolfiles_row(&files, SCHOOLFILE_TERMINALS, 0);
    CHECK(terminals[0].entrance && !terminals[1].entrance && terminals[1].room.length == 0);
    const struct member_row *member = schoolfiles_row(&files, SCHOOLFILE_MEMBERS, 0);
    CHECK(files.files[SCHOOLFILE_MEMBERS].count == 1 && text_equal(member->pupil_id, text_of("a")));
    CHECK(text_equal(member->group_id, text_of("7\xC3\x85"))); /* A and a ring have become Å */
    const struct calendar_row *holiday = schoolfiles_row(&files, SCHOOLFILE_CALENDAR, 0);
    CHECK(holiday->kind == CALENDAR_LOV && holiday->to_day - holiday->from_day == 4);
    schoolfiles_free(&files);
}

int main(void)
{
    TEST(bad_rows_are_told_and_left_out);
    TEST(ids_that_addresses_can_hold);
    TEST(refused_rows_are_told_and_kept);
    TEST(all_problems_in_one_run);
    TEST(references_must_hold);
    TEST(slip_in_one_file_is_not_told_again_of_others);
    TEST(values_are_read_as_they_are_meant);
    return test_done();
}
