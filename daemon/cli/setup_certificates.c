/* The parts of `narvaro setup` that need the authority: the broker, and the front that browsers see. */
#include "daemon/cli/setup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "common/civil.h"
#include "common/filebytes.h"
#include "daemon/cli/authority_issue.h"
#include "daemon/cli/brokerfiles.h"
#include "daemon/cli/examples.h"

#define MARK "# Written by `narvaro setup'. Take this line away to keep changes of your own.\n"

static bool same_hosts(const struct setup *setup, const struct issued *issued)
{
    char hosts[AUTHORITY_HOSTS_MAX][AUTHORITY_NAME_BYTES];
    size_t count = authority_hosts(&setup->authority, issued, hosts);
    bool same = count == setup->host_count;
    for (size_t i = 0; i < count && same; i++)
        same = strcmp(hosts[i], setup->hosts[i]) == 0;
    return same;
}

bool setup_learn_authority(struct setup *setup)
{
    char folder[PATH_MAX], key[PATH_MAX];
    if (!setup_path(setup, "ca", folder) || !setup_path(setup, "ca/ca.key", key))
        return false;
    if (access(key, F_OK) == 0) {
        if (!authority_open(&setup->authority, folder, setup->why))
            return false;
        setup->has_authority = true;
        const struct issued *broker = authority_server(&setup->authority, ISSUED_BROKER);
        if (setup->host_count == 0 && broker != NULL)
            setup->host_count = authority_hosts(&setup->authority, broker, setup->known_hosts);
        for (size_t i = 0; i < setup->host_count && setup->hosts[i] == NULL; i++)
            setup->hosts[i] = setup->known_hosts[i];
    }
    if (setup->host_count == 0)
        snprintf(setup->why, sizeof setup->why,
                 "--host is needed: a name or address by which terminals and browsers reach this machine");
    else if (setup->known_school[0] != '\0' && strcmp(setup->known_school, setup->school) != 0 &&
             setup->has_authority && authority_has_terminals(&setup->authority))
        snprintf(
            setup->why, sizeof setup->why,
            "terminals belong to the school as \"%s\": under another id all of them would be refused. Keep the id, "
            "or revoke them first (narvaro terminal list)",
            setup->known_school);
    else
        return true;
    return false;
}

/* Whether the certificate in the file is our authority's for these hosts. */
static bool is_ours(const struct setup *setup, const char *path, struct issued *out)
{
    char *text = filebytes_text(path, SETUP_FILE_BYTES_MAX);
    bool ours = text != NULL && setup->has_authority && authority_signed(&setup->authority, text, out);
    free(text);
    return ours;
}

static bool has_what_it_needs(struct setup *setup, const char *folder)
{
    static const char *const NAMES[] = {"ca.crt", "revoked.crl"};
    struct issued issued;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%.*s/broker.crt", PATH_MAX - 16, folder);
    bool good = is_ours(setup, path, &issued) && issued.revoked_ms == 0 && same_hosts(setup, &issued);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES && good; i++) {
        snprintf(path, sizeof path, "%.*s/%s", PATH_MAX - 16, setup->authority.folder, NAMES[i]);
        char *text = filebytes_text(path, SETUP_FILE_BYTES_MAX);
        snprintf(path, sizeof path, "%.*s/%s", PATH_MAX - 16, folder, NAMES[i]);
        good = text != NULL && setup_is(path, text);
        free(text);
    }
    return good;
}

static bool make_authority(struct setup *setup, const char *folder)
{
    bool made;
    if (setup->has_authority)
        return true;
    printf(
        "%s %s\n  keep a copy of this folder where no network reaches it: with it lost every terminal must be enrolled "
        "anew\n",
        setup->dry_run ? "would make" : "made", folder);
    setup->has_authority = setup->dry_run || authority_make(&setup->authority, folder, &made, setup->why);
    return setup->has_authority;
}

static bool settle_list(struct setup *setup, const char *folder)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%.*s/mosquitto.acl", PATH_MAX - 16, folder);
    char *list = example_text(EXAMPLE_LIST, EXAMPLE_SCHOOL, setup->school);
    bool right = list != NULL && setup_is(path, list);
    bool good = right || (list != NULL && setup_write(setup, path, list, 0640));
    if (list == NULL)
        snprintf(setup->why, sizeof setup->why, "no memory");
    if (!right)
        setup->touched |= SETUP_BROKER;
    free(list);
    return good;
}

bool setup_broker(struct setup *setup)
{
    char authority[PATH_MAX], folder[PATH_MAX];
    bool is_new = !setup->has_authority;
    if (!setup_path(setup, "ca", authority) || !setup_path(setup, "broker", folder) ||
        !make_authority(setup, authority))
        return false;
    if (!is_new && has_what_it_needs(setup, folder))
        return settle_list(setup, folder);
    printf("%s %s/broker.crt for %s\n", setup->dry_run ? "would make" : "made", folder, setup->hosts[0]);
    setup->touched |= SETUP_BROKER;
    return setup->dry_run ||
           brokerfiles_give(&setup->authority,
                            &(struct brokerfiles){folder, setup->school, setup->hosts, setup->host_count}, setup->why);
}

/* The key first: when the certificate is missing or of before, the next run makes both anew. The chain follows the
 * certificate, so that a computer that knows the authority needs nothing else. */
static bool issue_front(struct setup *setup, const char *certificate_path, const char *key_path)
{
    struct issue issue;
    char *key, *chain = NULL, *own = NULL;
    setup->touched |= SETUP_WEB_FRONT;
    if (setup->dry_run) {
        printf("would make %s for %s\n", certificate_path, setup->hosts[0]);
        return true;
    }
    bool good = authority_issue_front(&setup->authority, setup->hosts, setup->host_count, &issue, &key, setup->why) &&
                (own = authority_text(&setup->authority)) != NULL &&
                asprintf(&chain, "%s%s", issue.certificate, own) >= 0 &&
                authority_keep(&setup->authority, &issue, setup->why) && setup_write(setup, key_path, key, 0600) &&
                setup_write(setup, certificate_path, chain, 0644);
    if (key != NULL)
        explicit_bzero(key, strlen(key));
    free(key);
    free(chain);
    free(own);
    issue_free(&issue);
    return good;
}

bool setup_front_certificate(struct setup *setup)
{
    char path[PATH_MAX], key[PATH_MAX];
    struct issued issued;
    if (!setup_path(setup, "web.pem", path) || !setup_path(setup, "web.key", key))
        return false;
    if (access(path, F_OK) != 0)
        return issue_front(setup, path, key);
    if (!is_ours(setup, path, &issued)) {
        setup_leave(setup, path, "another authority signed it: see that it holds for this machine's names");
        return true;
    }
    int64_t soon_ms = ((int64_t)time(NULL) + SETUP_RENEW_DAYS * CIVIL_S_PER_DAY) * 1000;
    return (issued.to_ms > soon_ms && same_hosts(setup, &issued)) || issue_front(setup, path, key);
}

static char *site_text(const struct setup *setup)
{
    char names[AUTHORITY_HOSTS_MAX * (AUTHORITY_NAME_BYTES + 2)] = "";
    for (size_t i = 0, at = 0; i < setup->host_count; i++) {
        bool is_ipv6 = strchr(setup->hosts[i], ':') != NULL; /* in brackets, as in an address */
        at += (size_t)snprintf(names + at, sizeof names - at, "%s%s%s%s", i == 0 ? "" : " ", is_ipv6 ? "[" : "",
                               setup->hosts[i], is_ipv6 ? "]" : "");
    }
    char *site = example_text(EXAMPLE_FRONT, EXAMPLE_HOST, names), *marked = NULL;
    if (site != NULL && asprintf(&marked, "%s%s", MARK, site) < 0)
        marked = NULL;
    free(site);
    return marked;
}

bool setup_front_site(struct setup *setup)
{
    char *there = filebytes_text(setup->front, SETUP_FILE_BYTES_MAX);
    char *site = site_text(setup);
    bool good = site != NULL;
    if (!good)
        snprintf(setup->why, sizeof setup->why, "no memory");
    else if (there == NULL && errno != ENOENT) {
        snprintf(setup->why, sizeof setup->why, "%s: %s", setup->front, strerror(errno));
        good = false;
    } else if (there != NULL && strncmp(there, MARK, strlen(MARK)) != 0)
        setup_leave(setup, setup->front,
                    "it is the school's own: see that it names this machine as terminals and browsers do");
    else if (there == NULL || strcmp(there, site) != 0) {
        setup->touched |= SETUP_WEB_FRONT;
        good = setup_write(setup, setup->front, site, 0644);
    }
    free(there);
    free(site);
    return good;
}

void setup_close(struct setup *setup)
{
    authority_close(&setup->authority);
}
