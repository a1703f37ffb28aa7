/* What each pattern looks and sounds like: the timing diagrams of lamp and buzzer.
 *
 * Patterns differ by rhythm and sound; colour only repeats what the rhythm says. Pure. */
#ifndef FIRMWARE_CORE_PATTERN_H
#define FIRMWARE_CORE_PATTERN_H

#include <stdbool.h>
#include <stdint.h>
#include "firmware/core/registers.h"

#define PATTERN_STEP_MS 50

struct pattern_output {
    bool green, red, buzzer;
};

/* One step per character, '#' = on; both as long as each other. */
struct pattern_rhythm {
    bool green, red; /* both: yellow */
    bool repeats;
    const char *lamp, *sound;
};

extern const struct pattern_rhythm PATTERN_RHYTHMS[PATTERNS];

uint32_t pattern_ms(enum pattern pattern);
/* `elapsed_ms` since the pattern began. Behind the end of one that does not repeat everything is off. */
struct pattern_output pattern_output(enum pattern pattern, uint32_t elapsed_ms);

#endif
