/** Random histories of everything that happens to the tabs of a browser: afterwards each has what the server has, and knows of them. */

import { expect, test } from "vitest";
import { collaboration } from "../src/collaboration/index.js";
import { FakeBrowser } from "./support/browser.js";
import type { Tab } from "./support/browser.js";
import { chance, oneOf } from "./support/chance.js";
import { NORTH } from "./support/model.js";
import { Office } from "./support/office.js";

class History {
  readonly browser = new FakeBrowser();
  readonly office = new Office(this.browser.server);
  readonly told: string[] = [];
  #tabs: Tab[] = [];
  #created = 0;
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = chance(seed);
  }

  async run(steps: number): Promise<void> {
    await this.#open();
    await this.#open();
    const often = [this.#commit.bind(this), this.#commit.bind(this), this.#wait.bind(this), this.#write.bind(this)];
    const seldom = [this.#open.bind(this), this.#die.bind(this), this.#freeze.bind(this), this.#thaw.bind(this)];
    const others = [this.#turn.bind(this), this.#cut.bind(this), this.#mend.bind(this), this.#forgets.bind(this)];
    for (let step = 0; step < steps; step++) {
      await oneOf([...often, ...often, ...seldom, ...others], this.#random)();
      await this.browser.time.advance(this.#random() < 0.5 ? 0 : this.#random() * 3);
    }
  }

  /** Everything works again, and some time goes by. */
  async rest(): Promise<void> {
    this.#say("rest");
    this.browser.server.unreachable = false;
    this.browser.server.loses = () => false;
    for (const tab of this.#tabs) {
      if (tab.page.state === "frozen") await tab.thaw();
      tab.isVisible = true;
      await tab.wake();
      tab.client.retry();
    }
    await this.browser.time.advance(180);
    for (const tab of this.#tabs) await tab.show();
    await this.browser.time.advance(60);
  }

  check(): void {
    const live = this.#tabs;
    const visible = this.browser.model.visible();
    for (const tab of live) {
      expect(tab.client.state).toMatchObject({ status: "connected" });
      expect(Object.fromEntries(tab.client.cache.entries())).toEqual(visible);
      expect(tab.offline.waiting).toEqual([]);
      const last = new Map<string, number>();
      for (const { room, epoch, seq } of tab.heard) {
        // Once and in order. What was loaded afresh goes on further ahead.
        expect(seq).toBeGreaterThan(last.get(`${room} ${epoch}`) ?? 0);
        last.set(`${room} ${epoch}`, seq);
      }
    }
    if (live.length > 0) {
      expect(this.browser.sockets).toBe(1);
      expect(live.filter(({ leads }) => leads).length).toBe(1);
      expect(this.office.longestSilence(this.office.seconds - 60)).toBeLessThan(40);
      expect(this.office.beats.at(-1)).toMatchObject({ active: true, socket: { open: true } });
    }
    const { done } = this.browser.server;
    expect(new Set(done).size).toBe(done.length);
  }

  #say(words: string): void {
    this.told.push(words);
  }

  #alive(): Tab[] {
    return this.#tabs.filter(({ page }) => page.state === "alive");
  }

  async #open(): Promise<void> {
    if (this.#tabs.length > 4) return;
    this.#say("a tab opens");
    const [tab] = await this.browser.open(1);
    if (!tab) return;
    tab.useEscrows();
    collaboration(tab.client);
    this.#tabs.push(tab);
    void tab.client.load("escrow", () => tab.client.rest.list("escrow")).catch(() => undefined);
  }

  async #die(): Promise<void> {
    if (this.#tabs.length < 2) return;
    const tab = oneOf(this.#tabs, this.#random);
    this.#say(`tab ${this.#tabs.indexOf(tab)} dies${tab.leads ? ", which leads" : ""}`);
    tab.die();
    this.#tabs = this.#tabs.filter((one) => one !== tab);
  }

  async #freeze(): Promise<void> {
    const [tab] = this.#alive().toSorted(() => this.#random() - 0.5);
    if (tab) tab.freeze();
    this.#say("one freezes");
  }

  async #thaw(): Promise<void> {
    this.#say("one thaws");
    await this.#tabs.find(({ page }) => page.state === "frozen")?.thaw();
  }

  /** Somebody looks at another tab. */
  async #turn(): Promise<void> {
    const alive = this.#alive();
    if (alive.length === 0) return;
    const seen = oneOf(alive, this.#random);
    this.#say(`tab ${this.#tabs.indexOf(seen)} is looked at`);
    for (const tab of alive) {
      tab.isVisible = tab === seen;
      if (tab !== seen) await tab.leave();
    }
    await seen.wake();
  }

  async #cut(): Promise<void> {
    this.#say("the network goes");
    this.browser.server.unreachable = this.#random() < 0.5;
    for (const socket of this.browser.server.sockets) if (socket.open) socket.end();
  }

  async #mend(): Promise<void> {
    this.#say("the network is back");
    this.browser.server.unreachable = false;
  }

  async #forgets(): Promise<void> {
    this.#say("the log begins anew");
    if (this.#random() < 0.5) this.browser.model.rebuild(NORTH);
  }

  async #wait(): Promise<void> {
    this.#say("some time goes by");
    await this.browser.time.advance(this.#random() * 40);
  }

  async #commit(): Promise<void> {
    const { model, server } = this.browser;
    const ids = [...model.records.keys()];
    server.loses = () => this.#random() < 0.2;
    if (ids.length === 0 || this.#random() < 0.4) model.create(`e${++this.#created}`, NORTH, { city: "Davis" });
    else if (this.#random() < 0.7) model.update(oneOf(ids, this.#random), { city: `c${++this.#created}` });
    else model.delete(oneOf(ids, this.#random));
    this.#say("somebody changes something");
    server.publish();
  }

  async #write(): Promise<void> {
    const [tab] = this.#alive().toSorted(() => this.#random() - 0.5);
    if (!tab) return;
    this.#say("one writes");
    const [id] = [...this.browser.model.records.keys()];
    const write =
      id === undefined || this.#random() < 0.5
        ? ({ noun: "escrow", method: "POST", body: { city: "new" } } as const)
        : ({ noun: "escrow", method: "PATCH", id, body: { city: `w${++this.#created}` } } as const);
    void tab.offline.write(write).catch(() => undefined);
  }
}

test("after any history every tab has what the server has, over one socket", async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const history = new History(seed);
    await history.run(30);
    await history.rest();
    try {
      history.check();
    } catch (error) {
      throw new Error(`seed ${seed}: ${history.told.join("; ")}`, { cause: error });
    }
  }
}, 120_000);
