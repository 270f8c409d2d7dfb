import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { Link as RouterLink } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { usePerson } from "../api/context";
import { flashing } from "../lists/flash";
import { useFlash } from "../lists/useFlash";
import { useGlance, useNames } from "../modules/data";
import { type CrmRecord, type Module, MODULES } from "../modules/modules";
import { Avatar } from "../ui/Avatar";
import { ago } from "../ui/words";
import { type Change, changesOf, nameOf } from "./changes";
import { RowCard } from "./Rows";

const SHOWN = 8;

/** What colleagues changed lately, in all modules. */
export function Lately() {
  const me = usePerson().id;
  const [escrows, listings, clients, appointments, leads] = MODULES;
  const asked = [useChanged(escrows), useChanged(listings), useChanged(clients), useChanged(appointments), useChanged(leads)];
  const lists = asked.flatMap(({ module, data }): (readonly [Module, readonly CrmRecord[]])[] => (data ? [[module, data.items]] : []));
  const before = useBefore(lists);
  const changes = changesOf(lists, me, before, SHOWN);
  const list = {
    isPending: asked.every(({ isPending }) => isPending),
    error: asked.every(({ error }) => error) ? asked[0]?.error : null,
    refetch: () => Promise.all(asked.map((each) => each.refetch())),
  };
  const rows = changes.map((change) => <OneChange key={change.record.id} change={change} />);
  return <RowCard title="Changed lately" list={list} rows={rows} nothing="Nobody else has changed anything yet." />;
}

function useChanged(module: Module | undefined) {
  if (!module) throw new Error("The contract has fewer modules than the app.");
  return { ...useGlance(module, { sort: "changed", limit: SHOWN }), module };
}

/** Each record as it was before its last change that was seen here. */
function useBefore(lists: readonly (readonly [Module, readonly CrmRecord[]])[]): ReadonlyMap<string, CrmRecord> {
  const latest = useRef(new Map<string, CrmRecord>());
  const [before, setBefore] = useState<ReadonlyMap<string, CrmRecord>>(new Map());
  useEffect(() => {
    const changed = lists.flatMap(([, records]) => records).flatMap((record): [string, CrmRecord][] => {
      const known = latest.current.get(record.id);
      latest.current.set(record.id, record);
      return known && known.version < record.version ? [[record.id, known]] : [];
    });
    if (changed.length > 0) setBefore((all) => new Map([...all, ...changed]));
  }, [lists]);
  return before;
}

function OneChange({ change }: { change: Change }) {
  const { module, record, deed } = change;
  const named = useNames();
  const flash = useFlash(record);
  const who = named(record.updatedBy);
  return (
    <Box component="li" data-flash={flash} sx={{ display: "flex", gap: 1.5, px: 2, py: 1, borderTop: 1, borderColor: "divider", ...flashing }}>
      <Avatar name={who} size={24} />
      <Box sx={{ minWidth: 0 }}>
        <Typography sx={{ overflowWrap: "anywhere" }}>
          <strong>{who}</strong> {deed}{" "}
          <Link component={RouterLink} to={`/${module.path}/${record.id}`}>
            {nameOf(change)}
          </Link>
        </Typography>
        <Typography variant="caption" color="textSecondary">
          {module.noun}, {ago(record.updatedAt, Date.now())}
        </Typography>
      </Box>
    </Box>
  );
}
