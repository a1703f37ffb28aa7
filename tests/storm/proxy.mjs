// A wire that is slow to carry: TCP through us, each piece held back for so long in both directions.

import { connect, createServer } from "node:net";

// { port, close } of a proxy to 127.0.0.1:`target`.
export function delayingProxy(target, delay_ms) {
  const sockets = new Set();
  const carry = (from, to) => {
    from.on("data", (bytes) => setTimeout(() => to.writable && to.write(bytes), delay_ms));
    from.on("close", () => setTimeout(() => to.destroy(), delay_ms));
    from.on("error", () => {});
  };
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    for (const socket of [near, far]) sockets.add(socket.setNoDelay());
    carry(near, far);
    carry(far, near);
  });
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return new Promise((resolve, reject) =>
    server.on("error", reject).listen(0, "127.0.0.1", () => resolve({ port: server.address().port, close })),
  );
}
