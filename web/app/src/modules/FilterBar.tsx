import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import InputAdornment from "@mui/material/InputAdornment";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { Archive, Search } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Dot, toneOf } from "../ui/StatusChip";
import { words } from "../ui/words";
import type { ListSearch } from "../urls";
import type { Module } from "./modules";

export interface FilterProps {
  module: Module;
  search: ListSearch;
  counts: Readonly<Record<string, number>> | undefined; // by status
  change: (next: ListSearch) => void;
  usual?: string; // the order without another choice
}

export default function FilterBar({ module, search, counts, change, usual = "Newest first" }: FilterProps) {
  const chosen = search.status?.split(",") ?? [];

  /** Without the filter if it has no value. */
  function put(name: keyof ListSearch, value: string): void {
    const { [name]: _before, ...others } = search;
    change(value ? { ...others, [name]: value } : others);
  }

  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, alignItems: "center" }}>
      <SearchField key={module.path} text={search.q ?? ""} label={`Search ${module.path}`} change={(text) => put("q", text)} />
      <Box
        role="group"
        aria-label="Status"
        sx={{ display: "flex", gap: 0.5, overflowX: "auto", maxWidth: "100%", py: "2px", px: "2px", mx: "-2px" }}
      >
        {Object.keys(module.transitions).map((status) => {
          const on = chosen.includes(status);
          const next = on ? chosen.filter((each) => each !== status) : [...chosen, status];
          return (
            <Toggle key={status} on={on} change={() => put("status", next.join(","))}>
              <Dot tone={toneOf(status)} />
              {words(status)}
              <Box component="span" sx={{ color: "text.secondary" }}>
                {counts?.[status] ?? ""}
              </Box>
            </Toggle>
          );
        })}
        <Toggle on={search.archived === "true"} change={() => put("archived", search.archived ? "" : "true")}>
          <Archive size={14} aria-hidden />
          Archived
        </Toggle>
      </Box>
      <TextField
        select
        label="Order"
        value={search.sort ?? "newest"}
        onChange={(event) => put("sort", event.target.value === "newest" ? "" : event.target.value)}
        sx={{ width: 184, ml: { md: "auto" } }}
      >
        {ordersOf(module, usual).map(([value, label]) => (
          <MenuItem key={value} value={value}>
            {label}
          </MenuItem>
        ))}
      </TextField>
    </Box>
  );
}

function ordersOf({ listed }: Module, usual: string): readonly (readonly [string, string])[] {
  const orders: [string, string][] = [
    ["newest", usual],
    ["changed", "Last changed first"],
  ];
  if (listed.date) orders.push(["date", "Earliest date first"], ["-date", "Latest date first"]);
  orders.push(["name", "By name"]);
  if (listed.price) orders.push(["price", "Lowest price first"], ["-price", "Highest price first"]);
  return orders;
}

function Toggle({ on, change, children }: { on: boolean; change: () => void; children: ReactNode }) {
  return (
    <ButtonBase
      onClick={change}
      aria-pressed={on}
      sx={{
        flex: "none",
        height: 36,
        px: 1.25,
        gap: 1,
        borderRadius: "6px",
        typography: "body2",
        fontWeight: 500,
        border: 1,
        borderColor: "divider",
        bgcolor: "background.paper",
        "&:hover": { bgcolor: "raised" },
        "&[aria-pressed=true]": { borderColor: "primary.main", boxShadow: "inset 0 0 0 1px var(--mui-palette-primary-main)" },
      }}
    >
      {children}
    </ButtonBase>
  );
}

const PAUSE = 250;

/** Searches when typing pauses. What is typed is never overwritten by an answer. */
function SearchField({ text, label, change }: { text: string; label: string; change: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const [sent, setSent] = useState(text);
  if (text !== sent) {
    setSent(text); // the address changed by itself: back, or all filters cleared
    setTyped(text);
  }
  const latest = useRef(change); // a list that changes while one types does not put the search off
  useEffect(() => {
    latest.current = change;
  });
  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === sent) return undefined;
    const timer = setTimeout(() => {
      setSent(wanted);
      latest.current(wanted);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [typed, sent]);
  return (
    <TextField
      type="search"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      placeholder={label}
      sx={{ flex: { xs: "1 1 100%", sm: "1 1 200px" }, maxWidth: { sm: 320 } }}
      slotProps={{
        htmlInput: { "aria-label": label, maxLength: 200 },
        input: {
          startAdornment: (
            <InputAdornment position="start">
              <Search size={16} aria-hidden />
            </InputAdornment>
          ),
        },
      }}
    />
  );
}
