// A terminal's certificate in the wrong hands: publishes as fast as the broker takes it, at QoS 0, with MQTT 3.1.1 of its own,
// for a client of the library would keep in memory what the broker does not take.

import { readFileSync } from "node:fs";
import { connect } from "node:tls";
import { SCHOOL } from "../demo/house.mjs";

const BATCH = 24; // events in a message of 4.6 KB
const AT_ONCE = 32; // messages in one write
const CONNECT = 0x10;
const PUBLISH = 0x30;
const KEEPALIVE_S = 600;

const text = (words) => Buffer.concat([Buffer.from([words.length >> 8, words.length & 255]), Buffer.from(words)]);

// MQTT 3.1.1, 2.2: the type, the length in groups of seven bits, the rest.
function packet(type, ...parts) {
  const rest = Buffer.concat(parts);
  const length = [];
  for (let left = rest.length; length.length === 0 || left > 0; left >>= 7)
    length.push((left & 127) | (left > 127 ? 128 : 0));
  return Buffer.concat([Buffer.from([type, ...length]), rest]);
}

const batch = (at_ms) =>
  JSON.stringify(
    Array.from({ length: BATCH }, (_, i) => ({
      v: 1,
      gen: "00000000f100d001",
      seq: i + 1,
      kind: "tap",
      boot: 1,
      mono_ms: 100000 + i,
      oldest: 1,
      at_ms: at_ms + i,
      clock: "synced",
      age_ms: 10,
      token: "00000000000000f1",
      reader: 1,
      feedback: "ok",
    })),
  );

export class Flood {
  constructor(house, terminal) {
    const certificate = house.authority.issue(terminal);
    const [key, cert] = [readFileSync(certificate.key), readFileSync(certificate.cert)];
    Object.assign(this, { house, terminal, key, cert, messages: 0 });
  }

  // The same events again and again, and now and then what nobody understands.
  begin() {
    const { house, key, cert } = this;
    const topic = text(`narvaro/1/${SCHOOL}/${this.terminal}/event`);
    const known = packet(PUBLISH, topic, Buffer.from(batch(Math.round(house.clock.utcMs()))));
    const strange = packet(PUBLISH, topic, Buffer.from("{}"));
    const many = Buffer.concat([...Array(AT_ONCE - 1).fill(known), strange]);
    const ca = readFileSync(house.authority.ca);
    this.socket = connect({ host: house.address, port: house.broker.port, ca, key, cert });
    const hello = [text("MQTT"), Buffer.from([4, 2, KEEPALIVE_S >> 8, KEEPALIVE_S & 255]), text(this.terminal)];
    const pump = () => {
      do this.messages += AT_ONCE;
      while (this.socket.write(many));
    };
    this.socket.once("secureConnect", () => this.socket.write(packet(CONNECT, ...hello)));
    this.socket.once("data", () => this.socket.on("drain", pump) && pump());
    this.socket.on("error", (error) => (this.error = error.message));
    this.since = Date.now();
  }

  end() {
    this.socket.destroy();
    const seconds = (Date.now() - this.since) / 1000;
    return { messages: this.messages, perSecond: Math.round(this.messages / seconds), error: this.error };
  }
}
