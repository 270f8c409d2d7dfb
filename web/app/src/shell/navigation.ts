import {
  Building2,
  CalendarDays,
  Contact,
  FolderOpen,
  Handshake,
  Home,
  type LucideIcon,
  Settings,
  Sprout,
  Users,
} from "lucide-react";
import { MODULES } from "../modules/modules";

export interface Place {
  to: string;
  label: string;
  icon: LucideIcon;
}

const ICONS: Record<string, LucideIcon> = {
  escrows: Handshake,
  listings: Building2,
  clients: Contact,
  appointments: CalendarDays,
  leads: Sprout,
};

export const HOME: Place = { to: "/", label: "Home", icon: Home };
export const WORK: readonly Place[] = MODULES.map(({ path, label }) => ({
  to: `/${path}`,
  label,
  icon: ICONS[path] ?? FolderOpen,
}));
export const OFFICE: readonly Place[] = [
  { to: "/people", label: "People", icon: Users },
  { to: "/settings", label: "Settings", icon: Settings },
];
