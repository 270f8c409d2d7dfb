import { createTheme, type ThemeOptions } from "@mui/material/styles";
import { marks } from "./marks";
import { type Colours, DARK, FONT, LIGHT, RADIUS, TOUCH, TYPE } from "./tokens";

declare module "@mui/material/styles" {
  interface Palette {
    raised: string;
  }
  interface PaletteOptions {
    raised?: string;
  }
  interface TypeText {
    muted: string;
  }
}

declare module "@mui/material/Typography" {
  interface TypographyPropsVariantOverrides {
    h4: false;
    h5: false;
    h6: false;
    overline: false;
    subtitle2: false;
  }
}

export type Mode = "system" | "light" | "dark";

const font = ([size, line]: readonly [number, number], weight = 400) => ({
  fontFamily: FONT,
  fontSize: `${size / 16}rem`,
  lineHeight: `${line / 16}rem`,
  fontWeight: weight,
  letterSpacing: 0,
});

const palette = (colours: Colours) => ({
  background: { default: colours.page, paper: colours.surface },
  raised: colours.raised,
  divider: colours.border,
  text: { primary: colours.text, secondary: colours.muted, muted: colours.muted },
  primary: { main: colours.accent, contrastText: colours.onAccent },
  error: { main: colours.red, contrastText: colours.page },
  warning: { main: colours.amber, contrastText: colours.page },
  success: { main: colours.green, contrastText: colours.page },
  info: { main: colours.blue, contrastText: colours.page },
});

const hairline = "1px solid var(--mui-palette-divider)";
const focus = { outline: "2px solid var(--mui-palette-primary-main)", outlineOffset: 2 };

const components: ThemeOptions["components"] = {
  MuiCssBaseline: {
    styleOverrides: {
      body: { fontVariantNumeric: "tabular-nums", fontFeatureSettings: '"cv05", "cv11"' },
      "#app": { minHeight: "100dvh" },
      ":focus-visible": focus,
      ...marks(font(TYPE.caption)),
      "@media (prefers-reduced-motion: reduce)": {
        "*, *::before, *::after": { animationDuration: "0.01ms !important", transitionDuration: "0.01ms !important" },
      },
    },
  },
  MuiButtonBase: { defaultProps: { disableRipple: true }, styleOverrides: { root: font(TYPE.body) } },
  MuiButton: {
    defaultProps: { disableElevation: true },
    styleOverrides: {
      root: {
        minHeight: 36,
        padding: "7px 14px",
        borderRadius: RADIUS.control,
        textTransform: "none",
        whiteSpace: "nowrap",
        "&.Mui-focusVisible": focus,
        "@media (pointer: coarse)": { minHeight: TOUCH },
      },
      outlined: { borderColor: "var(--mui-palette-divider)", color: "var(--mui-palette-text-primary)" },
    },
  },
  MuiIconButton: {
    styleOverrides: {
      root: {
        width: 36,
        height: 36,
        borderRadius: RADIUS.control,
        color: "var(--mui-palette-text-secondary)",
        "&.Mui-focusVisible": focus,
        "@media (pointer: coarse)": { width: TOUCH, height: TOUCH },
      },
    },
  },
  MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: "none" } } },
  MuiDialog: { styleOverrides: { paper: { borderRadius: RADIUS.card, border: hairline } } },
  MuiMenu: { styleOverrides: { paper: { borderRadius: RADIUS.card, border: hairline, minWidth: 180 } } },
  MuiMenuItem: { styleOverrides: { root: { ...font(TYPE.body), minHeight: 36 } } },
  MuiOutlinedInput: {
    styleOverrides: {
      root: { borderRadius: RADIUS.control, "& fieldset": { borderColor: "var(--mui-palette-divider)" } },
      input: { "&::placeholder": { color: "var(--mui-palette-text-secondary)", opacity: 1 } },
    },
  },
  MuiTextField: { defaultProps: { size: "small", fullWidth: true } },
  MuiFormLabel: { styleOverrides: { asterisk: { color: "var(--mui-palette-error-main)" } } },
  MuiFormHelperText: { styleOverrides: { root: { marginInline: 0 } } },
  MuiTooltip: { defaultProps: { arrow: true, enterDelay: 400 } },
  MuiTableCell: {
    styleOverrides: {
      root: { ...font(TYPE.table), borderColor: "var(--mui-palette-divider)", padding: "8px", "&:first-of-type": { paddingLeft: 16 }, "&:last-of-type": { paddingRight: 16 } },
      head: { color: "var(--mui-palette-text-secondary)", fontWeight: 500, whiteSpace: "nowrap" },
    },
  },
  MuiTab: { styleOverrides: { root: { textTransform: "none", minHeight: 44, padding: "8px 12px", minWidth: 0 } } },
  MuiLink: { defaultProps: { underline: "hover" } },
};

export const theme = createTheme({
  cssVariables: { colorSchemeSelector: "data-theme" },
  colorSchemes: { light: { palette: palette(LIGHT) }, dark: { palette: palette(DARK) } },
  spacing: 8,
  shape: { borderRadius: RADIUS.control },
  breakpoints: { values: { xs: 0, sm: 600, md: 900, lg: 1200, xl: 1600 } },
  typography: {
    fontFamily: FONT,
    h1: { ...font(TYPE.display, 600), letterSpacing: "-0.02em" },
    h2: { ...font(TYPE.title, 600), letterSpacing: "-0.01em" },
    h3: font(TYPE.lead, 600),
    subtitle1: font(TYPE.lead),
    body1: font(TYPE.body),
    body2: font(TYPE.table),
    button: font(TYPE.body, 500),
    caption: font(TYPE.caption),
  },
  components,
});
