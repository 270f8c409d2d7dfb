import Box from "@mui/material/Box";
import { partsOf } from "./mentions";

/** A text of several lines, with the names of those who are mentioned in it. */
export function LongText({ text }: { text: string }) {
  return (
    <Box sx={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
      {partsOf(text).map((part, at) =>
        typeof part === "string" ? (
          part
        ) : (
          // oxlint-disable-next-line react/no-array-index-key -- a text has no other
          <Box component="span" key={at} data-mention={part.id} sx={{ color: "primary.main", fontWeight: 500 }}>
            @{part.name}
          </Box>
        ),
      )}
    </Box>
  );
}
