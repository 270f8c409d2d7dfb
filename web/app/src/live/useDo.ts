import { complaintOf, isStale } from "../api/complaint";
import type { Write } from "./save";
import type { Module } from "../modules/modules";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import { useLive } from "./context";
import { useSave } from "./save";

/** Does it, says so, and offers to undo it. Returns whether it is done, or will be. */
export function useDo(module: Module): (deed: Write, said: string, undo?: Write) => Promise<boolean> {
  const save = useSave(module);
  const announce = useAnnounce();
  const why = useWhy();
  const { offline } = useLive();
  return async (deed, said, undo) => {
    try {
      const saved = await save(deed);
      if ("waiting" in saved) {
        const { waiting } = saved;
        announce(`${said}: it is kept here, and sent when the connection is back`, () => {
          if (!offline.withdraw(waiting)) announce("This one is on its way already.");
        });
        return true;
      }
      announce(
        said,
        undo &&
          (() => {
            save(undo).catch((error: unknown) => announce(why(error)));
          }),
      );
      return true;
    } catch (error) {
      announce(isStale(complaintOf(error)) ? "Somebody was faster: look at it once more, then decide." : why(error));
      return false;
    }
  };
}
