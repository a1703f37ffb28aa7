// A client of the dashboard's API (docs/api.md), as a browser's page would be one.

import { request } from "node:http";

export class Api {
  constructor(url) {
    this.base = new URL("/api/v1/", url);
    this.cookie = "";
    this.csrf = "";
  }

  // { status, body }: the body parsed, or null when there is none.
  call(method, path, body) {
    const text = body === undefined ? "" : JSON.stringify(body);
    const headers = { Cookie: this.cookie, "Sec-Fetch-Site": "same-origin" };
    if (method !== "GET")
      Object.assign(headers, {
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(text),
        "X-CSRF-Token": this.csrf,
      });
    return new Promise((resolve, reject) => {
      const call = request(new URL(path, this.base), { method, headers }, (answer) => {
        const parts = [];
        answer
          .on("data", (part) => parts.push(part))
          .on("end", () => {
            const cookies = answer.headers["set-cookie"];
            if (cookies) this.cookie = cookies.map((cookie) => cookie.split(";")[0]).join("; ");
            const received = Buffer.concat(parts).toString();
            resolve({ status: answer.statusCode, body: received ? JSON.parse(received) : null });
          });
      });
      call.on("error", reject).end(text);
    });
  }

  async get(path) {
    const { status, body } = await this.call("GET", path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  async login(user, password) {
    const { status, body } = await this.call("POST", "login", { user, password });
    if (status !== 200) throw new Error(`login: ${status} ${JSON.stringify(body)}`);
    this.csrf = body.csrf;
  }
}
