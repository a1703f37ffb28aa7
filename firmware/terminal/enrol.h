/* How a terminal joins its school, once, by hand (docs/operating.md): `--enrol` prints a certificate request,
 * `--install` puts the answer in place. Both may be repeated. When something is wrong both say what would be right
 * and end the process, with nothing changed.
 *
 * The settings say where the files go. While there are no settings, all go into one folder, which belongs to the
 * user that the terminal runs as, under the names of the installed example, and `--install` writes the settings. */
#ifndef FIRMWARE_TERMINAL_ENROL_H
#define FIRMWARE_TERMINAL_ENROL_H

#define ENROL_FOLDER "/var/lib/narvaro-terminal"

/* `terminal` is its id, needed while there are no settings; `folder` counts only then. NULL: not given. */
void enrol_request(const char *settings_path, const char *folder, const char *terminal);
void enrol_install(const char *settings_path, const char *folder, const char *bundle_path);

#endif
