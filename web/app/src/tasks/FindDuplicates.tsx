import MenuItem from "@mui/material/MenuItem";
import type { Module } from "../modules/modules";
import { useFindDuplicates } from "./useFindDuplicates";

/** In the menu of a list: among its records. */
export function FindDuplicates({ module, close }: { module: Module; close: () => void }) {
  const find = useFindDuplicates();
  return (
    <MenuItem
      onClick={() => {
        close();
        void find(module);
      }}
    >
      Find duplicates
    </MenuItem>
  );
}
