/* What each pattern looks and sounds like: the timing diagrams of lamp and buzzer.
 *
 * Patterns differ by rhythm and sound, so that nobody depends on seeing colours. Pure. */
#ifndef FIRMWARE_CORE_PATTERN_H
#define FIRMWARE_CORE_PATTERN_H

#include <stdbool.h>
#include <stdint.h>
#include "firmware/core/registers.h"

#define PATTERN_STEP_MS 50

struct pattern_output {
    bool green, red, buzzer;
};

/* One step of PATTERN_STEP_MS per character, '#' = on; lamp and sound are of the same length. */
struct pattern_rhythm {
    bool green, red; /* both: yellow */
    bool repeats;
    const char *lamp, *sound;
};

extern const struct pattern_rhythm PATTERN_RHYTHMS[PATTERNS];

uint32_t pattern_ms(enum pattern pattern);
/* `elapsed_ms` since the pattern began. After the end of one that does not repeat everything is off. */
struct pattern_output pattern_output(enum pattern pattern, uint32_t elapsed_ms);

#endif
