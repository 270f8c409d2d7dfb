// Ctrl-K: go anywhere, begin anything, find a record of any module.

import Box from "@mui/material/Box";
import Dialog from "@mui/material/Dialog";
import InputBase from "@mui/material/InputBase";
import { useColorScheme } from "@mui/material/styles";
import { useQueries } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FolderOpen, type LucideIcon, Moon, Plus, Search, Sun } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useId, useState } from "react";
import { useApi } from "../api/context";
import { MODULES, type Page, titleOf } from "../modules/modules";
import { StatusChip } from "../ui/StatusChip";
import { HOME, OFFICE, WORK } from "./navigation";

interface Choice {
  id: string;
  label: string;
  icon: LucideIcon;
  status?: string;
  act: () => void;
}

const HIDDEN = { position: "absolute", width: 1, height: "1px", m: 0, overflow: "hidden", clipPath: "inset(50%)" } as const;
const FOUND = 4; // records of each module

export default function Palette({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const { mode, systemMode, setMode } = useColorScheme();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const found = useFound(useDeferredValue(text.trim()), (to) => void navigate({ to }));

  const dark = (mode === "system" ? systemMode : mode) === "dark";
  const fixed: Choice[] = [
    ...[HOME, ...WORK, ...OFFICE].map(({ to, label, icon }) => ({
      id: to,
      label,
      icon,
      act: () => void navigate({ to }),
    })),
    ...MODULES.map(({ noun, path }) => ({
      id: `new-${noun}`,
      label: `New ${noun}`,
      icon: Plus,
      act: () => void navigate({ to: `/${path}/new` }),
    })),
    {
      id: "theme",
      label: dark ? "Light theme" : "Dark theme",
      icon: dark ? Sun : Moon,
      act: () => setMode(dark ? "light" : "dark"),
    },
  ];
  const wanted = text.trim().toLowerCase();
  const choices = [...fixed.filter(({ label }) => label.toLowerCase().includes(wanted)), ...found];
  const chosen = choices[Math.min(at, choices.length - 1)];

  function take(choice: Choice | undefined): void {
    if (!choice) return;
    close();
    choice.act();
  }

  function onKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((before) => (before + step + choices.length) % Math.max(choices.length, 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(chosen);
    }
  }

  return (
    <Dialog
      open
      onClose={close}
      aria-labelledby={`${list}-title`}
      fullWidth
      maxWidth="sm"
      sx={{ "& .MuiDialog-container": { alignItems: "flex-start" } }}
      slotProps={{ paper: { sx: { mt: { xs: 2, sm: 10 }, maxHeight: "70dvh" } } }}
    >
      <Box component="h2" id={`${list}-title`} sx={HIDDEN}>
        Search or go to
      </Box>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1.5, px: 2, borderBottom: 1, borderColor: "divider" }}>
        <Search size={18} aria-hidden />
        <InputBase
          autoFocus
          fullWidth
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKey}
          placeholder="Search or go to …"
          inputProps={{
            role: "combobox",
            "aria-label": "Search or go to",
            "aria-expanded": true,
            "aria-controls": list,
            "aria-activedescendant": chosen ? `${list}-${chosen.id}` : undefined,
          }}
          sx={{ height: 52, fontSize: "1rem" }}
        />
      </Box>
      <Box component="ul" role="listbox" id={list} aria-label="Choices" sx={{ m: 0, p: 1, listStyle: "none", overflowY: "auto" }}>
        {choices.map((choice) => {
          const { id, label, icon: Icon, status } = choice;
          return (
            <Box
              component="li"
              key={id}
              id={`${list}-${id}`}
              role="option"
              aria-selected={choice === chosen}
              ref={(row: HTMLElement | null) => {
                if (choice === chosen) row?.scrollIntoView({ block: "nearest" });
              }}
              onClick={() => take(choice)}
              sx={{
                display: "flex",
                alignItems: "center",
                gap: 1.5,
                minHeight: 40,
                px: 1.5,
                borderRadius: "6px",
                cursor: "pointer",
                "&[aria-selected=true]": { bgcolor: "raised" },
              }}
            >
              <Icon size={16} aria-hidden />
              <Box component="span" sx={{ flex: 1, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>
                {label}
              </Box>
              {status && <StatusChip status={status} />}
            </Box>
          );
        })}
        {choices.length === 0 && <Box component="li" sx={{ p: 2, color: "text.secondary" }}>Nothing is called that.</Box>}
      </Box>
    </Dialog>
  );
}

/** Of every module, the first few records that have the text. */
function useFound(text: string, go: (to: string) => void): Choice[] {
  const api = useApi();
  const answers = useQueries({
    queries: MODULES.map((module) => ({
      queryKey: [module.path, "found", text],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.get<Page>(`/${module.path}`, { query: { q: text, limit: FOUND, archived: "false" }, signal }),
      enabled: text.length > 1,
    })),
  });
  return answers.flatMap(({ data }, index) => {
    const module = MODULES[index];
    if (!module || !data || text.length < 2) return [];
    return data.items.map((record) => ({
      id: record.id,
      label: titleOf(module, record),
      icon: WORK[index]?.icon ?? FolderOpen,
      status: record.status,
      act: () => go(`/${module.path}/${record.id}`),
    }));
  });
}
