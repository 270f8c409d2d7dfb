// In the menu of a list: looks for records of its module that are one person. It goes on by itself, in the tray.

import MenuItem from "@mui/material/MenuItem";
import { useLive } from "../live/context";
import type { Module } from "../modules/modules";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";

export function FindDuplicates({ module, close }: { module: Module; close: () => void }) {
  const { client } = useLive();
  const announce = useAnnounce();
  const why = useWhy();

  async function begin(): Promise<void> {
    announce(`Looking for duplicates among ${module.label.toLowerCase()} …`);
    try {
      const { collaboration } = await import("@openhouse/client/collaboration");
      await collaboration(client).tasks.start("find_duplicates", { among: [module.noun as "client" | "lead"] });
    } catch (error) {
      announce(why(error));
    }
  }

  return (
    <MenuItem
      onClick={() => {
        close();
        void begin();
      }}
    >
      Find duplicates
    </MenuItem>
  );
}
