/* What the authority knows of a certificate that it signed. */
#ifndef DAEMON_CLI_AUTHORITY_ISSUED_H
#define DAEMON_CLI_AUTHORITY_ISSUED_H

#include <stdint.h>

#define AUTHORITY_FRONT_NAME \
    "Närvaro, the dashboard" /* no id, no host: its hosts are alternative names, as browsers want it */
#define AUTHORITY_NAME_BYTES   128
#define AUTHORITY_SERIAL_BYTES 41 /* 20 bytes in hex digits, as RFC 5280 has it */

enum issued_kind { ISSUED_TERMINAL, ISSUED_BROKER, ISSUED_FRONT };

/* One certificate of the register. */
struct issued {
    char name[AUTHORITY_NAME_BYTES]; /* a terminal's id, the broker's first host, or AUTHORITY_FRONT_NAME */
    char serial[AUTHORITY_SERIAL_BYTES];
    int64_t from_ms, to_ms;
    int64_t revoked_ms; /* 0: it holds */
    enum issued_kind kind;
};

#endif
