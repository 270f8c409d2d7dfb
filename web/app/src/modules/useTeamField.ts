import { useMe, useRoster } from "./data";
import type { Column } from "./modules";

/** Of somebody in several teams: where the record goes. */
export function useTeamField(): readonly Column[] {
  const { data: me } = useMe();
  const { data: roster } = useRoster();
  if (!me || !roster || me.teamIds.length < 2) return [];
  const labels = Object.fromEntries(roster.teams.map(({ teamId, name }) => [teamId, name]));
  return [["teamId", { type: "choice", label: "Team", choices: me.teamIds, labels }]];
}
