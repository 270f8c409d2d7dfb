// What stands above a record, or its form, while somebody else is at work on it.

import Alert, { type AlertProps } from "@mui/material/Alert";
import Box from "@mui/material/Box";
import type { ReactNode, Ref } from "react";
import { useSpoken } from "../ui/Announcer";
import { TimeLeft } from "./TimeLeft";

interface Props {
  text: string;
  severity?: AlertProps["severity"];
  until?: number | undefined; // in milliseconds since 1970
  ref?: Ref<HTMLDivElement> | undefined;
  children?: ReactNode; // what may be done about it
}

export function LockNotice({ text, severity = "info", until, ref, children }: Props) {
  useSpoken(text);
  return (
    <Alert ref={ref} tabIndex={-1} severity={severity} role="region" aria-label="Edit lock" sx={{ alignItems: "center", border: 1, borderColor: "divider", "& .MuiAlert-message": { flex: 1, minWidth: 0 } }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 1.5, rowGap: 1 }}>
        <Box component="span" sx={{ flex: "1 1 200px" }}>
          {text}
        </Box>
        {until !== undefined && <TimeLeft until={until} />}
        {children}
      </Box>
    </Alert>
  );
}
