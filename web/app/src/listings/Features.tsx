import Box from "@mui/material/Box";
import type { CrmRecord } from "../modules/modules";
import { plural } from "../ui/words";

const plain = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

/** "3 beds · 2.5 baths · 1,836 sq ft", of what is known. */
function featuresOf(listing: CrmRecord): string {
  const number = (name: string) => (typeof listing[name] === "number" ? listing[name] : 0);
  const [beds, baths, feet, lot] = [number("bedrooms"), number("bathrooms"), number("squareFeet"), number("lotSizeSqft")];
  return [
    beds && plural(beds, "bed"),
    baths && `${plain.format(baths)} ${baths === 1 ? "bath" : "baths"}`,
    feet && `${plain.format(feet)} sq ft`,
    !feet && lot && `${plain.format(lot)} sq ft of land`,
  ]
    .filter(Boolean)
    .join(" · ");
}

export function Features({ listing }: { listing: CrmRecord }) {
  const text = featuresOf(listing);
  return text ? <Box component="span">{text}</Box> : null;
}
