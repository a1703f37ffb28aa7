/* What is most likely wrong with a settings text that libconfig refuses: its parser tells a line and "syntax error". Pure. */
#ifndef COMMON_SETTINGS_FAULT_H
#define COMMON_SETTINGS_FAULT_H

/* `line` is the parser's, and becomes the line of the mistake. NULL: no guess. */
const char *settings_fault(const char *text, int *line);

#endif
