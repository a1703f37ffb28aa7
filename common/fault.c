/* The environment names one fault; an unknown name ends the program, so that a test cannot pass by a typing error. */
#include "common/fault.h"

#ifdef NARVARO_FAULTS

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum fault planted_by_environment(void)
{
    static const char *const NAMES[] = {
#define FAULT_NAME(name) #name,
        FAULTS(FAULT_NAME)
#undef FAULT_NAME
    };
    const char *wanted = getenv("NARVARO_FAULT");
    if (wanted == NULL || wanted[0] == '\0')
        return FAULT_COUNT;
    for (int i = 0; i < FAULT_COUNT; i++)
        if (strcmp(wanted, NAMES[i]) == 0)
            return (enum fault)i;
    fprintf(stderr, "NARVARO_FAULT: no fault is called %s\n", wanted);
    exit(2);
}

bool fault_planted(enum fault fault)
{
    static enum fault planted = FAULT_COUNT;
    static bool known;
    if (!known)
        planted = planted_by_environment();
    known = true;
    return fault == planted;
}

#endif
