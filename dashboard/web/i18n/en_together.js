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
