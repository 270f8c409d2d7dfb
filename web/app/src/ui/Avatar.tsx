import Box from "@mui/material/Box";

/** A person by their initials, always in the same of six quiet tints. */
export function Avatar({ name, size = 32 }: { name: string; size?: number }) {
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
  const hue = Array.from(name).reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % 6;
  return (
    <Box
      component="span"
      aria-hidden
      sx={{
        display: "inline-grid",
        placeItems: "center",
        flex: "none",
        width: size,
        height: size,
        borderRadius: "50%",
        fontSize: size * 0.4,
        fontWeight: 600,
        bgcolor: `oklch(0.9 0.05 ${40 + hue * 57})`,
        color: `oklch(0.34 0.08 ${40 + hue * 57})`,
      }}
    >
      {initials}
    </Box>
  );
}
