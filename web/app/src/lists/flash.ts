import type { SystemStyleObject } from "@mui/system";

/** Of what has `data-flash`: a tint that fades. Where motion is reduced there is none. */
export const flashing: SystemStyleObject = {
  "@keyframes flash": { from: { backgroundColor: "color-mix(in srgb, var(--mui-palette-primary-main) 22%, transparent)" } },
  "@media (prefers-reduced-motion: no-preference)": { "&[data-flash]": { animation: "flash 1.2s ease-out" } },
};
