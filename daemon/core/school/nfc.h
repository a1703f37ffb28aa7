/* Text in Unicode NFC: what a Mac writes as A and a ring is the Å of everybody else. The one room of libutf8proc. Pure. */
#ifndef DAEMON_CORE_NFC_H
#define DAEMON_CORE_NFC_H

#include <stdbool.h>
#include "daemon/core/text.h"

/* UTF-8 text, line by line; a line that is no UTF-8 stays as it is. `*made` is NULL when the text is in NFC as it stands
 * (most is); else the text in NFC, to be freed by the caller. False with errno set: no memory; nothing is made then. */
bool nfc_text(struct text text, char **made, size_t *made_length);

#endif
