// A form with the text that it comes from beside it; above it, where there is no room.

import Box from "@mui/material/Box";
import GlobalStyles from "@mui/material/GlobalStyles";
import type { Theme } from "@mui/material/styles";
import { type ReactNode, useState } from "react";
import { Chip } from "../ui/StatusChip";
import { sentence } from "../ui/words";
import { Pointing, PointingContext } from "./pointing";
import type { Place } from "./source";
import { SourceText } from "./SourceText";

interface Props {
  text: string | undefined;
  places: readonly (readonly [name: string, place: Place])[];
  go: (name: string) => void;
  children: ReactNode;
}

/** Whoever goes from field to field sees where they are: below the text, or the header, and above what stands at the lower edge. */
const clear = (theme: Theme) => ({
  html: {
    scrollPadding: "calc(20dvh + 150px) 0 calc(96px + var(--tray, 0px))",
    [theme.breakpoints.up("md")]: { scrollPaddingBottom: 160 },
    [theme.breakpoints.up("lg")]: { scrollPaddingTop: 96 },
  },
});

export function BesideText({ children, ...source }: Props) {
  const [pointing] = useState(() => new Pointing());
  return (
    <PointingContext value={pointing}>
      <GlobalStyles styles={clear} />
      <Box sx={{ display: "grid", gap: 2, alignItems: "start", gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "minmax(0, 1fr) minmax(320px, 420px)" } }}>
        <SourceText {...source} />
        <Box sx={{ display: "grid", gap: 2, minWidth: 0 }}>{children}</Box>
      </Box>
    </PointingContext>
  );
}

const ENGINES: Readonly<Record<string, string>> = {
  rules: "read by rules of our own; no language model was asked",
  bedrock: "a language model of Amazon Bedrock pointed at the words; the values were read from these",
};

/** Who has made a proposal. */
export function EngineNote({ engine, about = ENGINES[engine] }: { engine: string; about?: string | undefined }) {
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 1, rowGap: 0.5, typography: "body2", color: "text.secondary" }}>
      <Chip tone="quiet">{`Engine: ${engine}`}</Chip>
      {about && <span>{`${sentence(about)}.`}</span>}
    </Box>
  );
}
