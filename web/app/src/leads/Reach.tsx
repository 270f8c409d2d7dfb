import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import { Mail, MessageSquare, Phone } from "lucide-react";
import { titleOf } from "../modules/modules";
import { type Lead, LEADS, waysTo } from "./lead";

const WAYS = [
  ["call", "Call", Phone],
  ["text", "Text", MessageSquare],
  ["mail", "Mail", Mail],
] as const;

/** Call, text, mail, each with one tap; what there is no way for is not there. */
export function Reach({ lead }: { lead: Lead }) {
  const ways = waysTo(lead);
  const name = titleOf(LEADS, lead);
  return (
    <Box sx={{ display: "flex", gap: 0.5 }}>
      {WAYS.map(([way, label, Icon]) => {
        const to = ways[way];
        return (
          to && (
            <Tooltip key={way} title={`${label} ${name}`}>
              <IconButton
                component="a"
                href={to}
                aria-label={`${label} ${name}`}
                sx={{ width: 32, height: 32, border: 1, borderColor: "divider", color: "primary.main" }}
              >
                <Icon size={15} aria-hidden />
              </IconButton>
            </Tooltip>
          )
        );
      })}
    </Box>
  );
}
