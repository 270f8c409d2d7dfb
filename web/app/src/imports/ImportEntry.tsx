// In the menu of a list: its records from a file.

import MenuItem, { type MenuItemProps } from "@mui/material/MenuItem";
import type { Module } from "../modules/modules";
import { chooseFile } from "./offered";

/** The menu says of its first entry that it takes the focus. */
export function ImportEntry({ module, close, ...entry }: MenuItemProps & { module: Module; close: () => void }) {
  return (
    <MenuItem
      {...entry}
      onClick={() => {
        close();
        chooseFile(module.noun);
      }}
    >
      Import …
    </MenuItem>
  );
}
