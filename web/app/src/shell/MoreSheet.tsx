import Box from "@mui/material/Box";
import Drawer from "@mui/material/Drawer";
import { OFFICE, WORK } from "./navigation";
import { NavLink } from "./NavLink";

/** On a phone: the rest of the menu. */
export default function MoreSheet({ close }: { close: () => void }) {
  return (
    <Drawer
      anchor="bottom"
      open
      onClose={close}
      slotProps={{ paper: { "aria-label": "All pages", sx: { borderRadius: "10px 10px 0 0", p: 1.5, pb: 3 } } }}
    >
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gridTemplateColumns: "1fr 1fr", gap: 0.5 }}>
        {[...WORK, ...OFFICE].map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <NavLink
              to={to}
              onClick={close}
              sx={{ display: "flex", alignItems: "center", gap: 1.5, height: 48, px: 1.5, borderRadius: "6px" }}
            >
              <Icon size={20} aria-hidden />
              {label}
            </NavLink>
          </li>
        ))}
      </Box>
    </Drawer>
  );
}
