// Changes of the directory, which administrators alone may make. The roster is asked for anew after each.

import { useMutation } from "@tanstack/react-query";
import { useApi } from "../api/context";
import type { Roster, TeamEntry, UserEntry } from "../contract";
import { newId } from "../ids";
import { useRoster } from "../modules/data";

export type Role = UserEntry["role"];
export type PersonFields = Pick<UserEntry, "email" | "name" | "role" | "teamIds">;

/** What each may do, in the words of docs/access.md. */
export const ROLES: Record<Role, { label: string; about: string }> = {
  agent: { label: "Agent", about: "Works with the records of their teams." },
  lead: { label: "Lead", about: "Also moves records between their teams, and gives them to other people there." },
  broker: { label: "Broker", about: "Sees and changes what every team has." },
  admin: { label: "Administrator", about: "Invites people, and says who is in which team. With records, what their teams make them." },
};

export function isRole(value: string): value is Role {
  return value in ROLES;
}

export function useDirectoryWrites() {
  const api = useApi();
  const roster = useRoster();
  const { mutateAsync } = useMutation({
    mutationFn: ({ method, path, body }: { method: string; path: string; body?: unknown }) =>
      api.call<unknown>(method, `/directory${path}`, {
        ...(body === undefined ? {} : { body }),
        ...(method === "POST" ? { key: newId() } : {}),
      }),
    onSettled: () => roster.refetch(),
  });
  const user = (userId: string) => `/users/${encodeURIComponent(userId)}`;
  const invitation = (userId: string) => `/invitations/${encodeURIComponent(userId)}`;
  return {
    put: (userId: string, person: PersonFields) => mutateAsync({ method: "PUT", path: user(userId), body: person }),
    remove: (userId: string) => mutateAsync({ method: "DELETE", path: user(userId) }),
    invite: (person: PersonFields) => mutateAsync({ method: "POST", path: "/invitations", body: person }),
    resend: (userId: string) => mutateAsync({ method: "POST", path: `${invitation(userId)}/resend` }),
    revoke: (userId: string) => mutateAsync({ method: "DELETE", path: invitation(userId) }),
    createTeam: (name: string) => mutateAsync({ method: "POST", path: "/teams", body: { name } }),
    renameTeam: (teamId: string, name: string) =>
      mutateAsync({ method: "PUT", path: `/teams/${encodeURIComponent(teamId)}`, body: { name } }),
  };
}

export const fieldsOf = ({ email, name, role, teamIds }: UserEntry): PersonFields => ({ email, name, role, teamIds });

/** Asked to come, and has not signed in yet. */
export function isInvited(user: UserEntry): boolean {
  return Boolean(user.invitedAt);
}

export function teamsText(user: UserEntry, teams: readonly TeamEntry[]): string {
  if (user.role === "broker") return "Every team";
  const names = new Map(teams.map(({ teamId, name }) => [teamId, name]));
  return user.teamIds.map((id) => names.get(id) ?? id).join(", ") || "No team";
}

/** By name, of those whose name, e-mail, role or team has the text. */
export function peopleFound({ users, teams }: Roster, text: string): readonly UserEntry[] {
  const wanted = text.trim().toLowerCase();
  return users
    .filter((user) => [user.name, user.email, ROLES[user.role].label, teamsText(user, teams)].some((each) => each.toLowerCase().includes(wanted)))
    .toSorted((one, other) => one.name.localeCompare(other.name));
}

/** Why this person may not lose the role or the entry; undefined if they may. */
export function keptAdmin(user: UserEntry, me: string, users: readonly UserEntry[]): string | undefined {
  if (user.role !== "admin") return undefined;
  if (users.filter(({ role }) => role === "admin").length === 1) {
    return `${user.userId === me ? "You are" : `${user.name} is`} the only administrator, and there must always be one. Make somebody else an administrator first.`;
  }
  return user.userId === me ? "Another administrator must take this role from you: so nobody locks everybody out." : undefined;
}
