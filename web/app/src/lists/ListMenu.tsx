import IconButton from "@mui/material/IconButton";
import Menu from "@mui/material/Menu";
import { EllipsisVertical } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";

/** What may be done with a list beside looking at it. */
export function ListMenu({ children }: { children: (close: () => void) => ReactNode }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const close = () => setOpen(false);
  return (
    <>
      <IconButton ref={anchor} onClick={() => setOpen(true)} aria-label="More actions" aria-haspopup="menu" aria-expanded={open}>
        <EllipsisVertical size={18} aria-hidden />
      </IconButton>
      <Menu open={open} onClose={close} anchorEl={() => anchor.current}>
        {children(close)}
      </Menu>
    </>
  );
}
