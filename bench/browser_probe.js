// What bench/browser.py asks of a page: put into it before its own scripts run.

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
