import type { Viewer } from "@openhouse/client/react";
import Box from "@mui/material/Box";
import { useNames } from "../modules/data";
import type { Module } from "../modules/modules";
import { Avatar } from "../ui/Avatar";
import { HIDDEN } from "../ui/hidden";
import { listed } from "../ui/words";

const MOST = 4;

/** Who else looks at the record, by their initials; a ring around who types in it. */
export default function ViewerAvatars({ module, others }: { module: Module; others: readonly Viewer[] }) {
  const named = useNames();
  const shown = others.slice(0, others.length > MOST ? MOST - 1 : MOST);
  const rest = others.slice(shown.length).map(({ userId }) => named(userId));
  return (
    <Box component="ul" aria-label="Also looking at this" sx={{ display: "flex", m: 0, p: 0, listStyle: "none", "& > li + li": { ml: "-6px" } }}>
      {shown.map(({ userId, fields }) => {
        const name = named(userId);
        const labels = fields.map((field) => (module.fields[field]?.label ?? field).toLowerCase());
        const text = labels.length > 0 ? `${name} is typing in ${listed(labels)}` : `${name} is looking at this`;
        return (
          <Box component="li" key={userId} sx={{ display: "flex" }}>
            <Box
              component="span"
              title={text}
              data-typing={labels.length > 0 || undefined}
              sx={{ display: "flex", borderRadius: "50%", border: 2, borderColor: "background.default", "&[data-typing]": { borderColor: "warning.main" } }}
            >
              <Avatar name={name} size={28} />
              <Box component="span" sx={HIDDEN}>
                {text}
              </Box>
            </Box>
          </Box>
        );
      })}
      {rest.length > 0 && (
        <Box component="li" title={rest.join(", ")} sx={{ alignSelf: "center", typography: "caption", color: "text.secondary", "ul > &": { ml: 0.5 } }}>
          +{rest.length}
          <Box component="span" sx={HIDDEN}>
            {" "}
            more: {listed(rest)}
          </Box>
        </Box>
      )}
    </Box>
  );
}
