// English for working together: part of en_views.js.
export const sip = /** @satisfies {typeof import("./sv_together.js").sip} */ ({
  title: "SIP, coordinated individual plan",
  none: "No SIP has been needed yet.",
  consents: (guardian, pupil) =>
    `Consent to a SIP: guardian ${guardian ? "yes" : "no"}, pupil ${pupil ? "yes" : "no"}.`,
  no_consent: {
    guardian: "The guardian's consent is missing or was withdrawn. Without it no SIP is requested, called or held.",
    pupil: "The pupil's consent is missing or was withdrawn. Without it no SIP is requested, called or held.",
  },
  stages: {
    needed: () => "Needed.",
    requested: (of) => `Requested of ${of}.`,
    called: (by, day) => `Called by ${by}, meeting ${day}.`,
    held: (_, day) => `Meeting held, followed up ${day}.`,
    followed_up: (_, day) => `Followed up, again on ${day}.`,
    ended: (why) => `Ended: ${why}.`,
  },
  members: "Who takes part",
  coordinates: "coordinates",
  left: (day) => `until ${day}`,
  school_part:
    "The school's part: see the need, ask for consent, request a SIP and take part. The school has no duty by law to call.",
  may_call: "The school may call to a SIP itself, by the head's decision.",
  may_not_call: "The school requests a SIP of social services or health care, who call.",
});

export const together = /** @satisfies {typeof import("./sv_together.js").together} */ ({
  rating: "After a meeting",
  rating_how:
    "Let pupil and guardian answer apart. The answer is kept as a count of the term, never with a pupil, case, name or day.",
  rated: "The answer is saved.",
  who: "Who answers?",
  parties: { pupil: "The pupil", guardian: "Guardian" },
  questions: { listened: "Was I listened to?", informed: "Do I know what happens now?" },
  grades: ["1, no", "2, a little", "3, mostly", "4, yes"],
  summary: "To the local BUS group",
  summary_how:
    "Only terms that are over. Numbers are rounded down to a multiple of five, and nothing is shown below five. The school's part: note failures, take them up in the BUS group and answer those of others.",
  no_terms: "No term with data is over yet.",
  terms: { autumn: (year) => `Autumn term ${year}`, spring: (year) => `Spring term ${year}` },
  stuck: "Cases that are stuck, by cause",
  promise: "Cause",
  cases: "Cases, at least",
  weeks: "Weeks waited, median",
  ratings: "Meetings, mean of 1–4 (wholes and halves)",
  answers: "Answers, at least",
  download: "Save as CSV",
  calling: "Calling to a SIP",
  calling_how: "The head decides for the whole school. The decision is kept with date and name.",
  allow_calling: "The school may call",
  forbid_calling: "The school does not call itself",
});

export const crisis = /** @satisfies {typeof import("./sv_together.js").crisis} */ ({
  title: "Serious event in the family",
  how: "One person at school keeps in touch, and nobody else calls home by routine. Do not write what has happened. No list, search or count shows it.",
  who: "Who keeps in touch?",
  choose: "Choose",
  begin: "Save",
  stands: (name, day) => `Speak with ${name} before anybody calls home. Since ${day}.`,
  paused: "Phone numbers are not shown under To review as long as it holds. It ends when somebody ends it.",
  end: "End",
});

export const deviation = /** @satisfies {typeof import("./sv_together.js").deviation} */ ({
  title: "Failed cooperation",
  back: "To the case",
  what: "What has not worked",
  from: "From",
  case_number: (number) => `the school's case ${number}`,
  of: "About",
  promise: "What",
  since: "Since",
  noted: "Noted",
  stood: (day) => `Since ${day}.`,
  school_did: "The school's part",
  opened: (day) => `The case was opened ${day}.`,
  sip: {
    requested: (day) => `SIP requested ${day}.`,
    called: (day) => `Called to a SIP ${day}.`,
    held: (day) => `SIP meeting held ${day}.`,
  },
  asks: "The school asks for",
  asks_how:
    "an answer to the school's pupil health team, who does what and when, and that this is taken up in the local BUS group.",
  without: "Without name, class or health details. Which pupil it is about is said by word of mouth, after consent.",
  protected: "The pupil has a protected identity. Nothing is printed, and the case is not in the summary.",
});
