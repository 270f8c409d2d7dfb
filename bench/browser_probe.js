// What bench/browser.py asks of a page: put into it before its own scripts run.

const sockets = [];
const positions = {}; // by room

window.WebSocket = class extends WebSocket {
  constructor(...where) {
    super(...where);
    sockets.push(this);
    this.addEventListener("message", ({ data }) => {
      for (const [room, { epoch, seq }] of Object.entries(JSON.parse(data).rooms ?? {})) positions[room] = { epoch, seq };
    });
  }
};

window.probe = {
  /** Counts frames, and tasks of more than 50 ms, until `stop`. */
  start() {
    const [from, tasks] = [performance.now(), []];
    let [frames, going] = [0, true];
    const keep = (list) => tasks.push(...list.getEntries().map(({ duration }) => duration));
    const observer = new PerformanceObserver(keep);
    observer.observe({ entryTypes: ["longtask"] });
    const frame = () => {
      frames += 1;
      if (going) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    this.stop = () => {
      going = false;
      keep({ getEntries: () => observer.takeRecords() });
      observer.disconnect();
      return { fps: (1000 * frames) / (performance.now() - from), long: tasks.length, longest: Math.max(0, ...tasks) };
    };
  },

  /** What scrolls within the page, if not all of it. */
  scroller() {
    const table = document.querySelector("[role=table]");
    return table && table.scrollHeight > table.clientHeight ? table : document.scrollingElement;
  },

  /** By `step` pixels with each frame, and back from the end, as by a wheel that is not let go. */
  async scroll(seconds, step) {
    const [scroller, end] = [this.scroller(), performance.now() + seconds * 1000];
    let by = step;
    while (performance.now() < end) {
      const before = scroller.scrollTop;
      scroller.scrollTop += by;
      if (scroller.scrollTop === before) by = -by;
      await new Promise(requestAnimationFrame);
    }
  },

  /**
   * Changes one of the records after the other, so many times a second, and waits until the last is shown. Each change
   * comes as the socket brings it: by itself, with the figures of its room. `known`: room, versions by id, that of figures.
   */
  async patch(known, count, rate) {
    const [ids, begun] = [Object.keys(known.versions), performance.now()];
    let price = 0;
    for (let sent = 1; sent <= count; sent += 1) {
      const id = ids.at((sent - count - 1) % ids.length);
      const [version, at] = [(known.versions[id] += 1), new Date().toISOString()];
      price = 50_000_000 + (known.stats += 1) * 1_000;
      const changes = { purchasePriceCents: price, version, updatedAt: at };
      const figures = { room: known.room, version: known.stats, changes: { openVolumeCents: 1e12 + price } };
      const events = [
        { type: "escrow:updated", data: { escrowId: id, version, updatedBy: "bench", changes } },
        { type: "escrow:stats", data: figures },
      ];
      const { epoch } = positions[known.room];
      const seq = (positions[known.room].seq += 1);
      const commit = { room: known.room, epoch, seq, id: `bench-${seq}`, at, by: "bench", events };
      sockets.at(-1).onmessage({ data: JSON.stringify({ commits: [commit] }) });
      await new Promise((done) => setTimeout(done, Math.max(0, begun + (1_000 * sent) / rate - performance.now())));
    }
    const reached = (1_000 * count) / (performance.now() - begun);
    const text = `$${(price / 100).toLocaleString("en-US")}`;
    while (!document.querySelector("[role=table]").textContent.includes(text)) await new Promise(requestAnimationFrame);
    return { rate: reached };
  },

  /** When the button that is clicked next was clicked. */
  click() {
    this.clicked = new Promise((done) => addEventListener("click", () => done(Date.now()), { capture: true, once: true }));
  },

  /** When a text stands in the page's title for the first time, and has been painted. */
  paint(text) {
    this.painted = new Promise((done) => {
      const look = () => {
        const there = document.querySelector("h1")?.textContent?.includes(text);
        requestAnimationFrame(there ? () => setTimeout(() => done(Date.now())) : look);
      };
      look();
    });
  },
};
