import Box from "@mui/material/Box";
import { useState } from "react";
import { useAddress } from "../files/addresses";
import { filesIn } from "../files/file";
import type { CrmRecord } from "../modules/modules";
import { photoOf } from "./facts";

/** Its first photo, or a drawing of what kind of place it is. */
export function Photo({ listing, height }: { listing: CrmRecord; height: number }) {
  const [broken, setBroken] = useState<string>();
  const first = filesIn(listing, "photos")[0]?.[0];
  const { url, renew } = useAddress(first);
  const found = first === undefined ? photoOf(listing, location.origin) : url;
  const fail = (address: string) => {
    setBroken(address);
    if (first !== undefined) renew(); // it was good for five minutes
  };
  const size = { display: "block", width: "100%", height };
  if (found && found !== broken) {
    return <Box component="img" src={found} alt="" loading="lazy" onError={() => fail(found)} sx={{ ...size, objectFit: "cover" }} />;
  }
  return (
    <Box
      aria-hidden
      sx={{
        ...size,
        position: "relative",
        overflow: "hidden",
        color: "primary.main",
        background:
          "linear-gradient(color-mix(in srgb, var(--mui-palette-primary-main) 5%, var(--mui-palette-background-paper)), color-mix(in srgb, var(--mui-palette-primary-main) 16%, var(--mui-palette-background-paper)))",
        "& svg": { position: "absolute", left: "50%", bottom: 0, height: "72%", transform: "translateX(-50%)" },
      }}
    >
      <svg viewBox="0 0 320 120" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" strokeLinecap="round">
        {drawingOf(listing["propertyType"])}
        <path d="M-200 119.25H520" opacity="0.5" />
      </svg>
    </Box>
  );
}

function drawingOf(kind: unknown): React.ReactNode {
  switch (kind) {
    case "condo":
    case "commercial":
      return TOWERS;
    case "townhouse":
    case "multi_family":
      return ROW;
    case "land":
    case "farm":
      return FIELD;
    default:
      return HOUSE;
  }
}

const TREE = <path d="M262 119V92M262 96c-14 0-20-10-20-22s9-26 20-26 20 14 20 26-6 22-20 22Z" opacity="0.55" />;

const HOUSE = (
  <>
    <path d="M92 119V64l56-40 56 40v55M80 72l68-48 68 48M172 38V26h16v24" />
    <path d="M136 119V86h24v33M106 76h18v18h-18zM174 76h18v18h-18z" opacity="0.7" />
    {TREE}
  </>
);

const TOWERS = (
  <>
    <path d="M104 119V18h60v101M164 119V48h56v71" />
    <path
      d="M118 34h10M140 34h10M118 52h10M140 52h10M118 70h10M140 70h10M118 88h10M140 88h10M178 64h10M198 64h10M178 82h10M198 82h10M178 100h10M198 100h10"
      opacity="0.7"
    />
    {TREE}
  </>
);

const ROW = (
  <>
    <path d="M68 119V56l26-22 26 22v63M120 56l26-22 26 22v63M172 56l26-22 26 22v63" />
    <path d="M86 119V92h16v27M138 119V92h16v27M190 119V92h16v27M88 66h12v12H88zM140 66h12v12h-12zM192 66h12v12h-12z" opacity="0.7" />
    {TREE}
  </>
);

const FIELD = (
  <>
    <path d="M-60 119c60-44 120-58 190-40s130 10 250-22" />
    <path d="M110 119c10-16 24-28 44-38M180 119c-2-14-2-22 0-34M250 119c-10-16-22-28-36-36" opacity="0.6" />
    <circle cx="72" cy="40" r="14" opacity="0.6" />
    {TREE}
  </>
);
