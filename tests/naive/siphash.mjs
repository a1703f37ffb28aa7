// SipHash-2-4 from its paper (Aumasson and Bernstein), with BigInt: what a card's token must be. Shares no code with
// common/token.c.

const MASK = (1n << 64n) - 1n;
const rotate = (x, bits) => ((x << bits) | (x >> (64n - bits))) & MASK;
const little = (bytes) => bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);

function round(v) {
  v[0] = (v[0] + v[1]) & MASK;
  v[1] = rotate(v[1], 13n) ^ v[0];
  v[0] = rotate(v[0], 32n);
  v[2] = (v[2] + v[3]) & MASK;
  v[3] = rotate(v[3], 16n) ^ v[2];
  v[0] = (v[0] + v[3]) & MASK;
  v[3] = rotate(v[3], 21n) ^ v[0];
  v[2] = (v[2] + v[1]) & MASK;
  v[1] = rotate(v[1], 17n) ^ v[2];
  v[2] = rotate(v[2], 32n);
}

export function siphash(keyHex, bytesHex) {
  const key = [...Buffer.from(keyHex, "hex")];
  const bytes = [...Buffer.from(bytesHex, "hex")];
  const [k0, k1] = [little(key.slice(0, 8)), little(key.slice(8))];
  const v = [k0 ^ 0x736f6d6570736575n, k1 ^ 0x646f72616e646f6dn, k0 ^ 0x6c7967656e657261n, k1 ^ 0x7465646279746573n];
  const last = bytes.slice(bytes.length - (bytes.length % 8));
  const blocks = [];
  for (let i = 0; i + 8 <= bytes.length; i += 8) blocks.push(little(bytes.slice(i, i + 8)));
  blocks.push(little(last) | (BigInt(bytes.length & 0xff) << 56n));
  for (const block of blocks) {
    v[3] ^= block;
    round(v);
    round(v);
    v[0] ^= block;
  }
  v[2] ^= 0xffn;
  for (let i = 0; i < 4; i++) round(v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

// As the database stores it: signed 64 bit.
export const storedToken = (keyHex, card) => BigInt.asIntN(64, siphash(keyHex, card));
