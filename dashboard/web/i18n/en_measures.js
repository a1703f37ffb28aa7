// English: how measures are counted, and a few words of each; the same keys as sv_measures.js.

export const short = {
  limit: "threshold {limit} {unit}",
  any: "{measure}",
  count: "{count} {noun}",
  class: "{part} {many}, the class {class_count}",
  term_start: "{count} {noun} since the term began",
  total_absence_share: "Absence {whole_percent}",
  absence_share: "Absence {whole_percent}",
  unreported_share: "Unreported absence {whole_percent}",
  absence_rise: "Absence +{points} {unit}",
  partial_days: "Absent part of the day, {count} {count|day|days}",
  spells: "Scattered absence, {count} {count|spell|spells}",
  unreported_dates: "Unreported absence, {count} {count|day|days}",
  absent_run: "{count} {noun}",
  weekday_tail: "Recurring pattern: {weekday}, {part} of {whole}",
  spells_tail: "Scattered absence, {part} spells, the class {class_count}",
  unreported_tail: "Unreported absence on {part} days, the class {class_count}",
  subject_missed_share: "{subject}, missed {whole_percent}",
};

export const how = {
  any: "This version of the pages has no description of the measure.",
  total_absence_share: "Absent time and granted leave divided by all lesson time in the window.",
  absence_share:
    "Absent time, notified and unreported as well as late arrival, divided by lesson time. Lessons with granted leave are not counted.",
  unreported_share:
    "The time of unreported lessons divided by lesson time. Lessons with granted leave are not counted.",
  absence_rise: "The share of absence in the window minus the pupil's own share in the longer window before it.",
  absent_days:
    "Days on which the pupil missed all lesson time that is known. Days with granted leave only are not counted.",
  partial_days: "Days on which the pupil was in school but missed at least one lesson.",
  spells:
    "A spell is lessons missed in a row with no attendance between them. Nights, weekends and holidays do not end a spell.",
  unreported_lessons: "Lessons without attendance and without notified absence or leave.",
  unreported_dates: "Days with at least one unreported lesson.",
  late_arrivals: "Lessons to which the pupil came later than the school's limit.",
  absent_run:
    "Whole days absent in succession up to now. Weekends, holidays and days of granted leave do not end the run.",
  term_start_absent_days: "Whole days absent in the first school days of the term.",
  term_start_spells: "Separate spells of absence in the first school days of the term.",
  weekday_tail:
    "Whole days absent on one weekday are compared with the other pupils of the class on that weekday. The threshold is how often chance would make such a difference.",
  partial_tail:
    "Days on which the pupil was in school but missed at least one lesson, compared with how many such days the rest of the class had on average in the same weeks. The threshold is how often chance would make such a difference.",
  spells_tail:
    "Days on which a new spell of absence began, compared with how many such days the rest of the class had on average in the same weeks. The threshold is how often chance would make such a difference.",
  unreported_tail:
    "Days with at least one unreported lesson, compared with how many such days the rest of the class had on average in the same weeks. The threshold is how often chance would make such a difference.",
  subject_missed_share:
    "Missed lessons in the subject divided by all its lessons, on days when the pupil was in school. Counted only when the subject is missed at least three times as much as the others.",
};
