import IconButton from "@mui/material/IconButton";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import { Link as RouterLink } from "@tanstack/react-router";
import { EllipsisVertical } from "lucide-react";
import { ImportEntry } from "../imports/ImportEntry";
import type { Module } from "../modules/modules";
import { FROM_TEXT, READ_FROM_TEXT } from "../texts/page";
import { type ReactNode, useRef, useState } from "react";

/** What may be done with a list beside looking at it. */
export function ListMenu({ module, children }: { module: Module; children?: ((close: () => void) => ReactNode) | undefined }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const close = () => setOpen(false);
  return (
    <>
      <IconButton ref={anchor} onClick={() => setOpen(true)} aria-label="More actions" aria-haspopup="menu" aria-expanded={open}>
        <EllipsisVertical size={18} aria-hidden />
      </IconButton>
      <Menu open={open} onClose={close} anchorEl={() => anchor.current}>
        <ImportEntry module={module} close={close} />
        {READ_FROM_TEXT.has(module.noun) && (
          <MenuItem component={RouterLink} to={FROM_TEXT}>
            From text …
          </MenuItem>
        )}
        {children?.(close)}
      </Menu>
    </>
  );
}
