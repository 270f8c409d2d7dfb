// Two people have changed the same: mine and theirs, field by field, with what it was before. Nothing is decided unasked.

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import ButtonBase from "@mui/material/ButtonBase";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Typography from "@mui/material/Typography";
import { useId, useState } from "react";
import { isMap } from "./formValues";
import type { Clash } from "./merging";
import { Value, textOf } from "./values";

interface Props {
  title: string;
  who: string;
  clashes: readonly Clash[];
  save: (taken: readonly Clash[]) => void; // those where theirs is to stay
  close: () => void;
}

export function ConflictDialog({ title, who, clashes, save, close }: Props) {
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const heading = useId();
  const nameOf = ({ path }: Clash) => path.join(".");

  function choose(clash: Clash, theirs: boolean): void {
    const next = new Set(taken);
    if (theirs) next.add(nameOf(clash));
    else next.delete(nameOf(clash));
    setTaken(next);
  }

  return (
    <Dialog open onClose={close} fullWidth maxWidth="md" aria-labelledby={heading}>
      <DialogTitle id={heading} variant="h2">
        {who} changed {title}, too
      </DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 2 }}>
        <Alert severity="info">Choose what shall stand. All else that you have both changed is kept.</Alert>
        {clashes.map((clash) => {
          const theirs = taken.has(nameOf(clash));
          return (
            <Box key={nameOf(clash)} role="radiogroup" aria-label={clash.label}>
              <Typography sx={{ fontWeight: 500 }}>{clash.label}</Typography>
              <Typography variant="caption" color="textSecondary" component="p" sx={{ mb: 0.5 }}>
                Before: <ClashValue clash={clash} value={clash.base} />
              </Typography>
              <Box sx={{ display: "grid", gap: 1, gridTemplateColumns: { xs: "minmax(0, 1fr)", sm: "1fr 1fr" } }}>
                <Side label="Yours" chosen={!theirs} choose={() => choose(clash, false)}>
                  <ClashValue clash={clash} value={clash.mine} />
                </Side>
                <Side label={`${who}’s`} chosen={theirs} choose={() => choose(clash, true)}>
                  <ClashValue clash={clash} value={clash.theirs} />
                </Side>
              </Box>
            </Box>
          );
        })}
      </DialogContent>
      <DialogActions sx={{ flexWrap: "wrap", gap: 1, px: 3, pb: 2 }}>
        {clashes.length > 1 && (
          <>
            <Button color="inherit" onClick={() => setTaken(new Set())}>
              All mine
            </Button>
            <Button color="inherit" onClick={() => setTaken(new Set(clashes.map(nameOf)))} sx={{ mr: "auto" }}>
              All theirs
            </Button>
          </>
        )}
        <Button color="inherit" onClick={close}>
          Back to the form
        </Button>
        <Button variant="contained" autoFocus onClick={() => save(clashes.filter((clash) => taken.has(nameOf(clash))))}>
          Save these
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Side({ label, chosen, choose, children }: { label: string; chosen: boolean; choose: () => void; children: React.ReactNode }) {
  return (
    <ButtonBase
      role="radio"
      aria-checked={chosen}
      onClick={choose}
      sx={{
        display: "block",
        textAlign: "left",
        p: 1.5,
        minHeight: 44,
        borderRadius: "6px",
        border: 1,
        borderColor: "divider",
        overflowWrap: "anywhere",
        "&[aria-checked=true]": { borderColor: "primary.main", boxShadow: "inset 0 0 0 1px var(--mui-palette-primary-main)" },
      }}
    >
      <Box component="span" sx={{ display: "block", typography: "caption", color: "text.secondary" }}>
        {label}
        {chosen && <Box component="span" sx={{ color: "primary.main", fontWeight: 500 }}> · stays</Box>}
      </Box>
      {children}
    </ButtonBase>
  );
}

function ClashValue({ clash: { field }, value }: { clash: Clash; value: unknown }) {
  if (value === undefined) return field.type === "list" ? "removed" : "empty";
  if (field.type === "list" && isMap(value)) {
    const texts = Object.entries(field.fields ?? {}).map(([name, inner]) => (inner.type === "position" ? "" : textOf(inner, value[name])));
    return texts.filter(Boolean).join(" · ");
  }
  if (textOf(field, value) === "") return String(value); // what was typed cannot be read
  return field.type === "id" || field.type === "longText" ? <Value field={field} value={value} /> : textOf(field, value);
}
