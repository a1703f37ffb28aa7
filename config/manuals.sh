#!/bin/sh
# manuals.sh PROGRAMS MAN8: writes a manual page for each program in PROGRAMS and each command of narvaro.
# A page is made from --help, so the two cannot disagree. The page of `narvaro terminal' would have the name of the
# program narvaro-terminal's: where a program has that name, the command's page is narvaro-NAME-command.
set -eu
programs=$1
pages=$2

page() { # page NAME SUMMARY PROGRAM [COMMAND]
    name=$1 summary=$2
    shift 2
    help2man --no-info --section 8 --name "$summary" \
        --version-option=--version --output "$pages/$name.8" "$*"
}

names="narvarod narvaro-web narvaro-terminal narvaro-terminal-update narvaro"
for program in $names; do
    page "$program" "early warning of problematic school absence" "$programs/$program"
done
"$programs/narvaro" --help | sed -n '/^Commands:/,$s/^  \([a-z-]*\)  */\1 /p' | while read -r command summary; do
    case " $names " in
    *" narvaro-$command "*) page "narvaro-$command-command" "$summary" "$programs/narvaro" "$command" ;;
    *) page "narvaro-$command" "$summary" "$programs/narvaro" "$command" ;;
    esac
done
