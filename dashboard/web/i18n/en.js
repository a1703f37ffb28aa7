// English. The same keys as sv.js (a test sees to it), in the words of the glossary; events are described, never the child.

/** @param {number} n @param {string} one @param {string} many */
export const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;

// What is said of measures, here and by `narvaro explain`, which has this file built in and reads FLAG_WORDS as JSON.
// A measure has its kind (daemon/core/detect/measures.h) and its words; what it does not say its kind says, and then "any":
//   one, many  what a count counts     name  the measure     unit  of its threshold     how  it is counted
//   line       a sentence of narvaro explain; nothing: the same where nothing stands out, or is too little to be compared
//   lead, text, limit, short  a reason on a page, its number first; the threshold; a few words for a row of a list
// {value} is a place for it, {value|one|several} for a word that goes by it (on pages alone). A value that is empty takes the
// space before it along.
// prettier-ignore
export const FLAG_WORDS = {
  "kinds": {
    "any": {
      "name": "{measure}",
      "line": "{name} {window}",
      "lead": "{count}",
      "text": "{measure} {window}.",
      "limit": "{limit} {unit}",
      "short": "{measure}",
      "how": "This version of the pages has no description of the measure."
    },
    "count": {
      "name": "{many}",
      "line": "{count} {noun} {window}",
      "lead": "{count} {noun}",
      "text": "{window}.",
      "short": "{count} {noun}"
    },
    "share": {
      "unit": "%",
      "line": "{percent} {name} {window} ({part_hours} of {whole_hours} hours)",
      "lead": "{percent}"
    },
    "class": {
      "name": "{many} against the rest of the class",
      "unit": "times in 100 by chance",
      "line": "{part} {many} of {whole}, the rest of the class {class_count}, {window}",
      "nothing": "{name} {window}",
      "lead": "{part} {many}",
      "text": "{window}, the rest of the class {class_count}.",
      "short": "{part} {many}, the class {class_count}",
      "limit": "that so many are unusual in the class"
    },
    "term_start": {
      "name": "{many} since the term began",
      "line": "{count} {noun} since the term began {window}",
      "lead": "{count} {noun}",
      "text": "since the first school day of the term.",
      "short": "{count} {noun} since the term began"
    }
  },
  "measures": {
    "total_absence_share": {
      "kind": "share",
      "name": "absence including granted leave",
      "short": "Absence {whole_percent}",
      "text": "absence {window}, excused and unexcused together ({part_hours} of {whole_hours} hours).",
      "how": "Absent time and granted leave divided by all lesson time in the window."
    },
    "absence_share": {
      "kind": "share",
      "name": "absence beyond granted leave",
      "short": "Absence {whole_percent}",
      "text": "absence {window}, granted leave not counted ({part_hours} of {whole_hours} hours).",
      "how": "Absent time, notified and unreported as well as late arrival, divided by lesson time. Lessons with granted leave are not counted."
    },
    "unreported_share": {
      "kind": "share",
      "name": "unreported absence",
      "short": "Unreported absence {whole_percent}",
      "text": "unreported absence {window} ({part_hours} of {whole_hours} hours).",
      "how": "The time of unreported lessons divided by lesson time. Lessons with granted leave are not counted."
    },
    "absence_rise": {
      "kind": "rise",
      "name": "more absence than in the time before",
      "unit": "percentage points",
      "line": "{points} {unit} {name} {window}",
      "short": "Absence +{points} {unit}",
      "lead": "+{points} {unit}",
      "text": "more absence {window} than in the time before.",
      "limit": "+{limit} {unit}",
      "how": "The share of absence in the window minus the pupil's own share in the longer window before it."
    },
    "absent_days": {
      "kind": "count",
      "one": "whole day absent",
      "many": "whole days absent",
      "how": "Days on which the pupil missed all lesson time that is known. Days with granted leave only are not counted."
    },
    "partial_days": {
      "kind": "count",
      "one": "day absent part of the day",
      "many": "days absent part of the day",
      "short": "Absent part of the day, {count} {count|day|days}",
      "how": "Days on which the pupil was in school but missed at least one lesson."
    },
    "spells": {
      "kind": "count",
      "one": "separate spell of absence",
      "many": "separate spells of absence",
      "short": "Scattered absence, {count} {count|spell|spells}",
      "how": "A spell is lessons missed in a row with no attendance between them. Nights, weekends and holidays do not end a spell."
    },
    "unreported_lessons": {
      "kind": "count",
      "one": "unreported lesson",
      "many": "unreported lessons",
      "how": "Lessons without attendance and without notified absence or leave."
    },
    "unreported_dates": {
      "kind": "count",
      "one": "day with unreported absence",
      "many": "days with unreported absence",
      "short": "Unreported absence, {count} {count|day|days}",
      "how": "Days with at least one unreported lesson."
    },
    "late_arrivals": {
      "kind": "count",
      "one": "late arrival",
      "many": "late arrivals",
      "how": "Lessons to which the pupil came later than the school's limit."
    },
    "absent_run": {
      "kind": "run",
      "one": "whole day absent in a row",
      "many": "whole days absent in a row",
      "name": "{many}",
      "line": "{count} {noun}",
      "short": "{count} {noun}",
      "lead": "{count} {noun}",
      "text": "up to and including {until}.",
      "how": "Whole days absent in succession up to now. Weekends, holidays and days of granted leave do not end the run."
    },
    "term_start_absent_days": {
      "kind": "term_start",
      "one": "whole day absent",
      "many": "whole days absent",
      "how": "Whole days absent in the first school days of the term."
    },
    "term_start_spells": {
      "kind": "term_start",
      "one": "separate spell of absence",
      "many": "separate spells of absence",
      "how": "Separate spells of absence in the first school days of the term."
    },
    "weekday_tail": {
      "kind": "weekday",
      "name": "absence on one weekday against the rest of the class",
      "unit": "times in 100 by chance",
      "line": "absent {part} of {whole} {weekday}, compared with the rest of the class {window}",
      "nothing": "{name} {window}",
      "weekday": "days on the same weekday",
      "short": "Recurring pattern: {weekday}, {part} of {whole}",
      "lead": "{part} of {whole} {weekday}",
      "text": "absent the whole day {window}, clearly more than the rest of the class.",
      "limit": "that chance gives such a pattern at most {limit} {limit|time|times} in 100",
      "how": "Whole days absent on one weekday are compared with the other pupils of the class on that weekday. The threshold is how often chance would make such a difference."
    },
    "partial_tail": {
      "kind": "class",
      "many": "days absent part of the day",
      "how": "Days on which the pupil was in school but missed at least one lesson, compared with how many such days the rest of the class had on average in the same weeks. The threshold is how often chance would make such a difference."
    },
    "spells_tail": {
      "kind": "class",
      "many": "days on which a new spell of absence began",
      "short": "Scattered absence, {part} spells, the class {class_count}",
      "how": "Days on which a new spell of absence began, compared with how many such days the rest of the class had on average in the same weeks. The threshold is how often chance would make such a difference."
    },
    "unreported_tail": {
      "kind": "class",
      "many": "days with unreported absence",
      "short": "Unreported absence on {part} days, the class {class_count}",
      "how": "Days with at least one unreported lesson, compared with how many such days the rest of the class had on average in the same weeks. The threshold is how often chance would make such a difference."
    },
    "subject_missed_share": {
      "kind": "subject",
      "name": "lessons missed in one subject",
      "unit": "%",
      "line": "{percent} of lessons missed in {subject} on days otherwise attended {window} ({part} of {whole} lessons)",
      "nothing": "{percent} {name} {window} ({part} of {whole} lessons)",
      "subject": "one subject",
      "short": "{subject}, missed {whole_percent}",
      "lead": "{percent}",
      "text": "of the lessons in {subject} missed {window}, on days when the pupil was in school otherwise ({part} of {whole} lessons).",
      "how": "Missed lessons in the subject divided by all its lessons, on days when the pupil was in school. Counted only when the subject is missed at least three times as much as the others."
    }
  },
  "comparisons": { "at_least": "at least", "at_most": "at most", "below": "below", "above": "above" },
  "weekdays": ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"]
};

export default /** @satisfies {typeof import("./sv.js").default} */ ({
  app: {
    name: "Närvaro",
    skip: "Skip to content",
    demo: "Demonstration data – no real pupils",
    menu: "Main menu",
    loading: "Loading …",
    as_table: "Show as table",
    language: "Svenska",
    sign_out: "Sign out",
    help: "Help",
    close: "Close",
    live: "Updating live",
    no_contact: "No contact with the server. The page shows the latest it has and tries again.",
    search: "Search pupil or class",
    days: (n) => count(n, "day", "days"),
    protected: "Protected identity",
    unprinted: "Pupils with protected identity are not printed.",
    nowhere: "There is no such page. Choose from the menu.",
    nothing_allowed: "Your account has no permission for any page here. Ask the head teacher or IT.",
  },
  titles: {
    review: "To review",
    cases: "Cases",
    together: "Working together",
    last_year: "To follow from last year",
    gymnasium: "Upper secondary school's lists",
    pupils: "Pupils",
    support: "Ways to support",
    intime: "Support in time",
    reviews: "Case review",
    group_measures: "Measures for a class or year",
    terminals: "Operation",
    roll: "Take the roll",
    groups: "The school",
    rules: "Rules and thresholds",
    imports: "Import",
    retention: "Data retention",
    audit: "Log",
    account: "Account and help",
  },
  problems: {
    published_already: "The term has been published already. What is published is not counted anew.",
    too_early: "It is too early: 15 days must have gone since the first day.",
    reason_needed: "Before 30 days a reason is needed.",
    no_contact: "No contact with the server. Try again in a while.",
    bad_login: "The user name or password is not right.",
    too_many_attempts: "Too many attempts. Wait a few minutes and try again.",
    not_signed_in: "You are signed out. Sign in again.",
    not_allowed: "Your account has no permission for this.",
    not_found: "What you look for does not exist, or you have no permission to see it.",
    bad_request: "The server did not understand the request. Reload the page.",
    busy: "The server is busy. Try again in a while.",
    changed: "The flags changed while you were reading. Read the basis again and answer anew.",
    not_open: "Somebody else has answered already.",
    nothing_to_undo: "There is nothing to undo. Only today's latest answer of your own can be undone.",
    bad_code: "The code is not right. Wait for the next one and try again; check that the telephone's clock is right.",
    has_case: "The pupil has a case already.",
    changed_cases: "The cases changed while you were reading. Read the list again and decide anew.",
    clock_open:
      "Something that the law demands has not been done yet. It stands under Times in the case, and is done before it is closed.",
    head_alone: "A case of level 4 is closed by the head.",
    protected: "The pupil's identity is protected. Nothing is taken out or handed over from here.",
    case_full: "The case takes no more of that kind.",
    no_step: "No such step is going on.",
    no_row: "It has been ended already, or is somebody else's to end.",
    changed_meanwhile: "Somebody else has changed it meanwhile. Reload the page.",
    sip_order: "The SIP is not at that stage now. Reload the page.",
    needs_consent: "Consent to a SIP has not been noted, or was withdrawn.",
    school_may_not_call: "The head has not decided that the school may call to a SIP.",
    step_open: "Such a step is going on already.",
    needs_contact: "Make a contact first, or leave it out with a reason.",
    no_case: "The pupil has no open case.",
    not_listed: "The pupil is no longer on the list.",
    decided_meanwhile: "Somebody else decided while you were reading. Read the decision and answer again.",
    why_needed: "Write a reason.",
    approver_needed: "Say who decided: the user name of a head teacher.",
    month_not_over: "The month is not over yet.",
    no_files: "Choose at least one file.",
    too_large: "The files are too large to be imported here. Use the command narvaro import.",
    unknown_file: "The name of one file is not among the school's files.",
    refused: "It could not be done:",
    bad_password: "The new password will not do:",
    not_same: "The two new passwords are not the same.",
    totp_required: "Your account needs a one-time code. Get it under Account and help.",
    unknown: "Something went wrong. Reload the page; ask IT to look in the log if it happens again.",
  },
  review: {
    decided: (day) => `Computed up to and including ${day}.`,
    not_decided: "No school day has been computed yet.",
    list: "Pupils to review",
    today: (n) => `Guardians to contact today (${n})`,
    fresh: (n) => `Flags to review (${n})`,
    joined: (n) => `Followed from last year (${n})`,
    joined_why: "The pupil is followed from last year already, and the flag belongs to that:",
    last_year: (n, left) =>
      left === 0
        ? `(${count(n, "pupil", "pupils")}, all gone through)`
        : `(${count(n, "pupil", "pupils")}, ${left} to go through)`,
    too_many: (waiting, most) =>
      `${count(waiting, "pupil is", "pupils are")} waiting, and the school can meet ${most} a week. They are shown in order of school time lost, most first. All are in the list.`,
    lost: "School time lost",
    lost_hours: (hours, days) =>
      `${hours} hours in the latest ${count(days, "school day", "school days")}, all absence and leave.`,
    quiet: (n) => `First signs (${n})`,
    quiet_lead: "For the form tutor: the beginning of a pattern. No decision by the pupil health team is waiting here.",
    quiet_list: "First signs",
    empty: "Nothing to review.",
    empty_why: (day, pupils) =>
      `Latest computation: ${day}, ${count(pupils, "pupil", "pupils")}. No pupil is above the school's thresholds.`,
    empty_next: "New flags come when the school day has closed. The page updates by itself.",
    empty_undecided: "Flags are computed when the first school day has closed.",
    no_tasks: "No unreported absence to tell guardians about just now.",
    mentor: (names) => `Form tutor: ${names}`,
    choose: "Choose a pupil in the list to see why.",
    waiting: (n) => (n === 0 ? "new today" : count(n, "day", "days")),
    since: (day, n) => (n === 0 ? `Flagged today, ${day}.` : `Waiting since ${day} (${count(n, "day", "days")}).`),
    why: "Why",
    well: "Going well",
    well_days: (present, of) =>
      present === of
        ? `In school on all of the latest ${of} school days.`
        : `In school on ${present} of the latest ${of} school days.`,
    basis: "Basis",
    covered: (percent) => `${percent} % of lesson time has been reported.`,
    uncertain: "Basis uncertain",
    uncertain_why: (percent) =>
      `Only ${percent} % of lesson time has been reported. See that what is missing is reported before anything is decided.`,
    next: "Suggested next step",
    steps: {
      0: "The attendance is below the school's thresholds again. Consider whether the follow-up can end.",
      1: "The form tutor makes a first, caring contact with the pupil.",
      2: "The form tutor contacts pupil and guardian. The pupil is taken up at the next pupil health meeting.",
      3: "A simple mapping within two weeks. The head teacher is told.",
      4: "The head teacher considers an investigation together with the pupil health team.",
    },
    open: "Open pupil",
    print: "Print case document",
    updated: (n) => `The list is updated: ${n} to review.`,
    gone: "No longer current",
    gone_why: "The flag was cleared or withdrawn while you were reading.",
    task: (day) => `Unreported absence ${day}`,
    task_short: (n) => count(n, "unreported lesson", "unreported lessons"),
    task_why:
      "Guardians must be told the same day. Call the number in the school's pupil register, and report the absence in the school's system if it has an explanation.",
    due: (n) => `Follow-up today (${n})`,
    due_snooze: (day) => `You snoozed this until ${day}.`,
    due_case: (number, owner, day) => `Case ${number}, owner ${owner}. The next date was ${day}.`,
    cleared: "The flags have cleared",
    cleared_why: "The flags have cleared since you answered. Can the follow-up end?",
    confirm: "Confirm",
    case_next: "New date",
    close: "Close the case",
    snooze: "Snooze",
    dismiss: "Not relevant",
    undo: "Undo",
    open_case: "Open the case",
    answered: {
      confirm: (name, day) => `${name}: confirmed, a case is open. Next date ${day}.`,
      case_next: (name, day) => `${name}: the case has a new date, ${day}.`,
      snooze: (name, day) => `${name}: snoozed until ${day}.`,
      dismiss: (name, day) => `${name}: not relevant. The same rule is silent until ${day}.`,
      close: (name, day) => `${name}: the case is closed. The same rule is silent until ${day}.`,
      told: (name) => `${name}: guardian contacted.`,
      told_pupil: (name) => `${name}: pupil contacted.`,
      routine: (name) => `${name}: the contact is noted.`,
      undone: (name) => `${name}: the answer is undone.`,
    },
    signals: "Groups that stand out",
    signal: {
      class: (name, share, day, usual) =>
        `Class ${name}: ${share} absence ${day}, usually ${usual}. Is it the group and not the pupil?`,
      year: (name, share, day, usual) =>
        `Year ${name}: ${share} absence ${day}, usually ${usual}. Is it the group and not the pupil?`,
    },
    paused: "Paused: the whole group stands out",
    told: "Contacted",
    told_whom: (name) => `${name} contacted`,
    adult_why:
      "The pupil is of age: talk to the pupil. Guardians are to be told no longer. Report the absence in the school's system if there is a reason for it.",
    relations: { god_man: "god man (appointed guardian)", annan: "other adult", behorig: "authorised" },
    speaks: (code) => `language: ${code}`,
    interpreter: "interpreter needed",
    routine: (day) => `Contact by the routine today: a whole day without a word, ${day}`,
    routine_short: "a whole day without a word: contact by the routine today",
    speak_first: (name) => `Do not call home by routine. Speak first with ${name}.`,
    no_guardian: "No guardian is registered.",
    task_told: (time) => `Guardian contacted ${time}`,
    task_by: (time) => `Contact by ${time}.`,
    task_done: (time, whom, by) => `${whom ?? "Guardian"} contacted ${time}${by ? `, due by ${by}` : ""}.`,
    task_more: (n) => `After that ${count(n, "more unreported lesson", "more unreported lessons")}.`,
    task_lesson: (minutes, absent) => (absent >= minutes ? "the whole lesson" : `${absent} of ${minutes} minutes`),
  },
  pupils: {
    search: "Search by name or class",
    submit: "Search",
    hint: "Write at least two characters.",
    none: (q) => `No pupil or class matches “${q}”. Try a part of the name.`,
    found: (n) => count(n, "match", "matches"),
    many: (n) => `The first ${n} are shown. Write more of the name to find the right one.`,
    name: "Name",
    class: "Class",
  },
  reason: {
    limit: (limit) => `The school's threshold is ${limit}.`,
    atMost: (limit) => `The school's threshold is at most ${limit}.`,
    shortLimit: (limit) => `threshold ${limit}`,
  },
  window: {
    now: "the latest school day",
    latest: (days) => `in the latest ${days} school days`,
    soFar: (days) => `in the ${days} school days so far this year`,
    upTo: (days, day) => `in the ${days} school days up to ${day}`,
    earlier: (days, period) => `in the ${count(days, "school day", "school days")} before that, ${period}`,
  },
  ...FLAG_WORDS,
});
