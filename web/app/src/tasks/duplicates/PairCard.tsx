// Two records side by side. What they say is asked for when the pair comes into view: there may be many.

import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { Link as RouterLink } from "@tanstack/react-router";
import { Fragment, type ReactNode, useEffect, useId, useState } from "react";
import { emailsOf, phonesOf } from "../../clients/contact";
import { useRecord } from "../../modules/data";
import { type CrmRecord, type Module, moduleOf, titleOf } from "../../modules/modules";
import { Nothing, phoneText, textOf } from "../../modules/values";
import { CheckBox } from "../../ui/CheckBox";
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
    { id: pair.keep, name: first, version: pair.versions[0], isKept: !turned, keep: () => change({ turned: false }) },
    { id: pair.drop, name: second, version: pair.versions[1], isKept: turned, keep: () => change({ turned: true }) },
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
        {sides.map(({ id, name: title, version, isKept, keep }) => {
          const shown = { name, title, isKept, isMerged: merged, disabled, keep };
          return isSeen && module ? <Known key={id} module={module} id={id} version={version} {...shown} /> : <Side key={id} {...shown} content={<Bars count={3} height={16} />} />;
        })}
      </Box>
    </Box>
  );
}

interface SideProps {
  name: string; // of the group
  title: string;
  isKept: boolean;
  isMerged: boolean;
  disabled: boolean;
  keep: () => void;
}

function Side({ name, title, isKept, isMerged, disabled, keep, content }: SideProps & { content: ReactNode }) {
  return (
    <Box
      sx={{
        p: 1.5,
        borderRadius: "6px",
        border: 1,
        borderColor: "divider",
        overflowWrap: "anywhere",
        ...(isMerged && isKept && { borderColor: "primary.main", boxShadow: "inset 0 0 0 1px var(--mui-palette-primary-main)" }),
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
            {isKept ? "is kept" : isMerged ? "goes" : "would go"}
          </Box>
        </Box>
      </Box>
      {content}
    </Box>
  );
}

/** One of them, as it is now. */
function Known({ module, id, version, title, ...side }: SideProps & { module: Module; id: string; version: number }) {
  const { data, isPending, isGone } = useRecord(module, id);
  const there = isPending ? <Bars count={3} height={16} /> : <Muted>It cannot be shown just now.</Muted>;
  const content = isGone ? <Muted>It is not there any more: this pair is left out.</Muted> : data ? <Said module={module} record={data} version={version} /> : there;
  return <Side {...side} title={data ? titleOf(module, data) : title} content={content} />;
}

function Muted({ children }: { children: string }) {
  return (
    <Typography variant="body2" color="textSecondary">
      {children}
    </Typography>
  );
}

function Said({ module, record, version }: { module: Module; record: CrmRecord; version: number }) {
  const address = ["address", "city", "state", "zip"].map((name) => record[name]).filter(Boolean).join(", ");
  // All of them on both sides, so that they stand beside each other.
  const rows = [
    ["E-mail", emailsOf(record).map(({ value }) => value).join(", ")],
    ["Phone", phonesOf(record).map(({ value }) => phoneText(value)).join(", ")],
    ["Address", address],
    ["Company", textField(module, record, "company")],
    ["Tags", textField(module, record, "tags")],
    ["Status", words(record.status)],
    ["Added", momentText(record.createdAt)],
  ] as const;
  return (
    <>
      {record.version !== version && (
        <Typography variant="body2" sx={{ mb: 1, color: "warning.main" }}>
          Changed since it was found: unless you look for duplicates again, this pair is left out.
        </Typography>
      )}
      <Box component="dl" sx={{ m: 0, display: "grid", gridTemplateColumns: "64px minmax(0, 1fr)", columnGap: 1, rowGap: 0.5, typography: "body2" }}>
        {rows.map(([label, text]) => (
          <Fragment key={label}>
            <Box component="dt" sx={{ color: "text.secondary" }}>
              {label}
            </Box>
            <Box component="dd" sx={{ m: 0 }}>
              {text || <Nothing />}
            </Box>
          </Fragment>
        ))}
      </Box>
      <Link component={RouterLink} to={`/${module.path}/${record.id}`} target="_blank" variant="body2" sx={{ display: "inline-block", mt: 1 }}>
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
