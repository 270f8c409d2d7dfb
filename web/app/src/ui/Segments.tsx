import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import type { ReactNode } from "react";

interface Props<Value extends string> {
  label: string;
  value: Value;
  choices: readonly (readonly [value: Value, shown: ReactNode, name?: string])[];
  choose: (value: Value) => void;
}

/** One of a few, all of them in sight. */
export function Segments<Value extends string>({ label, value, choices, choose }: Props<Value>) {
  return (
    <Box
      role="group"
      aria-label={label}
      sx={{ display: "inline-flex", flex: "none", border: 1, borderColor: "divider", borderRadius: "6px", bgcolor: "background.paper", overflow: "hidden" }}
    >
      {choices.map(([each, shown, name]) => (
        <ButtonBase
          key={each}
          onClick={() => choose(each)}
          aria-pressed={each === value}
          aria-label={name}
          sx={{
            height: 34,
            px: 1.5,
            typography: "body2",
            fontWeight: 500,
            color: "text.secondary",
            borderLeft: 1,
            borderColor: "divider",
            "&:first-of-type": { borderLeft: 0 },
            "&:hover": { bgcolor: "raised" },
            "&.Mui-focusVisible": { outlineOffset: -2 },
            "&[aria-pressed=true]": { color: "primary.main", bgcolor: "raised" },
            "@media (pointer: coarse)": { height: 44 },
          }}
        >
          {shown}
        </ButtonBase>
      ))}
    </Box>
  );
}
