import Box from "@mui/material/Box";

/** The house, and beside it the name. */
export function Brand({ size = 28, name = true }: { size?: number; name?: boolean }) {
  return (
    <Box sx={{ display: "inline-flex", alignItems: "center", gap: 1.25, typography: "h3", letterSpacing: "-0.01em" }}>
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#0b7a63" />
        <path
          d="M7 15.2 16 8l9 7.2M9.5 13.6V24h4.2v-5.4h4.6V24h4.2V13.6"
          fill="none"
          stroke="#fff"
          strokeWidth="2.2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      {name && "Openhouse"}
    </Box>
  );
}
