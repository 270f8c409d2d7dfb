// A field's value as it is shown, by its kind.

import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import { Link as RouterLink } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { LongText } from "../together/LongText";
import { shownText } from "../together/mentions";
import { dayText, money, momentText, words } from "../ui/words";
import { useNames, useRecord } from "./data";
import { type Field, moduleOf, titleOf } from "./modules";

const plain = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6 });

/** For a sentence or a cell; of what holds several, how many. */
export function textOf(field: Field, value: unknown): string {
  if (value === undefined || value === null || value === "") return "";
  switch (field.type) {
    case "money":
      return typeof value === "number" ? money(value) : "";
    case "percent":
      return `${plain.format(Number(value))}%`;
    case "whole": // such as a year
      return String(value);
    case "count":
    case "quarters":
    case "number":
    case "coordinate":
      return plain.format(Number(value));
    case "date":
      return dayText(String(value));
    case "moment":
      return momentText(String(value));
    case "choice":
      return words(String(value));
    case "boolean":
      return value ? "Yes" : "No";
    case "phone":
      return phoneText(String(value));
    case "tags":
      return Object.keys(value).join(", ");
    case "ids":
    case "items":
    case "files":
      return Object.keys(value).length.toLocaleString();
    case "group":
    case "list":
      return "";
    case "longText":
      return shownText(String(value));
    default:
      return String(value);
  }
}

/** `+14155550123` as it is written here: (415) 555-0123. */
export function phoneText(phone: string): string {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})(?:;ext=(\d+))?$/.exec(phone);
  if (!parts) return phone;
  const [, area, first, last, extension] = parts;
  return `(${area}) ${first}-${last}${extension ? ` ext. ${extension}` : ""}`;
}

export function Value({ field, value }: { field: Field; value: unknown }): ReactNode {
  const text = textOf(field, value);
  if (!text) return <Nothing />;
  switch (field.type) {
    case "phone":
      return <Link href={`tel:${String(value).replace(";ext=", ",")}`}>{text}</Link>;
    case "email":
      return <Link href={`mailto:${text}`}>{text}</Link>;
    case "url":
      return (
        <Link href={text} target="_blank" rel="noreferrer">
          {text}
        </Link>
      );
    case "longText":
      return <LongText text={String(value)} />;
    case "tags":
      return <Tags names={Object.keys(value as object)} />;
    case "id":
      return <Linked noun={field.names} id={text} />;
    case "ids":
      return Object.keys(value as object).map((id) => (
        <Box key={id}>
          <Linked noun={field.names} id={id} />
        </Box>
      ));
    default:
      return text;
  }
}

export function Nothing() {
  return (
    <Box component="span" sx={{ color: "text.secondary" }} aria-label="not given">
      –
    </Box>
  );
}

export function Tags({ names }: { names: readonly string[] }) {
  return (
    <Box component="span" sx={{ display: "inline-flex", flexWrap: "wrap", gap: 0.5 }}>
      {names.map((name) => (
        <Box
          key={name}
          component="span"
          sx={{ typography: "caption", px: 1, py: "2px", border: 1, borderColor: "divider", borderRadius: "6px" }}
        >
          {name}
        </Box>
      ))}
    </Box>
  );
}

/** What an id names, by its name. */
function Linked({ noun, id }: { noun: string | undefined; id: string }) {
  const named = useNames();
  const module = noun ? moduleOf(noun) : undefined;
  if (noun === "user") return named(id);
  return module ? <LinkedRecord noun={module.noun} id={id} /> : id;
}

function LinkedRecord({ noun, id }: { noun: string; id: string }) {
  const module = moduleOf(noun);
  if (!module) throw new Error(`There is no module of a ${noun}.`);
  const { data } = useRecord(module, id);
  return (
    <Link component={RouterLink} to={`/${module.path}/${id}`}>
      {data ? titleOf(module, data) : `${words(noun)} ${id.slice(0, 8)}`}
    </Link>
  );
}
