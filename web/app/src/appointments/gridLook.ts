// The tokens of the app for FullCalendar's variables, and the sizes of type and lines that it has no variables for.

const palette = (name: string): string => `var(--mui-palette-${name})`;
const faint = (colour: string, percent: number): string => `color-mix(in srgb, ${colour} ${percent}%, transparent)`;

export const GRID_LOOK = {
  "--fc-classic-primary": palette("primary-main"),
  "--fc-classic-primary-foreground": palette("primary-contrastText"),
  "--fc-classic-event": palette("primary-main"),
  "--fc-classic-event-contrast": palette("text-primary"),
  "--fc-classic-background-event": palette("success-main"),
  "--fc-classic-background-event-opacity": "15%",
  "--fc-classic-background-event-foreground-opacity": "50%",
  "--fc-classic-highlight": faint(palette("primary-main"), 12),
  "--fc-classic-today": faint(palette("primary-main"), 5),
  "--fc-classic-now": palette("error-main"),
  "--fc-classic-small-dot-width": "8px",
  "--fc-classic-large-dot-width": "8px",
  "--fc-classic-background": palette("background-paper"),
  "--fc-classic-faint": palette("raised"),
  "--fc-classic-muted": palette("raised"),
  "--fc-classic-strong": palette("divider"),
  "--fc-classic-foreground": palette("text-primary"),
  "--fc-classic-faint-foreground": palette("text-secondary"),
  "--fc-classic-muted-foreground": palette("text-secondary"),
  "--fc-classic-border": palette("divider"),
  "--fc-classic-strong-border": palette("divider"),
  "--fc-classic-button": palette("raised"),
  "--fc-classic-button-border": palette("divider"),
  "--fc-classic-button-strong": palette("raised"),
  "--fc-classic-button-strong-border": palette("divider"),
  "--fc-classic-button-outline": palette("primary-main"),
  "--fc-classic-button-foreground": palette("text-primary"),
  borderRadius: "10px",
  overflow: "hidden",
  bgcolor: "background.paper",
  "& :where(div)": { fontSize: "0.8125rem", lineHeight: "1.125rem" },
} as const;
