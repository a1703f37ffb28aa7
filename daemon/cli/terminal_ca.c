/* narvaro terminal ca: the school's authority where there is none yet, and what the broker is given by it. */
#include <stdio.h>
#include "common/civil.h"
#include "daemon/cli/brokerfiles.h"
#include "daemon/cli/command.h"
#include "daemon/cli/terminal.h"

int terminal_ca(const struct terminal_words *words)
{
    char why[AUTHORITY_WHY_BYTES], print[AUTHORITY_PRINT_BYTES], ends[CIVIL_UTC_BYTES], school[ID_BYTES];
    struct authority authority;
    bool made;
    int line;
    if (!brokerfiles_school(words->config, school, &line, why) ||
        !authority_make(&authority, words->authority, &made, why))
        return command_failed("narvaro terminal", why);
    bool good = brokerfiles_give(&authority,
                                 &(struct brokerfiles){words->broker, school, words->hosts, words->host_count}, why);
    authority_print(&authority, print);
    civil_write_utc(authority_to_ms(&authority), ends);
    authority_close(&authority);
    if (!good)
        return command_failed("narvaro terminal", why);
    printf("%s the authority in %s; it ends on %.10s. Keep a copy of the folder where no network reaches it.\n"
           "Its fingerprint: %s\n"
           "The broker's certificate is new, for %s, and its access list is that of the school %s: systemctl restart "
           "narvaro-broker\n",
           made ? "Made" : "Kept", words->authority, ends, print, words->hosts[0], school);
    return command_printed();
}
