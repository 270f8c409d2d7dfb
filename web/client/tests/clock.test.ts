/** Waiting in a world where machines sleep, pages freeze and people set clocks. */

import { describe, expect, test } from "vitest";
import { Bell } from "../src/bell.js";
import { Clock } from "../src/clock.js";
import { FakeTime, settle } from "./support/time.js";

function world(): { time: FakeTime; clock: Clock; slept: () => number } {
  const time = new FakeTime();
  const clock = new Clock(time);
  let slept = 0;
  clock.onSlept = () => {
    slept += 1;
  };
  return { time, clock, slept: () => slept };
}

describe("a wait", () => {
  test("ends when it is due, whoever else waits, and is over once", async () => {
    const { time, clock, slept } = world();
    const order: string[] = [];
    clock.after(7_000, () => order.push(`late ${clock.elapsed()}`));
    clock.after(60_000, () => order.push(`last ${clock.elapsed()}`));
    clock.after(1_000, () => order.push(`soon ${clock.elapsed()}`));
    const stop = clock.after(2_000, () => order.push("never"));
    stop();
    await time.advance(120);
    expect(order).toEqual(["soon 1000", "late 7000", "last 60000"]);
    expect(time.timers).toBe(0);
    expect(slept()).toBe(0);
  });

  test("ends within 5 s of waking if its time came while the machine slept, and that is told", async () => {
    const { time, clock, slept } = world();
    let over = 0;
    clock.after(600_000, () => (over = clock.elapsed()));
    await time.advance(1);
    time.sleep(3_600);
    await time.advance(5);
    expect(over).toBeGreaterThanOrEqual(3_601_000);
    expect(slept()).toBe(1);
  });

  test("is neither shortened nor prolonged by someone who sets the clock back", async () => {
    const { time, clock, slept } = world();
    let over = false;
    clock.after(10_000, () => (over = true));
    await time.advance(2);
    time.wrong = -3_600_000;
    await time.advance(7.9);
    expect(over).toBe(false);
    await time.advance(0.2);
    expect(over).toBe(true);
    expect(slept()).toBe(0);
  });

  test("that is patient is not over before what has arrived meanwhile could be read", async () => {
    const { time, clock } = world();
    const ended: string[] = [];
    clock.after(10_000, () => ended.push("patient"), { patient: true });
    clock.after(10_000, () => ended.push("other"));
    await time.freeze(30);
    expect(ended).toEqual(["other"]);
    await time.advance(1);
    expect(ended).toEqual(["other", "patient"]);
  });

  test("can be cut short by a bell, which nobody hears who comes later", async () => {
    const { time, clock } = world();
    const bell = new Bell();
    bell.ring();
    const life = new AbortController();
    const waits = [clock.sleep(1_000, life.signal, bell), clock.sleep(Infinity, life.signal, bell)];
    await settle();
    bell.ring();
    expect(await Promise.all(waits)).toEqual([true, true]);
    expect(time.timers).toBe(0);
    const other = clock.sleep(1_000, life.signal, bell);
    await time.advance(1);
    expect(await other).toBe(false);
  });

  test("can be called off, and leaves nothing behind", async () => {
    const { time, clock } = world();
    const life = new AbortController();
    const waiting = expect(clock.sleep(1_000, life.signal)).rejects.toThrow("enough");
    life.abort(new Error("enough"));
    await waiting;
    await expect(clock.sleep(1_000, life.signal)).rejects.toThrow("enough");
    expect(time.timers).toBe(0);
  });
});
