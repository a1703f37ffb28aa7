// One line that refreshes itself on a terminal; elsewhere a line now and then.

const EVERY_MS = 500;
const PLAIN_EVERY_MS = 10_000;

export class Progress {
  constructor({ clock, api, bus }) {
    const tty = process.stdout.isTTY;
    let busy = false;
    const show = async () => {
      if (busy) return;
      busy = true;
      const status = await api.get("status").catch(() => null);
      busy = false;
      if (!status || this.stopped) return;
      const time = new Date(clock.utcMs()).toLocaleString("en-GB", {
        timeZone: "Europe/Stockholm",
        weekday: "short",
        hour: "2-digit",
        minute: "2-digit",
      });
      const line = [
        `${time}  taps ${bus.taps.length}  lamps ${bus.lamps.length}  stored ${status.events_stored}`,
        `lessons closed ${status.lessons_closed}  flags ${status.flags_raised} (open ${status.flags_open})`,
        `to tell ${status.tasks_open}`,
      ].join("  ");
      process.stdout.write(tty ? `\r\x1b[K${line}` : `${line}\n`);
    };
    this.timer = setInterval(show, tty ? EVERY_MS : PLAIN_EVERY_MS);
  }
  interrupt(text) {
    process.stdout.write(`${process.stdout.isTTY ? "\r\x1b[K" : ""}${text}\n`);
  }
  stop() {
    this.stopped = true;
    clearInterval(this.timer);
    if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
  }
}
