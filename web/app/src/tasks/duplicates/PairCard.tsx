// Two records side by side. What they say is asked for when the pair comes into view: there may be many.

import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { Link as RouterLink } from "@tanstack/react-router";
import { useEffect, useId, useState } from "react";
import { emailsOf, phonesOf } from "../../clients/contact";
import { useRecord } from "../../modules/data";
import { type CrmRecord, type Module, moduleOf } from "../../modules/modules";
import { phoneText, textOf } from "../../modules/values";
import { CheckBox } from "../../ui/CheckBox";
import { Fact, Facts } from "../../ui/Facts";
import { Chip } from "../../ui/StatusChip";
import { Bars } from "../../ui/states";
import { momentText, words } from "../../ui/words";
import { type Choice, type Pair, reasonsOf } from "./pairs";

interface Props {
  pair: Pair;
  number: number;
  merged: boolean;
  turned: boolean;
  clash: string | undefined;
  disabled: boolean;
  change: (change: Partial<Choice>) => void;
}

export function PairCard({ pair, number, merged, turned, clash, disabled, change }: Props) {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const isSeen = useSeen(element);
  const name = useId();
  const module = moduleOf(pair.noun);
  const [first, second] = pair.names;
  const sides = [
    { id: pair.keep, title: first, version: pair.versions[0], isKept: !turned, keep: () => change({ turned: false }) },
    { id: pair.drop, title: second, version: pair.versions[1], isKept: turned, keep: () => change({ turned: true }) },
  ];
  return (
    <Box component="section" ref={setElement} aria-label={`Pair ${number}: ${first} and ${second}`} sx={{ border: 1, borderColor: "divider", borderRadius: "10px", p: { xs: 1.5, sm: 2 }, display: "grid", gap: 1.5 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 1.5 }}>
        <CheckBox checked={merged} disabled={disabled} change={(next) => change({ merged: next })}>
          <Box component="span" sx={{ fontWeight: 600 }}>
            Merge these two
          </Box>
        </CheckBox>
        {pair.sure ? <Chip tone="green">Sure</Chip> : <Chip tone="amber">Not sure</Chip>}
        <Typography variant="body2" color="textSecondary">
          {reasonsOf(pair)}
        </Typography>
      </Box>
      {clash && (
        <Typography variant="body2" color="error" role="alert">
          {clash}
        </Typography>
      )}
      <Box role="radiogroup" aria-label="Which one is kept" sx={{ display: "grid", gap: 1, gridTemplateColumns: { xs: "minmax(0, 1fr)", sm: "minmax(0, 1fr) minmax(0, 1fr)" } }}>
        {sides.map(({ id, title, version, isKept, keep }) => (
          <Box
            key={id}
            sx={{
              p: 1.5,
              borderRadius: "6px",
              border: 1,
              borderColor: "divider",
              overflowWrap: "anywhere",
              ...(merged && isKept && { borderColor: "primary.main", boxShadow: "inset 0 0 0 1px var(--mui-palette-primary-main)" }),
            }}
          >
            <Box component="label" sx={{ display: "flex", gap: 1.25, cursor: disabled ? "default" : "pointer", pb: 1, "@media (pointer: coarse)": { py: 1.5 } }}>
              <Box
                component="input"
                type="radio"
                name={name}
                checked={isKept}
                disabled={disabled}
                onChange={keep}
                sx={{ flex: "none", width: 16, height: 16, m: 0, mt: "2px", accentColor: "var(--mui-palette-primary-main)" }}
              />
              <Box component="span" sx={{ minWidth: 0 }}>
                <Box component="span" sx={{ fontWeight: 600 }}>
                  {title}
                </Box>{" "}
                <Box component="span" sx={{ typography: "caption", color: isKept ? "primary.main" : "text.secondary", fontWeight: 500, whiteSpace: "nowrap" }}>
                  {isKept ? "is kept" : merged ? "goes" : "would go"}
                </Box>
              </Box>
            </Box>
            {isSeen && module ? <Side module={module} id={id} version={version} /> : <Bars count={3} height={16} />}
          </Box>
        ))}
      </Box>
    </Box>
  );
}

/** What is known of one of them now. */
function Side({ module, id, version }: { module: Module; id: string; version: number }) {
  const { data, isPending, isGone } = useRecord(module, id);
  if (isGone) return <Typography variant="body2" color="textSecondary">It is not there any more: this pair is left out.</Typography>;
  if (!data) return isPending ? <Bars count={3} height={16} /> : <Typography variant="body2" color="textSecondary">It cannot be shown just now.</Typography>;
  const address = ["address", "city", "state", "zip"].map((name) => data[name]).filter(Boolean).join(", ");
  return (
    <>
      {data.version !== version && (
        <Typography variant="body2" component="p" sx={{ mb: 1, color: "warning.main" }}>
          Changed since it was found: unless you look for duplicates again, this pair is left out.
        </Typography>
      )}
      <Facts>
        <Fact label="E-mail">{emailsOf(data).map(({ value }) => value).join(", ")}</Fact>
        <Fact label="Phone">{phonesOf(data).map(({ value }) => phoneText(value)).join(", ")}</Fact>
        <Fact label="Company">{textField(module, data, "company")}</Fact>
        <Fact label="Address">{address}</Fact>
        <Fact label="Tags">{textField(module, data, "tags")}</Fact>
        <Fact label="Status">{words(data.status)}</Fact>
        <Fact label="Since">{momentText(data.createdAt)}</Fact>
      </Facts>
      <Link component={RouterLink} to={`/${module.path}/${id}`} target="_blank" variant="body2" sx={{ display: "inline-block", mt: 1 }}>
        Open in a new tab
      </Link>
    </>
  );
}

function textField(module: Module, record: CrmRecord, name: string): string {
  const { [name]: field } = module.fields;
  return field ? textOf(field, record[name]) : "";
}

/** Whether it has been in view, or near it. */
function useSeen(element: HTMLElement | null): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (!element || isSeen) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
      },
      { rootMargin: "200px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [element, isSeen]);
  return isSeen;
}
