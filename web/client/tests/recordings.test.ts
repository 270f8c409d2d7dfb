/** A client that does what a recording of the simulator says ends where the recording ends, byte for byte. */

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BREAKAGES } from "./support/breakages.js";
import { Deviation, Player } from "./support/player.js";

const FOLDER = process.env.OPENHOUSE_RECORDINGS ?? join(import.meta.dirname, "../../../build/recordings");
const LEAST = 500;

const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith(".jsonl")) : [];
const histories = new Set(files.map((name) => name.slice(0, name.indexOf("-"))));
const texts = files.map((name): [name: string, text: string] => [name, readFileSync(join(FOLDER, name), "utf8")]);

describe("the simulator's recordings", () => {
  test(`are of ${LEAST} histories or more`, () => {
    const command = "make them: .venv/bin/python -m tests.simulator --record build/recordings --seeds 201-700";
    expect(histories.size, command).toBeGreaterThanOrEqual(LEAST);
  });

  test("are followed to their ends", () => {
    for (const [name, text] of texts) new Player().play(name, text);
  });

  test.each(Object.entries(BREAKAGES))("show when %s", (_breakage, parts) => {
    expect(() => {
      for (const [name, text] of texts) new Player(parts).play(name, text);
    }).toThrow(Deviation);
  });
});
