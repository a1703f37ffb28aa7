// What the API answers (docs/api.md), and the few shapes that several files of the pages share. Read by tsc alone.

import type { ComponentChildren, ComponentType } from "preact";
import type sv from "./i18n/sv.js";
import type svViews from "./i18n/sv_views.js";

/** "2026-11-20" */
export type Day = string;
/** UTC, as text */
export type Instant = string;

export interface Me {
    user: string;
    name: string;
    role: string;
    language: string | null;
    csrf: string;
    demo: boolean;
    school: string;
    permissions: string[];
    totp: "none" | "on" | "required";
}

export interface Status {
    now: Instant;
    last_event_at: Instant | null;
    decided_through: Day | null;
    events_stored: number;
    lessons_closed: number;
    flags_raised: number;
    flags_open: number;
    tasks_open: number;
    pupils: number;
}

export interface Counters {
    status: number;
    flags: number;
    terminals: number;
    answers: number;
}

export interface Named {
    pupil: string;
    name: string;
    class: string;
    protected: boolean;
}

export interface Evidence {
    measure: string;
    days: number;
    offset: number;
    from: Day;
    to: Day;
    own_days: number;
    numerator: number;
    denominator: number;
    comparison: "at_least" | "at_most";
    threshold_hundredths: number;
    weekday?: number;
    class_numerator?: number;
    class_denominator?: number;
    subject?: string;
}

/** A condition as it is on the last decided day; `holds` is null where the class decides. */
export type Now = Evidence & { defined: boolean; holds: boolean | null };
export type Clear = Omit<Evidence, "comparison"> & {
    comparison: "below" | "above";
    defined: boolean;
    holds: boolean;
    for_days: number;
    counted: number;
};
/** Minutes missed, of minutes. */
export type Share = [number, number];
export interface Finding {
    pattern: string;
    since?: Day;
    days: number;
    share?: Share;
    class?: Share; // the rest of it
    figures: { [name: string]: number }; // those of its sentence that are not 0
    run_from?: Day;
    most?: { lesson: number; weekday: number; missed: number; of: number };
    well: [number, number, number]; // lessons attended, of lessons, on days
    told: [number, number]; // then and now: which of the open flags, which condition of it
    holds?: boolean;
    clear?: Clear;
}

export interface Flag {
    flag: number;
    rule: string;
    severity: number;
    raised_on: Day;
    cleared_on: Day | null;
    withdrawn: Instant | null;
    rules_version: number;
    evidence: Evidence[];
    now?: (Now | null)[]; // of an open one
}

export interface Case {
    case: number;
    number: string;
    status: "open";
    owner: string;
    owner_name: string;
    next_on: Day;
    opened_on: Day;
    opened_by: string;
}
export type CaseFile = Case & Named & { left_on?: Day };
export interface Owner {
    user: string;
    name: string;
}

export interface CaseClock {
    clock: string;
    measure: number | null;
    began_on: Day;
    due_on: Day | null;
    stopped_on: Day | null;
    state: "running" | "today" | "overdue" | "stopped";
    days: number;
    unit: "school" | "working" | "date" | "open";
    paused: boolean;
    without_calendar: boolean;
    source: "law" | "local";
    figure: "law" | "local";
    law: string;
}
export interface CaseStep {
    step: number;
    kind: string;
    began_on: Day;
    due_on: Day;
    done_on: Day | null;
    skipped_reason: string | null;
    owner: string;
}
export interface CaseMeasure {
    measure: number;
    kind: string;
    note: string;
    owner: string;
    began_on: Day;
    due_on: Day;
    evaluated_on: Day | null;
    result: string | null;
}
export interface CaseActor {
    actor: number;
    sector: string;
    title: string;
    does: string;
    since: Day;
    next_on: Day;
    ended_on: Day | null;
}
export interface CaseConsent {
    consent: number;
    party: string;
    scope: string;
    given_on: Day;
    withdrawn_on: Day | null;
}
export type CaseRecord = Omit<CaseWhole, "closing" | "concerns"> & {
    format: "narvaro-case";
    version: number;
    taken_at: Instant;
    taken_by: string;
};
export interface CaseWhole {
    case: CaseFile;
    date: Day;
    open: boolean;
    ending: { outcome: string; by: string; by_name: string; on: Day } | null;
    closing: null | "clock_open" | "head_alone";
    level: number;
    deputy: string;
    school_form: string;
    contact_with: "guardian" | "pupil";
    adult_on: Day | null;
    calendar: { known: boolean; ends_on: Day | null; ends_soon: boolean };
    clocks: CaseClock[];
    owners?: Owner[];
    steps: CaseStep[];
    facts: { kind: string; value: string; on: Day; by: string }[];
    contacts: {
        contact: number;
        party: string;
        way: string;
        outcome: string;
        cause: string;
        on: Day;
        by: string;
    }[];
    measures: CaseMeasure[];
    voices: {
        voice: number;
        wants: string[];
        note: string;
        on: Day;
        by: string;
    }[];
    actors: CaseActor[];
    consents: CaseConsent[];
    sip?: { stage: string; consented: boolean; school_may_call: boolean };
    sips: {
        stage: string;
        value: string;
        planned_on: Day | null;
        on: Day;
        by: string;
    }[];
    sip_members: {
        member: number;
        sector: string;
        title: string;
        coordinates: boolean;
        left_on: Day | null;
    }[];
    deviations: {
        deviation: number;
        promise: string;
        sector: string;
        since: Day;
        on: Day;
        by: string;
    }[];
    concerns: {
        concern: number;
        made_on: Day;
        answered_on: Day | null;
        by: string;
    }[];
}

export interface Crisis {
    contact: string;
    contact_name: string;
    since: Day;
}
export interface TermTogether {
    from: Day;
    to: Day;
    stuck: { promise: string; cases: number | null; weeks: number | null }[];
    ratings: {
        party: "pupil" | "guardian";
        answers: number | null;
        listened: number | null;
        informed: number | null;
    }[];
}
export interface Together {
    school_may_call_sip: boolean;
    date: Day;
    terms: TermTogether[];
}

export type DecisionKind = "keep_watching" | "case_goes_on" | "not_needed";
export interface Decision {
    decision: number;
    kind: DecisionKind;
    reason: string | null;
    by: string;
    by_name: string;
    at: Instant;
}
export interface LastYearPupil extends Named {
    mentor: string | null;
    flags: Flag[];
    flags_since: Flag[];
    case: Case | null;
    decision: Decision | null;
}
export interface LastYear {
    date: Day;
    begins: Day;
    joins_until: Day;
    pupils: LastYearPupil[];
}

export interface Item extends Named {
    mentor: string | null;
    since: Day;
    waiting_days: number;
    severity: number;
    flags: Flag[];
    // What is null or false is left out.
    finding?: Finding;
    coverage_percent: number;
    paused?: boolean;
    due?: "snooze" | "case";
    due_on?: Day;
    case?: Case;
    joins_last_year?: boolean;
    time_lost?: { minutes: number; of_days: number };
}

export interface Guardian {
    guardian: number;
    name: string;
    phone: string;
    relation?: string;
    language?: string;
    interpreter?: boolean;
}

export interface Told {
    by: string;
    at: Instant;
    guardian: number | null;
    lessons: number;
}

/** Whom a school contacts by its routine; the god man's people are those of the register. */
export interface Contact {
    contact: string;
    people: { name: string; phone: string }[];
    told: null | Told;
}

export interface Task extends Named {
    kind?: "guardian" | "routine";
    contact_with?: "guardian" | "pupil";
    contacts?: Contact[];
    own_list?: boolean;
    task: number;
    mentor?: string | null;
    date: Day;
    lessons: {
        start: string;
        subject: string;
        minutes: number;
        absent_minutes: number;
    }[];
    guardians?: Guardian[];
    speak_first_with?: string | null;
    done: null | Told;
    created_at: Instant;
    told_by: Instant | null;
}

export type DutyList = "began" | "left" | "kaa" | "grants";

/** A pupil on a list of a gymnasium; the dates from which a grant may be reported, and from which it normally is. */
export interface DutyLine extends Named {
    home_municipality: string;
    about: Day;
    first_day?: Day;
    minutes?: number;
    report_from?: Day;
    usual_from?: Day;
    decision: null | {
        decision: "sent" | "report" | "refrain";
        reason: string;
        contact: string;
        on: Day;
        by: string;
        at: Instant;
    };
}

export interface Gymnasium extends Record<DutyList, DutyLine[]> {
    date: Day;
    month: Day;
}

export interface Signal {
    kind: "class" | "year";
    name: string;
    date: Day;
    pupils: number;
    expected_minutes: number;
    absent_minutes: number;
    usual_permille: number;
}

export interface Inbox {
    date: Day;
    decided_through: Day | null;
    inbox: Item[];
    quiet: Item[];
    today: Task[];
    signals?: Signal[];
    waiting: number;
    items_a_week: number | null;
    last_year: null | { pupils: number; undecided: number; joins_until: Day };
}

export type AnswerKind = "confirm" | "snooze" | "dismiss" | "close";
export interface Given {
    kind: AnswerKind;
    reason: string | null;
    by: string;
    at: Instant;
    until: Day | null;
    undone: boolean;
}

/** A school day's minutes; `lessons` as the pages name what comes as short lists. */
export interface DayMinutes {
    kind: "none" | "unknown" | "leave" | "absent" | "partial" | "attended";
    expected_minutes: number;
    /** Those without leave: of which absence is a share. */
    counted_minutes: number;
    absent_minutes: number;
    leave_minutes: number;
    unreported_minutes: number;
    unknown_minutes: number;
}
export interface DayLesson {
    start: string;
    minutes: number;
    subject: string;
    status: string;
    absent_minutes: number;
}
export type SchoolDay = DayMinutes & { date: Day; lessons: DayLesson[] };
export type SentDay = DayMinutes & {
    date: Day;
    lessons: [string, number, string, string, number][];
};

export type Moment =
    | {
          kind: "check_in";
          at: Instant;
          terminal: string;
          room: string;
          feedback: string;
      }
    | { kind: "absence"; at: Instant; type: string; from: Instant; to: Instant }
    | {
          kind: "mark";
          at: Instant;
          status: string;
          subject: string;
          start: string;
      };

export interface PupilOf<D> extends Named {
    year: string;
    at_school: boolean; // today
    mentor: string | null;
    decided_through: Day | null;
    finding: Finding | null;
    flags?: Flag[];
    days: D[];
    timeline: Moment[];
    timeline_more: boolean; // older ones, which are not sent
    answers: Given[];
    case: Case | null;
    crisis: Crisis | null;
    owners?: Owner[];
}
export type Pupil = PupilOf<SchoolDay>;

export interface Spread {
    class: string;
    decided_through: Day | null;
    recent_days: number;
    own_percent: number | null;
    percents: number[];
}
/** One that is told: five pupils and more. */
export type ToldSpread = Spread & { own_percent: number };

export interface Terminal {
    terminal: string;
    room: string;
    state: "live" | "stale" | "offline" | "unseen" | "revoked";
    last_seen: Instant | null;
    queue: number;
    oldest_unsent_s: number;
    clock: string;
    firmware: string | null;
    readers_up: number;
    readers: number;
    /** Why readers are down: "2 checksum, 5 exception-2". */
    trouble: string;
    certificate_to: Instant | null;
    distrusted_since: Instant | null;
}

/** A card that was held to a reader and counted nowhere. */
export interface Stray {
    why: string;
    terminal: string;
    room: string | null;
    at: Instant;
    taps: number;
    pupils: Named[];
    others: number;
}
/** What only the daemon knows of itself. */
export interface DaemonSays {
    answers: true;
    now: Instant;
    link_up: boolean;
    link_since: Instant | null;
    dates_waiting: number;
    dates_first: Day | null;
    dates_last: Day | null;
    checked: Day | null;
    flags_differing: number;
    database_sound: boolean;
}
/** Check-ins of a terminal and date that wait for a person. */
export interface Held {
    terminal: string;
    date: Day;
    why: string;
    taps: number;
    first: Instant;
    last: Instant;
    received: Instant;
}

export interface Absence {
    absence: number;
    type: "reported" | "leave";
    from: Instant;
    to: Instant;
    reported_at: Instant;
    author: string;
}

export interface Mark {
    status: string;
    absent_minutes: number;
}
export type SignedMark = Mark & {
    author: string;
    at: Instant;
    source: string | null;
};

export interface PupilLesson {
    lesson: number;
    subject: string;
    group: string;
    room: string;
    start: string;
    end: string;
    status: string | null;
    absent_minutes: number;
    unseen: boolean;
    marks: SignedMark[];
}

export interface RollPupil extends Named {
    checked_in: Instant | null;
    absence: "reported" | "leave" | null;
    mark: SignedMark | null;
    proposed: Mark | null;
}
export interface Lesson {
    lesson: number;
    subject: string;
    group: string;
    room: string;
    start: string;
    end: string;
    begun: boolean;
    unknown: string | null;
    marked: number;
    pupils: RollPupil[];
}

export type Limit = "at_least" | "at_most" | "below" | "above";
export type Condition = {
    measure: string;
    days?: number;
    for_days?: number;
} & { [limit in Limit]?: number };
export interface Rule {
    id: string;
    severity: number;
    when: Condition[];
    clear: Condition;
}
export interface RulesVersion {
    version: number;
    author: string;
    approver: string | null;
    why: string;
    from: Day;
    recorded_at: Instant;
}
export interface RulesList {
    in_force: number;
    versions: RulesVersion[];
}
export type Rules = RulesVersion & { text: string; rules: Rule[] | null };

export interface PreviewSide {
    over: number;
    load: {
        severity: number;
        capacity: number;
        items_per_1000_week: number;
        within: boolean;
    };
    severities: { severity: number; items_per_week: number }[];
    years: { year: string; over: number; too_few?: boolean }[];
}
export interface Preview {
    school: { pupils: number; weeks: number; from: Day; to: Day };
    old: PreviewSide;
    new: PreviewSide;
}

/** What rules came to on the half of the pupils that is told of; null: under 5. */
export interface TunedFigures {
    items_per_week: number | null;
    worst_week: number | null;
    flagged_autumn: number | null;
    missed_in_spring: number | null;
    days_lost: number | null;
}
export interface TunedProfile extends TunedFigures {
    load: number;
    gain: {
        low: number;
        high: number;
        verdict: "better" | "undecided" | "worse";
    };
    changes: {
        rule: string;
        measure: string;
        days: number;
        limit: Limit;
        from: number;
        to: number;
    }[];
    rules: Rule[];
    text: string;
}
export interface Tuned {
    progress?: {
        pupil_years: number;
        of_pupil_years: number;
        candidates: number;
        of_candidates: number;
    };
    school: {
        school_years: number;
        weeks: number;
        pupil_years: number;
        told_of: number;
        missed_in_spring: number | null;
        attended_in_spring: number | null;
        from: Day;
        to: Day;
    };
    capacity: number;
    severity: number;
    candidates: number;
    too_few: boolean;
    in_force: TunedFigures;
    profiles: TunedProfile[];
    best: number | null;
}

export interface Figures {
    pupils: number;
    expected_minutes: number;
    absent_minutes: number;
    recent_expected_minutes: number;
    recent_absent_minutes: number;
    recent_unreported_minutes: number;
    recent_unknown_minutes: number;
    flagged: number | null;
    cases: number | null;
    too_few?: boolean;
    kind?: "class" | "year";
}
export type Group = Figures & {
    kind: "class" | "year";
    name: string;
    year: string | null;
};
export interface Band {
    from_percent: number;
    to_percent: number | null;
    pupils: number;
}
export type School = Figures & {
    before_expected_minutes: number;
    before_absent_minutes: number;
    spread: Band[];
};
export interface Groups {
    from: Day;
    decided_through: Day;
    recent_days: number;
    school: School | null;
    groups: Group[];
    signals: Signal[];
}

export interface LogEntry {
    sequence: number;
    at: Instant;
    user: string;
    action: string;
    object: string;
    protected: boolean;
}
export type Verdict = "ok" | "question";
export type DrawnEntry = LogEntry & {
    verdict: null | Verdict;
    judged_by: string;
    judged_at: Instant;
};
export interface Log {
    entries: LogEntry[];
    more: boolean;
}

export interface Kind {
    kind: string;
    school_years?: number;
    years?: number;
    days?: number;
    due: { on: Day; before: Day; rows: number }[];
}
export interface Run {
    run: number;
    began_at: Instant;
    ended_at: Instant;
    began_by: string;
    complete: boolean;
    erased: Record<string, number> | null;
    signed_by: string | null;
    signed_at: Instant;
}
export interface Retention {
    now: Instant;
    next_at: Instant;
    held: number;
    kinds: Kind[];
    runs: Run[];
}

export interface FileCount {
    file: string;
    rows: number;
    new: number;
    changed: number;
    unchanged: number;
    not_in_file: number;
}
/** What an import changes, or what does not meet: `what` is a word of docs/api.md. */
export interface ImportTold {
    what: string;
    file: string;
    to: string;
    date: string;
    count: number;
    names: string[];
}
export interface Consequences {
    flags_raised: number;
    flags_withdrawn: number;
    flags_cleared: number;
    tasks: number;
    tasks_closed: number;
    flags: { rule: string; change: string; count: number }[];
}
/** What the header of a file has, where it is not all as we call it; "" where there is nothing. */
export interface ImportHeader {
    file: string;
    header: string[];
    columns: { column: string; required: boolean; is: string; meant: string }[];
}
/** By file and by our column, what the school calls it. */
export type ImportNames = Record<string, Record<string, string>>;
export interface Imported {
    committed: boolean;
    headers: ImportHeader[];
    dates: number;
    files: FileCount[];
    changes: ImportTold[];
    unmet: ImportTold[];
    consequences: Consequences;
}

export interface Means {
    n: number;
    before_permille: number;
    after_permille: number;
}
/** Numbers are null where few may not be told. */
export interface InTimeFigures {
    from: Day;
    to: Day;
    lags: {
        lag: string;
        n: number | null;
        median: number | null;
        ninety: number | null;
    }[];
    first_measures: number | null;
    early: number | null;
    open: number | null;
    asked: number | null;
    outcomes: { outcome: string; n: number | null }[];
    clocks: { clock: string; due: number; missed: number | null }[];
    worked: { measure: string; with: Means; without: Means | null }[];
    rows: {
        level: number;
        measure: string | null;
        duration: string;
        outcome: string;
        n: number;
        contact_median: number | null;
    }[];
}
export interface GroupShares {
    before_permille: number;
    after_permille: number;
}
export interface GroupMeasure {
    measure: number;
    programme: string;
    programme_name: string;
    kind: "class" | "year";
    name: string;
    owner: string;
    from: Day;
    to: Day | null;
    too_few: boolean;
    group: GroupShares | null;
    others: GroupShares | null;
}
export interface GroupMeasureChoices {
    measures: GroupMeasure[];
    programmes: { id: string; name: string }[];
    classes: Record<string, true>;
    years: Record<string, true>;
    owners: Owner[];
}
export interface PublishedTerm {
    from: Day;
    figures: InTimeFigures & { groups: GroupMeasure[] };
    by: string;
    at: Instant;
}
export interface InTime {
    date: Day;
    terms: InTimeFigures[];
    period: InTimeFigures;
    groups: GroupMeasure[];
    published: PublishedTerm[];
}
export interface Improvement {
    decision: number;
    what: string;
    owner: string;
    due_on: Day;
    state: "done" | "dropped" | null;
    ended_on: Day | null;
}
export interface CaseReview {
    review: number;
    from: Day;
    to: Day;
    answers: string[];
    by: string;
    on: Day;
    decisions: Improvement[];
}

type Gets =
    | ["intime", InTime]
    | ["intime/published", { published: PublishedTerm[] }]
    | ["intime/groups", GroupMeasureChoices]
    | ["reviews", { reviews: CaseReview[]; owners: Owner[] }]
    | ["me", Me]
    | ["status", Status]
    | ["flags", Inbox]
    | ["cases", { cases: CaseFile[]; left: CaseFile[]; owners: Owner[] }]
    | [`cases/${string}/record`, CaseRecord]
    | [`cases/${string}`, CaseWhole]
    | [
          `owners/${string}`,
          { user: string; cases: CaseWhole[]; owners: Owner[] },
      ]
    | ["together", Together]
    | ["last_year", LastYear]
    | [`gymnasium${string}`, Gymnasium]
    | [`pupils?q=${string}`, { pupils: Named[]; more: boolean }]
    | [`pupils/${string}`, PupilOf<SentDay>]
    | [`pupils/${string}/class`, Spread]
    | [`pupils/${string}/absences`, { absences: Absence[]; more: boolean }]
    | [`pupils/${string}/lessons?date=${string}`, { lessons: PupilLesson[] }]
    | ["support", SupportTable]
    | [`support/cards?${string}`, SupportAnswer]
    | [`pupils/${string}/support?${string}`, SupportAnswer]
    | [`lessons${string}`, { date: Day; lessons: Lesson[] }]
    | ["rules", RulesList]
    | [`rules/${number}`, Rules]
    | ["groups", Groups]
    | ["terminals", { terminals: Terminal[] }]
    | ["strays", { from: Day; more: boolean; strays: Stray[] }]
    | ["daemon", DaemonSays | { answers: false }]
    | ["held", { more: boolean; held: Held[] }]
    | [`audit${string}`, Log]
    | [`audit/review?month=${string}`, { month: string; drawn: DrawnEntry[] }]
    | ["retention", Retention];

/** Where the pages look at what a POST answers. */
type Posts =
    | ["account/totp", { secret: string; uri: string }]
    | [`flags/${string}/${string}`, { until?: Day; case?: Case }]
    | [`last_year/${string}`, Decision]
    | [`gymnasium/${string}`, { decision: string }]
    | ["imports", Imported]
    | [`lessons/${number}/marks`, { marks: number }]
    | [`terminals/${string}/distrust`, { dates: number }]
    | ["decisions", { dates: number }]
    | ["rules", { version: number }]
    | ["rules/preview", Preview]
    | ["rules/tune", Tuned];

/** The answer in the row of a path; the path of a GET is written as its row is, for some rows are parts of others. */
type Got<Path, Row> = Row extends [infer Key, infer Answer]
    ? [Path, Key] extends [Key, Path]
        ? Answer
        : never
    : never;
type Posted<Path, Row> = Row extends [infer Key, infer Answer]
    ? Path extends Key
        ? Answer
        : never
    : never;
export type AnswerOf<Path> = Got<Path, Gets>;
export type ResultOf<Path> = [Posted<Path, Posts>] extends [never]
    ? unknown
    : Posted<Path, Posts>;

/** In the tongues of a card: Swedish, easy Swedish, English. */
export interface Tongues {
    sv: string;
    easy: string;
    en: string;
}

interface SupportCard {
    id: string;
    name: string;
    text: Tongues;
    contact: Tongues;
    age_from: number;
    age_to: number;
    languages: string[];
    source: string;
    reviewed_by: string;
    reviewed_on: Day;
    stale: boolean;
    valid_to: Day | null;
}

export interface Way extends SupportCard {
    level: "bas" | "utökad" | "specialist";
    referral: ("self" | "guardian" | "school" | "professional")[];
    must_begin_before_age: number | null;
    begin_by: Day | null;
}

export interface Programme extends SupportCard {
    level: "individ" | "grupp" | "organisation";
    provider: string;
    target: Tongues;
    evidence: Tongues;
}

export interface SupportTable {
    today: Day;
    routes: number;
    places: { code: string; name: string }[];
    programmes: Programme[];
    unsettled: {
        id: string;
        name: string;
        why: "stale" | "ended" | "to_come";
        date: Day;
    }[];
}

export interface SupportAnswer {
    pupil: Named | null;
    today: Day;
    age: number | null;
    place: string | null;
    situations: string[];
    cards: Way[];
}

/** What went wrong, by the API's word or one of the pages' own. */
export interface Trouble {
    code: string;
    reasons?: string[];
    headers?: ImportHeader[];
}

/** What a useAnswer holds: nothing yet, an answer, a problem, or a problem beside the answer of before. */
export interface Reading<Answer> {
    answer?: Answer;
    problem?: Trouble;
}

/** What every view is given. */
export interface ViewProps {
    name: string;
    id: string;
    query: URLSearchParams;
    flags: Reading<Inbox> & { again: () => void };
    counters: Partial<Counters>;
    me: Me;
    setMe: (me: Me) => unknown;
    onHelp: () => void;
}
export type Children = ComponentChildren;
export type View = ComponentType<any>;
export type Load = () => Promise<{ default: View }>;

export type Submitted = SubmitEvent & { target: HTMLFormElement };
export type Typed = Event & { target: HTMLInputElement };

export interface ChoiceGroup {
    key: string;
    name: string;
    heading?: boolean;
    rows: { key: string; label: Children }[];
}

/** A word that is looked up may come from outside: dictionaries answer to any, the catalogue's sections to their own only. */
type Dictionary<T> = T & { [word: string]: T[keyof T] };
type Section<T> = {
    [Key in keyof T]: T[Key] extends string | string[] | Function
        ? T[Key]
        : Dictionary<T[Key]>;
};
type AllWords = typeof sv & typeof svViews;
/** What is said of a measure: i18n/en.js names the keys. */
export type MeasureWords = { [key: string]: string };
export type Words = { [Key in keyof AllWords]: Section<AllWords[Key]> } & {
    titles: { [view: string]: string };
    problems: { [code: string]: string };
    kinds: { [kind: string]: MeasureWords };
    measures: { [measure: string]: MeasureWords };
    case_choices: { [question: string]: { [choice: string]: string } };
    how: { [measure: string]: string };
    short: { [measure: string]: string };
    findings: { [key: string]: string } & {
        patterns: { [pattern: string]: MeasureWords };
    };
};
export type Catalogue = {
    [word: string]:
        | string
        | string[]
        | ((...given: any[]) => string | string[])
        | Catalogue;
};
