import { useLive } from "../live/context";
import type { Module } from "../modules/modules";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";

/** Begins to look for records that are one person, of a module or of all that have people. It goes on by itself, in the tray. */
export function useFindDuplicates(): (module?: Module) => Promise<void> {
  const { client } = useLive();
  const announce = useAnnounce();
  const why = useWhy();
  return async (module) => {
    announce(`Looking for duplicates among ${module ? module.label.toLowerCase() : "clients and leads"} …`);
    try {
      const { tasks } = await import("@openhouse/client/collaboration");
      await tasks(client).start("find_duplicates", module ? { among: [module.noun as "client" | "lead"] } : {});
    } catch (error) {
      announce(why(error));
    }
  };
}
