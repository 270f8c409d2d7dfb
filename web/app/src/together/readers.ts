// Who may read a record, as docs/access.md has it. The server decides all the same.

import type { UserEntry } from "../contract";

export interface Readable {
  readonly visibility: string;
  readonly ownerId: string;
  readonly teamId: string | undefined;
}

export function readersOf(record: Readable, users: readonly UserEntry[]): readonly UserEntry[] {
  const { visibility, ownerId, teamId } = record;
  return users.filter(({ userId, role, teamIds }) => {
    if (visibility === "private") return userId === ownerId;
    return visibility === "broker" || role === "broker" || (teamId !== undefined && teamIds.includes(teamId));
  });
}
