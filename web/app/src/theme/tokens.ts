// The tokens of DESIGN.md. What stands here is nowhere else; screens take them from the theme.

export const FONT = '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

export interface Colours {
  page: string;
  surface: string;
  raised: string; // the row under the pointer, the field of a search
  border: string;
  text: string;
  muted: string;
  accent: string;
  onAccent: string;
  red: string;
  amber: string;
  green: string;
  blue: string;
}

export const LIGHT: Colours = {
  page: "#f6f7f7",
  surface: "#ffffff",
  raised: "#f1f4f3",
  border: "#dfe3e3",
  text: "#16201f",
  muted: "#55605f",
  accent: "#0b7a63",
  onAccent: "#ffffff",
  red: "#b42318",
  amber: "#8a5a00",
  green: "#1e7a34",
  blue: "#1f5fbf",
};

export const DARK: Colours = {
  page: "#0f1514",
  surface: "#161d1c",
  raised: "#1d2625",
  border: "#2c3735",
  text: "#e7edeb",
  muted: "#a3afac",
  accent: "#4cc9ab",
  onAccent: "#06251e",
  red: "#ff8a80",
  amber: "#f2b84b",
  green: "#76d189",
  blue: "#85b5ff",
};

/** Pixels: size, line height. */
export const TYPE = {
  caption: [12, 16],
  table: [13, 18],
  body: [14, 20],
  lead: [16, 24],
  title: [20, 28],
  display: [28, 36],
} as const;

export const RADIUS = { control: 6, card: 10 } as const;
export const ROW = { dense: 36, regular: 44 } as const;
export const TOUCH = 44;
