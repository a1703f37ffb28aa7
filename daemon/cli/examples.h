/* The files of config/ that a school gets its own copies of, as they were released. */
#ifndef DAEMON_CLI_EXAMPLES_H
#define DAEMON_CLI_EXAMPLES_H

enum example { EXAMPLE_DAEMON, EXAMPLE_WEB, EXAMPLE_RULES, EXAMPLE_BROKER, EXAMPLE_LIST, EXAMPLE_FRONT };

#define EXAMPLE_SCHOOL "ekskolan"           /* the school's id in them */
#define EXAMPLE_HOST   "narvaro.example.se" /* and the machine's name */

/* The file's text, with `instead` wherever it says `word` (NULL: as it is). To be freed; NULL: no memory. */
char *example_text(enum example which, const char *word, const char *instead);

#endif
