import Box from "@mui/material/Box";

/** How much is done, as a bar and in figures. */
export function Progress({ done, of, label, width = 64 }: { done: number; of: number; label: string; width?: number | string }) {
  if (of === 0) return null;
  const part = `${Math.round((done / of) * 100)}%`;
  return (
    <Box component="span" sx={{ display: "inline-flex", alignItems: "center", gap: 1, typography: "caption", color: "text.secondary" }}>
      <Box
        component="span"
        role="progressbar"
        aria-label={label}
        aria-valuenow={done}
        aria-valuemin={0}
        aria-valuemax={of}
        aria-valuetext={`${done} of ${of} done`}
        sx={{ position: "relative", width, height: 4, borderRadius: "2px", bgcolor: "divider", overflow: "hidden" }}
      >
        <Box component="span" sx={{ position: "absolute", inset: "0 auto 0 0", bgcolor: "primary.main" }} style={{ width: part }} />
      </Box>
      <span aria-hidden>
        {done}/{of}
      </span>
    </Box>
  );
}
