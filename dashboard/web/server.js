// All talk with the server: calls of the API (docs/api.md) and the one stream of changes per browser.
/** @import { AnswerOf, Counters, ImportHeader, Me, ResultOf } from "./types.js" */

const API = "/api/v1/";
const STREAM_LOCK = "narvaro-stream";
const FIRST_COUNTERS_MS = 2000; // then the views read anyway
const POLL_MS = 30000; // without Web Locks (no HTTPS): a stream per tab would use up the connections
const RETRY_MS = 5000;

/** A call that did not succeed; `code` is the API's word, or "no_contact". */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {number} [status]
   * @param {string[]} [reasons]
   * @param {ImportHeader[]} [headers]
   */
  constructor(code, status, reasons, headers) {
    super(code);
    this.code = code;
    this.reasons = reasons; // sentences of the daemon's, when it refuses
    this.headers = headers; // of the files of an import that was refused
    this.status = status;
  }
}

/** Fires "ended" when the server no longer knows who we are. */
export const session = new EventTarget();
let csrf = "";

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @param {Record<string, string>} [headers]
 * @returns {Promise<any>}
 */
async function call(method, path, body, headers = {}) {
  if (body) Object.assign(headers, { "Content-Type": "application/json", "X-CSRF-Token": csrf });
  let response;
  try {
    response = await fetch(API + path, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Refusal("no_contact", 0);
  }
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({ error: response.ok ? "no_contact" : "unknown", cut: true })); // the server went away midway
  if (response.ok && !answer.cut) return answer;
  if (answer.error === "not_signed_in") session.dispatchEvent(new Event("ended"));
  const reasons = answer.reasons ?? (answer.reason && [answer.reason]);
  throw new Refusal(answer.error, response.status, reasons, answer.headers);
}

/** @param {Me} me */
function remember(me) {
  csrf = me.csrf;
  return me;
}

/** @template {string} Path @param {Path} path @returns {Promise<AnswerOf<Path>>} */
export const read = (path) => call("GET", path);
/**
 * A GET that nobody asked for: it does not keep the session alive, so that a page left open signs out.
 * @template {string} Path @param {Path} path @returns {Promise<AnswerOf<Path>>}
 */
export const readUnasked = (path) => call("GET", path, undefined, { "X-Background": "1" });
/**
 * Asks the server to change something.
 * @template {string} Path @param {Path} path @param {object} [body] @returns {Promise<ResultOf<Path>>}
 */
export const send = (path, body = {}) => call("POST", path, body);
export const who = async () => remember(await call("GET", "me"));
/**
 * `code`: the one-time code, once the server has asked for it.
 * @param {string} user @param {string} password @param {string} [code]
 */
export const signIn = async (user, password, code) =>
  remember(await call("POST", "login", { user, password, ...(code && { code }) }));
export const signOut = () => call("POST", "logout", {}).finally(() => session.dispatchEvent(new Event("ended")));
/** @param {string} language */
export const chooseLanguage = async (language) => remember(await call("PUT", "me", { language }));

/**
 * Follows the server's change counters: `told({status, flags, terminals, answers})` at every change, `heard(bool)` when contact is
 * lost or back. One tab holds the stream and tells the others; when it closes, the next takes over.
 * Resolves once changes can no longer be missed, so that what is read afterwards is never older than the counters.
 * @param {(counters: Counters) => void} told
 * @param {(contact: boolean) => void} heard
 * @returns {Promise<void> | void}
 */
export function follow(told, heard) {
  if (!navigator.locks) return poll(told);
  const channel = new BroadcastChannel(STREAM_LOCK);
  channel.onmessage = ({ data }) => ("contact" in data ? heard(data.contact) : told(data));
  /** @param {Counters} counters */
  const tell = (counters) => {
    told(counters);
    channel.postMessage(counters);
  };
  /** @param {boolean} contact */
  const hear = (contact) => {
    heard(contact);
    channel.postMessage({ contact });
  };
  return new Promise((/** @type {(value: void) => void} */ ready) => {
    navigator.locks.request(STREAM_LOCK, { ifAvailable: true }, (lock) => {
      if (lock) return lead(tell, hear, ready);
      navigator.locks.request(STREAM_LOCK, () => lead(tell, hear, ready));
      ready();
    });
  });
}

/** @param {(counters: Counters) => void} told */
function poll(told) {
  let turn = 0;
  setInterval(() => {
    turn += 1;
    told({ status: turn, flags: turn, terminals: turn, answers: turn });
  }, POLL_MS);
}

/**
 * Holds the stream, and with it the lock, until the tab closes.
 * @param {(counters: Counters) => void} tell
 * @param {(contact: boolean) => void} hear
 * @param {() => void} ready
 */
function lead(tell, hear, ready) {
  setTimeout(ready, FIRST_COUNTERS_MS);
  const open = () => {
    const stream = new EventSource(`${API}events`);
    stream.onopen = () => hear(true);
    stream.addEventListener("change", ({ data }) => {
      tell(JSON.parse(data));
      ready();
    });
    stream.onerror = () => {
      hear(false);
      if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      setTimeout(open, RETRY_MS);
      who().catch(() => {}); // tells whether the session ended
    };
  };
  open();
  return new Promise(() => {});
}
