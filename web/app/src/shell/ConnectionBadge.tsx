// The place of the badge. Until the live client is in, it tells what the browser itself knows: online or not.

import Box from "@mui/material/Box";
import { useSyncExternalStore } from "react";
import { Dot } from "../ui/StatusChip";

export function useOnline(): boolean {
  return useSyncExternalStore(watch, () => navigator.onLine);
}

function watch(changed: () => void): () => void {
  addEventListener("online", changed);
  addEventListener("offline", changed);
  return () => {
    removeEventListener("online", changed);
    removeEventListener("offline", changed);
  };
}

export function ConnectionBadge() {
  const online = useOnline();
  if (online) return null;
  return (
    <Box role="status" sx={{ display: "inline-flex", alignItems: "center", gap: 1, typography: "body2", fontWeight: 500 }}>
      <Dot tone="red" size={8} />
      Offline
    </Box>
  );
}
