// To whom somebody may write: leads to their teams and the people in them, brokers and administrators to everybody. Pure.
// The server decides all the same.

import type { Me, Roster } from "../contract";
import { plural } from "../ui/words";

export type To = { readonly userId: string } | { readonly teamId: string } | { readonly brokerage: true };

export interface Recipient {
  readonly key: string;
  readonly label: string;
  readonly group: "Everybody" | "Teams" | "People";
  readonly to: To;
}

export function mayWrite({ role }: Me): boolean {
  return role !== "agent";
}

export function recipientsOf(me: Me, { brokerage, teams, users }: Roster): readonly Recipient[] {
  if (!mayWrite(me)) return [];
  const isEverywhere = me.role !== "lead";
  const own = new Set(me.teamIds);
  const everybody: Recipient = {
    key: "brokerage",
    label: `Everybody of ${brokerage.name}, ${plural(users.length, "person", "people")}`,
    group: "Everybody",
    to: { brokerage: true },
  };
  const someTeams = teams
    .filter(({ teamId }) => isEverywhere || own.has(teamId))
    .map(({ teamId, name }): Recipient => ({ key: `team:${teamId}`, label: name, group: "Teams", to: { teamId } }));
  const somePeople = users
    .filter(({ userId, teamIds }) => userId !== me.userId && (isEverywhere || teamIds.some((id) => own.has(id))))
    .map(({ userId, name }): Recipient => ({ key: `user:${userId}`, label: name, group: "People", to: { userId } }));
  return [...(isEverywhere ? [everybody] : []), ...byName(someTeams), ...byName(somePeople)];
}

const byName = (some: readonly Recipient[]): readonly Recipient[] => some.toSorted((one, other) => one.label.localeCompare(other.label));
