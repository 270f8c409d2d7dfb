import { usePerson } from "../api/context";
import { useSession } from "../session/context";
import { plural } from "../ui/words";
import { useLive } from "./context";
import { draftsOf } from "./drafts";

/** Signs out, after asking whether what is not sent yet may be lost. Resolves to whether it was done. */
export function useSignOut(): (how?: { everywhere: boolean }) => Promise<boolean> {
  const session = useSession();
  const { id } = usePerson();
  const { offline, refusals } = useLive();
  return async (how) => {
    const unsent = offline.waiting.length + refusals.all().length;
    const unfinished = draftsOf(id).filter((place) => place.startsWith("/")).length;
    const losses = [
      ...(unsent > 0 ? [`${plural(unsent, "change")} that ${unsent === 1 ? "is" : "are"} not saved yet`] : []),
      ...(unfinished > 0 ? [plural(unfinished, "unfinished form")] : []),
    ];
    // oxlint-disable-next-line eslint/no-alert -- nothing else is needed of the page any more
    if (losses.length > 0 && !confirm(`Sign out and lose ${losses.join(" and ")}?`)) return false;
    await session.signOut(how);
    return true;
  };
}
