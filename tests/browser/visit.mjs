// A visitor to the pages: Debian's Chromium without its window against the real narvaro-web, with what several browser tests look for.
//
//   const house = await openHouse(); … const { context, page, open } = await house.visitor(); … await house.close()
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root, startWeb, USERS } from "../fixture.mjs";

const need = createRequire(new URL("package.json", import.meta.url));
const { chromium } = need("playwright-core");
const AXE = readFileSync(need.resolve("axe-core/axe.min.js"), "utf8");
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** How long a page may take; less shortens a run that fails. */
export const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 60000);

export const MODES = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  narrow: { viewport: { width: 320, height: 640 } },
  "forced colours": { forcedColors: "active", colorScheme: "dark" },
};

/** `daemon`: of tests/lonely.mjs, ended with the house; the other options are startWeb's. `heard` collects what no page may ever do: ask another host, break the content policy, throw. */
export async function openHouse({ daemon, ...options } = {}) {
  const web = await startWeb({ users: USERS, ...options });
  const browser = await chromium.launch({
    executablePath: execFileSync("sh", ["-c", "command -v chromium-headless-shell"], { encoding: "utf8" }).trim(),
    headless: true,
    args: [
      "--lang=sv-SE",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const heard = { foreign: [], policy: [] };
  const own = new Set([web.url]); // a restart takes another port

  const listen = (page) => {
    page.on("request", (request) => {
      if (!own.has(new URL(request.url()).origin) && !request.url().startsWith("data:"))
        heard.foreign.push(request.url());
    });
    page.on("console", (message) => {
      if (/content security policy|trusted/i.test(message.text())) heard.policy.push(message.text());
    });
    page.on("pageerror", (error) => heard.policy.push(`page error: ${error.message}`));
  };

  /** A browser of its own; `user` null: nobody is signed in. */
  async function visitor({ user = "kim", ...more } = {}) {
    const context = await browser.newContext({
      viewport: { width: 1200, height: 800 },
      locale: "sv-SE",
      timezoneId: "America/New_York",
      ...more,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    context.on("page", listen);
    if (user) {
      const answer = await context.request.post(`${web.url}/api/v1/login`, {
        data: { user, password: web.password },
        headers: { "Sec-Fetch-Site": "same-origin" },
      });
      assert.equal(answer.status(), 200);
    }
    const page = await context.newPage();
    const open = async (hash, selector) => {
      await page.goto(`${web.url}/#/${hash}`);
      await page.waitForSelector(selector);
    };
    /** What the server answers this visitor now. */
    const ask = async (path) => (await context.request.get(`${web.url}/api/v1/${path}`)).json();
    return { context, page, open, ask };
  }

  const restart = async () => {
    await web.restart();
    own.add(web.url);
  };
  const close = async () => {
    await browser.close();
    await web.stop();
    await daemon?.end();
  };
  return { web, daemon, browser, heard, visitor, restart, close };
}

export async function violations(page) {
  if (!(await page.evaluate(() => Boolean(window.axe)))) await page.evaluate(AXE);
  const result = await page.evaluate(
    (tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags } }),
    AXE_TAGS,
  );
  return result.violations.map(
    (each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`,
  );
}

/** The text of the page as it is printed: two A4 at most, tagged, drawn as lines. */
export async function paperOf(page, file) {
  await page.pdf({ path: file, preferCSSPageSize: true, tagged: true });
  const about = execFileSync("pdfinfo", [file], { encoding: "utf8" });
  assert.ok(Number(about.match(/Pages:\s+(\d+)/)[1]) <= 2, about);
  assert.match(about, /Tagged:\s+yes/);
  assert.match(about, /Page size:\s+59\d\.\d+ x 84\d\.\d+ pts \(A4\)/);
  assert.ok(Number(about.match(/File size:\s+(\d+)/)[1]) <= 200 * 1024, about);
  const images = execFileSync("pdfimages", ["-list", file], { encoding: "utf8" });
  assert.equal(images.trim().split("\n").length, 2, "no bitmap");
  return execFileSync("pdftotext", [file, "-"], { encoding: "utf8" });
}

/** A picture of a screen: into docs/screens when it is missing there or SCREENS=1, else into build/screens. */
export async function shoot(name, page, { fullPage = true } = {}) {
  const kept = join(root, "docs/screens");
  const keep = process.env.SCREENS || !existsSync(join(kept, `${name}.png`));
  const folder = keep ? kept : join(root, process.env.BUILD ?? "build", "screens");
  mkdirSync(folder, { recursive: true });
  const bytes = await page.screenshot({ fullPage });
  assert.ok(bytes.length > 5000);
  writeFileSync(join(folder, `${name}.png`), bytes);
}

/** What has focus: a short name, and whether it shows. */
export const focus = (page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    const style = getComputedStyle(at);
    return {
      name: `${at.tagName.toLowerCase()}${at.id ? `#${at.id}` : ""}`,
      role: at.getAttribute("role"),
      text: at.textContent.trim().slice(0, 40),
      shows: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    };
  });

/** Waits until focus is there: effects that move it run after the screen was drawn. */
export async function focusReaches(page, name, why) {
  const deadline = Date.now() + PATIENCE_MS;
  while ((await focus(page)).name !== name && Date.now() < deadline) await page.waitForTimeout(20);
  assert.equal((await focus(page)).name, name, why);
}

/** Presses keys one after the other; more than one letter is the name of a key. */
export async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

/** The text of an element as one reads it: single spaces. */
export const textOf = async (page, selector) =>
  (await page.textContent(selector)).replaceAll("\u00a0", " ").replace(/\s+/g, " ").trim();

/** Waits until `look` gives something true, and returns it. */
export async function until(what, look) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < deadline, what);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
