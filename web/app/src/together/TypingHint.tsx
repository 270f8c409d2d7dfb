import Box from "@mui/material/Box";
import { PencilLine } from "lucide-react";
import { useNames } from "../modules/data";
import { listed } from "../ui/words";
import { useOthers } from "./ViewersContext";

/** Who else types in a field; nothing while nobody does. */
export function TypingHint({ field }: { field: string }) {
  const named = useNames();
  const typists = useOthers().filter(({ fields }) => fields.includes(field));
  if (typists.length === 0) return null;
  return (
    <Box component="span" data-typists={field} sx={{ display: "inline-flex", alignItems: "center", gap: 0.5, typography: "caption", fontWeight: 500, color: "warning.main" }}>
      <PencilLine size={12} aria-hidden />
      {`${listed(typists.map(({ userId }) => named(userId)))} ${typists.length > 1 ? "are" : "is"} typing`}
    </Box>
  );
}
