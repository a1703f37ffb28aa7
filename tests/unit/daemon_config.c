/* The daemon's settings: the example loads as it stands, and every mistake is told with file, line and key. */
#include "daemon/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tests/test.h"

static struct config config;
static struct problems problems;
static char folder[] = "/tmp/narvaro-config-XXXXXX";

static void write_file(const char *name, const char *text, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    chmod(path, 0600);
}

static bool read_text(const char *text)
{
    char path[PATH_MAX];
    write_file("d.cfg", text, path);
    memset(&problems, 0, sizeof problems);
    bool read = config_read(path, &config, &problems);
    unlink(path);
    return read;
}

static bool says(const char *words)
{
    for (int i = 0; i < problems.count; i++)
        if (strstr(problems.lines[i], words) != NULL)
            return true;
    printf("# no problem says \"%s\"\n", words);
    for (int i = 0; i < problems.count; i++)
        printf("#   %s\n", problems.lines[i]);
    return false;
}

static void the_example_loads(void)
{
    memset(&problems, 0, sizeof problems);
    bool read = config_read("config/narvarod.cfg", &config, &problems);
    /* Only the key file, which a machine has and the tree has not. */
    CHECK(!read && problems.count == 1 && says("/etc/narvaro/token.key"));
    CHECK(strcmp(config.school, "ekskolan") == 0 && config.plan_days == 14 && config.control_user_count == 1);
    CHECK(memcmp(&config.rollcall, &ROLLCALL_DEFAULTS, sizeof config.rollcall) == 0);
    CHECK(memcmp(&config.retention, &(struct retention_settings)RETENTION_DEFAULTS, sizeof config.retention) == 0);
    CHECK(config.debounce_s == 3 && config.repeat_s == 60 && !config.late_sounds_like_ok);
}

#define BASE "school = \"s\"; database = \"d\"; control_socket = \"c\"; rules = \"r\"; broker = { host = \"h\"; };"

static void a_short_one_takes_the_defaults(void)
{
    char key[PATH_MAX], text[2 * PATH_MAX];
    write_file("key", "000102030405060708090a0b0c0d0eff\n", key);
    snprintf(text, sizeof text, BASE "token_key_file = \"%s\";", key);
    CHECK(read_text(text));
    CHECK(config.token_key[1] == 1 && config.token_key[15] == 0xff);
    CHECK(config.broker.port == 1883 && config.broker.protocol == 5 && config.rollcall.grace_min == 5);
    chmod(key, 0640);
    CHECK(!read_text(text) && says("chmod 600") && says("0640"));
    write_file("key", "0001\n", key);
    CHECK(!read_text(text) && says("32 hex digits"));
    unlink(key);
}

static void one_past_each_limit_is_told(void)
{
    CHECK(!read_text(BASE "group_signal = { weeks = 21; };") && says("weeks"));
    CHECK(!read_text(BASE "control_users = (\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\", \"i\");") &&
          says("control_users"));
}

static void every_mistake_is_told(void)
{
    CHECK(!read_text("school = \"Not An Id\";\ndatabase = \"d\";\nplan_days = 15;\ncolour = 1;\n"
                     "broker = { host = \"h\"; port = 70000; };\nrollcall = { room_match = \"street\"; };\n"));
    CHECK(says("d.cfg:1: school"));
    CHECK(says("d.cfg:3: plan_days"));
    CHECK(says("colour"));
    CHECK(says("port"));
    CHECK(says("control_socket"));
    CHECK(says("room_match"));
    CHECK(!read_text(BASE "token_key_file = \"k\";\nretention = { taps_years = 4; outcomes_years = 3; };"));
    CHECK(says("d.cfg:2: taps_years must not be more than outcomes_years"));
    CHECK(!read_text(BASE "token_key_file = \"k\";\nretention = { flags_years = 1; };") && says("flags_years"));
}

#define ROOT "school = \"s\"; database = \"d\"; control_socket = \"c\"; rules = \"r\"; token_key_file = \"k\";\n"

/* Each value is right by itself. */
static void what_cannot_both_be_good_is_told(void)
{
    static const char TLS[] = "broker.ca_file, certificate_file and key_file must be given all three, or none";
    static const char PORT[] =
        "broker.port must be 1 to 65535 for a host name, and 0 when host is the path of a socket";
    static const struct {
        const char *text, *line;
    } WRONG[] = {
        {ROOT "broker = { host = \"h\"; ca_file = \"/a\"; };", TLS},
        {ROOT "broker = { host = \"h\"; certificate_file = \"/a\"; key_file = \"/a\"; };", TLS},
        {ROOT "broker = { host = \"h\"; ca_file = \"/a\"; key_file = \"/a\"; };", TLS},
        {ROOT "broker = { host = \"h\"; port = 0; };", PORT},
        {ROOT "broker = { host = \"/run/b\"; port = 1883; };", PORT},
        {ROOT "rollcall = { grace_min = 31; }; broker = { host = \"h\"; };",
         "grace_min must not be more than late_max_min: nobody would ever be late"},
        {ROOT "rollcall = { late_max_min = 4; }; broker = { host = \"h\"; };", "grace_min must not be more than"},
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        char line[PATH_MAX];
        snprintf(line, sizeof line, "d.cfg:2: %s", WRONG[i].line);
        CHECK(!read_text(WRONG[i].text) && problems.count == 1 && says(line));
    }
    /* All is right but the key file. */
    CHECK(!read_text(ROOT "rollcall = { grace_min = 30; }; broker = { host = \"h\"; };") && problems.count == 1);
    CHECK(!read_text(ROOT "broker = { host = \"/run/b\"; port = 0; };") && problems.count == 1);
    CHECK(!read_text(ROOT
                     "broker = { host = \"h\"; ca_file = \"/a\"; certificate_file = \"/a\"; key_file = \"/a\"; };") &&
          problems.count == 1);
}

static void check_machine(const char *text)
{
    char path[PATH_MAX];
    write_file("m.cfg", text, path);
    memset(&problems, 0, sizeof problems);
    config_check_machine(path, &problems);
    unlink(path);
}

static void what_the_machine_lacks_is_told(void)
{
    check_machine("control_users = (\n\"root\",\n\"nobody-here\" );\ndatabase = \"/nonexistent/a.db\";");
    CHECK(problems.count == 2);
    CHECK(says("m.cfg:3: control_users: this machine has no user nobody-here"));
    CHECK(says("m.cfg:4: database: there is no folder /nonexistent"));
    check_machine("\ndatabase = \"data/a.db\";");
    CHECK(problems.count == 1 && says("m.cfg:2: database must be an absolute path"));
    check_machine("control_users = ( \"root\" ); database = \"/tmp/a.db\";");
    CHECK(problems.count == 0);
    check_machine("database = \"/a.db\";");
    CHECK(problems.count == 0);
}

static void a_group_of_the_wrong_kind(void)
{
    CHECK(!read_text(BASE "token_key_file = \"k\"; terminals = 3; control_users = ( 1 );"));
    CHECK(problems.count >= 1);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    TEST(the_example_loads);
    TEST(a_short_one_takes_the_defaults);
    TEST(one_past_each_limit_is_told);
    TEST(every_mistake_is_told);
    TEST(what_cannot_both_be_good_is_told);
    TEST(what_the_machine_lacks_is_told);
    TEST(a_group_of_the_wrong_kind);
    rmdir(folder);
    return test_done();
}
