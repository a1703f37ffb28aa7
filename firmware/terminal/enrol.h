/* How a terminal comes to its school, once, by hand (docs/operating.md): `--enrol` prints a request for a certificate,
 * `--install` puts the answer in place. Both may be repeated, and both end the process when something is wrong, after
 * saying what would be right; nothing has changed then.
 *
 * Where the files go is what the settings say. While there are no settings, all goes into one folder, which belongs to the user
 * that the terminal runs as, under the names of the installed example, and the answer brings the settings. */
#ifndef FIRMWARE_TERMINAL_ENROL_H
#define FIRMWARE_TERMINAL_ENROL_H

#define ENROL_FOLDER "/var/lib/narvaro-terminal"

/* `terminal` is its id, needed while there are no settings; `folder` counts only then. NULL: not given. */
void enrol_request(const char *settings_path, const char *folder, const char *terminal);
void enrol_install(const char *settings_path, const char *folder, const char *bundle_path);

#endif
