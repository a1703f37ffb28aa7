// English. The same keys as sv.js (a test sees to it), in the words of the glossary; events are described, never the child.

/** @param {number} n @param {string} one @param {string} many */
export const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;

// What is said of measures, here and by `narvaro explain`, which has this file built in and reads FLAG_WORDS as JSON.
// A measure has its kind (daemon/core/detect/measures.h) and its words; what it does not say its kind says, and then "any":
//   one, many  what a count counts     name  the measure     unit  of its threshold
//   line       a sentence of narvaro explain; nothing: the same where nothing stands out, or is too little to be compared
//   lead, text, limit  a reason on a page, its number first; the threshold
// How it is counted, and a few words for a row of a list: en_measures.js.
// findings: the sentence of each pattern (docs/finding.md), "none" where the figure of its key is 0; then and now; what clears it.
// {value} is a place for it, {value|one|several} for a word that goes by it. A value that is empty takes the
// space before it along.
// prettier-ignore
export const FLAG_WORDS = {
  "kinds": {
    "any": {
      "name": "{measure}",
      "line": "{name} {window}",
      "lead": "{count}",
      "text": "{measure} {window}.",
      "limit": "{limit} {unit}"
    },
    "count": {
      "name": "{many}",
      "line": "{count} {noun} {window}",
      "lead": "{count} {noun}",
      "text": "{window}."
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
      "limit": "that so many are unusual in the class"
    },
    "term_start": {
      "name": "{many} since the term began",
      "line": "{count} {noun} since the term began {window}",
      "lead": "{count} {noun}",
      "text": "since the first school day of the term."
    }
  },
  "measures": {
    "total_absence_share": {
      "kind": "share",
      "name": "absence including granted leave",
      "text": "absence {window}, excused and unexcused together ({part_hours} of {whole_hours} hours)."
    },
    "absence_share": {
      "kind": "share",
      "name": "absence beyond granted leave",
      "text": "absence {window}, granted leave not counted ({part_hours} of {whole_hours} hours)."
    },
    "unreported_share": {
      "kind": "share",
      "name": "unreported absence",
      "text": "unreported absence {window} ({part_hours} of {whole_hours} hours)."
    },
    "absence_rise": {
      "kind": "rise",
      "name": "more absence than in the time before",
      "unit": "percentage points",
      "line": "{points} {unit} {name} {window}",
      "lead": "+{points} {unit}",
      "text": "more absence {window} than in the time before.",
      "limit": "+{limit} {unit}"
    },
    "absent_days": {
      "kind": "count",
      "one": "whole day absent",
      "many": "whole days absent"
    },
    "partial_days": {
      "kind": "count",
      "one": "day absent part of the day",
      "many": "days absent part of the day"
    },
    "spells": {
      "kind": "count",
      "one": "separate spell of absence",
      "many": "separate spells of absence"
    },
    "unreported_lessons": {
      "kind": "count",
      "one": "unreported lesson",
      "many": "unreported lessons"
    },
    "unreported_dates": {
      "kind": "count",
      "one": "day with unreported absence",
      "many": "days with unreported absence"
    },
    "late_arrivals": {
      "kind": "count",
      "one": "late arrival",
      "many": "late arrivals"
    },
    "absent_run": {
      "kind": "run",
      "one": "whole day absent in a row",
      "many": "whole days absent in a row",
      "name": "{many}",
      "line": "{count} {noun}",
      "lead": "{count} {noun}",
      "text": "up to and including {until}."
    },
    "term_start_absent_days": {
      "kind": "term_start",
      "one": "whole day absent",
      "many": "whole days absent"
    },
    "term_start_spells": {
      "kind": "term_start",
      "one": "separate spell of absence",
      "many": "separate spells of absence"
    },
    "weekday_tail": {
      "kind": "weekday",
      "name": "absence on one weekday against the rest of the class",
      "unit": "times in 100 by chance",
      "line": "absent {part} of {whole} {weekday}, compared with the rest of the class {window}",
      "nothing": "{name} {window}",
      "weekday": "days on the same weekday",
      "lead": "{part} of {whole} {weekday}",
      "text": "absent the whole day {window}, clearly more than the rest of the class.",
      "limit": "that chance gives such a pattern at most {limit} {limit|time|times} in 100"
    },
    "partial_tail": {
      "kind": "class",
      "many": "days absent part of the day"
    },
    "spells_tail": {
      "kind": "class",
      "many": "days on which a new spell of absence began"
    },
    "unreported_tail": {
      "kind": "class",
      "many": "days with unreported absence"
    },
    "subject_missed_share": {
      "kind": "subject",
      "name": "lessons missed in one subject",
      "unit": "%",
      "line": "{percent} of lessons missed in {subject} on days otherwise attended {window} ({part} of {whole} lessons)",
      "nothing": "{percent} {name} {window} ({part} of {whole} lessons)",
      "subject": "one subject",
      "lead": "{percent}",
      "text": "of the lessons in {subject} missed {window}, on days when the pupil was in school otherwise ({part} of {whole} lessons)."
    }
  },
  "findings": {
    "class": ", the rest of the class {class_percent}",
    "share": "; {share_percent} absence{class}",
    "share_long": "; {share_percent} absence {window}{class}",
    "most": ", mostly lesson {most_lesson} on {most_weekday}",
    "patterns": {
      "run": {
        "key": "absent_run",
        "some": "Away {absent_run} whole {absent_run|school day|school days in a row}, since {run_from}{share_long}",
        "none": "Was away {then_count} whole {then_count|school day|school days in a row} up to {then_to}, not now{share_long}"
      },
      "unreported": {
        "key": "unreported_dates",
        "some": "Unreported absence on {unreported_dates} {unreported_dates|day|days} ({unreported_lessons} {unreported_lessons|lesson|lessons}) {window}{share}",
        "none": "No unreported absence {window}{share}"
      },
      "spells": {
        "key": "spells",
        "some": "Absent {spells} separate {spells|time|times} {window}{share}",
        "none": "No new spell of absence {window}{share}"
      },
      "scattered": {
        "key": "partial_days",
        "some": "Misses parts of the day, {partial_days} {partial_days|day|days} {window}{most}{share}",
        "none": "Misses no parts of days {window}{share}"
      },
      "days_away": {
        "key": "absent_days",
        "some": "Away {absent_days} whole school {absent_days|day|days} {window}{share}",
        "none": "No whole day of absence {window}{share}"
      },
      "weekday": {
        "some": "Away {then_part} of {then_whole} {weekday} up to {then_to}{share_long}"
      },
      "subject": {
        "key": "now_part",
        "some": "Misses {now_part} of {now_whole} lessons in {subject} on days of attendance otherwise{share_long}",
        "none": "No subject is missed more than others any longer{share_long}"
      },
      "rise": {
        "key": "now_rise",
        "some": "Absence has risen by {now_rise} percentage points against the time before{share_long}",
        "none": "Absence is rising no longer{share_long}"
      },
      "late": {
        "key": "late_arrivals",
        "some": "{late_arrivals} late {late_arrivals|arrival|arrivals} {window}{share}",
        "none": "No late arrival {window}{share}"
      },
      "term_start": {
        "some": "{then_count} {then_noun} from the start of term to {then_to}{share_long}"
      },
      "share": {
        "some": "Away for {share_percent} of lesson time {window}{class}"
      }
    },
    "unknown": "Too little of the lesson time {window} is known to say how much is missed",
    "then": "When the flag came, {raised_on}",
    "now": "Now",
    "holds": "Still holds.",
    "eased": "The threshold is no longer passed.",
    "clears": "When {name} is {comparison} {limit} {unit} for {for_days} {for_days|school day|school days in a row}, so far {counted}",
    "well": "Present at {well_attended} of {well_lessons} lessons in the latest {well_days} school days",
    "well_all": "Present at all {well_lessons} lessons in the latest {well_days} school days"
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
    protected: "The pupil's identity is protected. Nothing is taken out or handed over from here.",
    no_case: "The pupil has no open case.",
    not_listed: "The pupil is no longer on the list.",
    decided_meanwhile: "Somebody else decided while you were reading. Read the decision and answer again.",
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
    well: "What works",
    conditions: (n) => `Conditions that were met (${n})`,
    cleared_when: "Removed when",
    first_sign: "First sign",
    basis: "Coverage",
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
  reason: {
    limit: (limit) => `The school's threshold is ${limit}.`,
    atMost: (limit) => `The school's threshold is at most ${limit}.`,
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
