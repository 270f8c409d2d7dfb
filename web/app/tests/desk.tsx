/** A person's tasks as a fake server tells of them, on a page that shows them. */

import { act } from "@testing-library/react";
import type { ReactNode } from "react";
import { Page } from "../../client/tests/react/support";
import { MINE, Model, NORTH } from "../../client/tests/support/model";
import { LiveContext } from "../src/live/context";
import type { Live } from "../src/live/live";
import { Around } from "./around";

export class Desk {
  readonly page = new Page({ model: new Model(NORTH, MINE) });
  readonly tasks = new Map<string, Record<string, unknown>>();

  async open(content: ReactNode): Promise<this> {
    const { server } = this.page.world;
    server.others.set("/tasks", () => ({ items: [...this.tasks.values()], positions: server.model.heads() }));
    await this.page.show(
      <LiveContext value={{ client: this.page.world.client } as unknown as Live}>
        <Around>{content}</Around>
      </LiveContext>,
    );
    await this.page.connected();
    return this;
  }

  async tell(id: string, status: string, more: Record<string, unknown> = {}): Promise<void> {
    const { server, time } = this.page.world;
    const at = new Date(time.truth()).toISOString();
    const known = this.tasks.get(id) ?? { kind: "find_duplicates", percent: 0, message: "", done: 0, counts: {}, can: [], startedAt: at };
    const ended = status === "running" || status === "proposed" ? {} : { endedAt: at };
    const version = Number(known["version"] ?? 0) + 1;
    const task = { ...known, ...more, ...ended, id, status, version, room: MINE, updatedAt: at, updatedBy: "ava" };
    this.tasks.set(id, task);
    await act(async () => {
      server.model.tell([{ type: `ai:task:${status}`, data: { taskId: id, version, updatedBy: "ava", task } }], MINE);
      server.publish();
      await time.advance(0);
    });
  }
}
