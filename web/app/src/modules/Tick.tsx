import Box from "@mui/material/Box";

/** The box that chooses a row. A browser's own: a hundred of them in a table cost nothing. */
export function Tick({ label, checked, change }: { label: string; checked: boolean; change: () => void }) {
  return (
    <Box
      component="label"
      onClick={(event: React.MouseEvent) => event.stopPropagation()}
      sx={{ display: "grid", placeItems: "center", width: 32, height: 32, cursor: "pointer" }}
    >
      <Box
        component="input"
        type="checkbox"
        aria-label={label}
        checked={checked}
        onChange={change}
        sx={{ width: 16, height: 16, m: 0, accentColor: "var(--mui-palette-primary-main)" }}
      />
    </Box>
  );
}
