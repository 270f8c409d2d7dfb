// Ctrl-K: go anywhere, begin anything, find a record of any module.

import Box from "@mui/material/Box";
import Dialog from "@mui/material/Dialog";
import InputBase from "@mui/material/InputBase";
import { useColorScheme } from "@mui/material/styles";
import { useNavigate } from "@tanstack/react-router";
import { FileText, FileUp, FolderOpen, LogOut, type LucideIcon, Moon, Plus, Search, Sun, Users } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useId, useState } from "react";
import { chooseFile } from "../imports/offered";
import { useSignOut } from "../live/useSignOut";
import { MODULES, titleOf } from "../modules/modules";
import { useFindDuplicates } from "../tasks/useFindDuplicates";
import { StatusChip } from "../ui/StatusChip";
import { HOME, OFFICE, WORK } from "./navigation";
import { type Hit, usePaletteSearch, useRecent } from "./usePaletteSearch";

interface Choice {
  id: string;
  label: string;
  icon: LucideIcon;
  status?: string;
  act: () => void;
}

interface Group {
  label: string;
  choices: readonly Choice[];
}

const HIDDEN = { position: "absolute", width: 1, height: "1px", m: 0, overflow: "hidden", clipPath: "inset(50%)" } as const;

export default function Palette({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const { mode, systemMode, setMode } = useColorScheme();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const signOut = useSignOut();
  const search = usePaletteSearch(useDeferredValue(text.trim()));
  const recent = useRecent();
  const findDuplicates = useFindDuplicates();

  const dark = (mode === "system" ? systemMode : mode) === "dark";
  const go = (to: string) => () => void navigate({ to });
  const places = [HOME, ...WORK, ...OFFICE].map(({ to, label, icon }) => ({ id: to, label, icon, act: go(to) }));
  const commands: Choice[] = [
    ...MODULES.map(({ noun, path }) => ({ id: `new-${noun}`, label: `New ${noun}`, icon: Plus, act: go(`/${path}/new`) })),
    { id: "from-text", label: "Create from text", icon: FileText, act: go("/from-text") },
    { id: "import", label: "Import a file", icon: FileUp, act: () => chooseFile(undefined) },
    {
      id: "theme",
      label: dark ? "Light theme" : "Dark theme",
      icon: dark ? Sun : Moon,
      act: () => setMode(dark ? "light" : "dark"),
    },
    { id: "find-duplicates", label: "Find duplicates", icon: Users, act: () => void findDuplicates() },
    { id: "sign-out", label: "Sign out", icon: LogOut, act: () => void signOut() },
  ];
  const choiceOf = ({ module, record }: Hit): Choice => ({
    id: record.id,
    label: titleOf(module, record),
    icon: WORK.find(({ to }) => to === `/${module.path}`)?.icon ?? FolderOpen,
    status: record.status,
    act: go(`/${module.path}/${record.id}`),
  });

  const wanted = text.trim().toLowerCase();
  const fits = ({ label }: Choice) => label.toLowerCase().includes(wanted);
  const groups: readonly Group[] = [
    { label: "Lately", choices: wanted ? [] : recent.map(choiceOf) },
    { label: "Go to", choices: places.filter(fits) },
    { label: "Do", choices: commands.filter(fits) },
    ...MODULES.map((module) => ({
      label: module.label,
      choices: search.hits.filter((hit) => hit.module === module).map(choiceOf),
    })),
  ].filter(({ choices }) => choices.length > 0);
  const choices = groups.flatMap((group) => group.choices);
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
      <Box role="listbox" id={list} aria-label="Choices" sx={{ p: 1, overflowY: "auto" }}>
        {groups.map((group) => (
          <Box key={group.label} role="group" aria-label={group.label}>
            <Box aria-hidden sx={{ px: 1.5, pt: 1, pb: 0.5, typography: "caption", fontWeight: 500, color: "text.secondary" }}>
              {group.label}
            </Box>
            {group.choices.map((choice) => (
              <Row key={choice.id} id={`${list}-${choice.id}`} choice={choice} chosen={choice === chosen} take={take} />
            ))}
          </Box>
        ))}
      </Box>
      <Box role="status" sx={{ px: 2.5, pb: choices.length > 0 && !search.kept ? 0 : 1.5, color: "text.secondary", typography: "body2" }}>
        {search.kept && "The server cannot be asked: these are among what is kept in this browser."}
        {search.more && "There are more: another word helps."}
        {choices.length === 0 && !search.busy && " Nothing is called that."}
      </Box>
    </Dialog>
  );
}

interface RowProps {
  id: string;
  choice: Choice;
  chosen: boolean;
  take: (choice: Choice) => void;
}

function Row({ id, choice, chosen, take }: RowProps) {
  const { label, icon: Icon, status } = choice;
  return (
    <Box
      id={id}
      role="option"
      aria-selected={chosen}
      ref={(row: HTMLElement | null) => {
        if (chosen) row?.scrollIntoView({ block: "nearest" });
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
}
