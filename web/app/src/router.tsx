// Every address of the app. Each screen is loaded when somebody first goes there.

import { createRootRoute, createRoute, createRouter, type NavigateOptions } from "@tanstack/react-router";
import { calendarSearch } from "./appointments/views";
import { viewSearch } from "./board/search";
import { listingsSearch } from "./listings/search";
import { MODULES } from "./modules/modules";
import { ScreenFailed } from "./shell/ScreenFailed";
import { Shell } from "./shell/Shell";
import { part } from "./ui/part";
import { NothingFound } from "./ui/states";
import { cleanSearch, parseSearch, stringifySearch } from "./urls";

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => <NothingFound title="There is no such page">Choose one from the menu.</NothingFound>,
  errorComponent: ScreenFailed,
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: part(() => import("./home/HomeScreen")),
});
const people = createRoute({
  getParentRoute: () => root,
  path: "/people",
  component: part(() => import("./people/PeopleScreen")),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: "/people/audit",
  component: part(() => import("./people/AuditScreen")),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: part(() => import("./screens/Settings")),
});

const importOne = createRoute({
  getParentRoute: () => root,
  path: "/imports/$id",
  component: part(() => import("./imports/ImportScreen")),
});

const fromText = createRoute({
  getParentRoute: () => root,
  path: "/from-text",
  component: part(() => import("./texts/PasteScreens"), "FromTextScreen"),
});
const agreement = createRoute({
  getParentRoute: () => root,
  path: "/escrows/$id/timeline",
  component: part(() => import("./texts/PasteScreens"), "AgreementScreen"),
});
const task = createRoute({
  getParentRoute: () => root,
  path: "/tasks/$id",
  component: part(() => import("./texts/TaskScreen")),
});

const escrows = createRoute({
  getParentRoute: () => root,
  path: "/escrows",
  validateSearch: viewSearch,
  component: part(() => import("./escrows/EscrowsScreen")),
});
const newEscrow = createRoute({
  getParentRoute: () => root,
  path: "/escrows/new",
  component: part(() => import("./escrows/EscrowForms"), "CreateEscrow"),
});
const escrow = createRoute({
  getParentRoute: () => root,
  path: "/escrows/$id",
  component: part(() => import("./escrows/EscrowScreen")),
});
const editEscrow = createRoute({
  getParentRoute: () => root,
  path: "/escrows/$id/edit",
  component: part(() => import("./escrows/EscrowForms"), "EditEscrow"),
});
const leads = createRoute({
  getParentRoute: () => root,
  path: "/leads",
  validateSearch: viewSearch,
  component: part(() => import("./leads/LeadsScreen")),
});
const newLead = createRoute({
  getParentRoute: () => root,
  path: "/leads/new",
  component: part(() => import("./leads/LeadForms"), "CreateLead"),
});
const lead = createRoute({
  getParentRoute: () => root,
  path: "/leads/$id",
  component: part(() => import("./leads/LeadScreen")),
});
const isRecord = ({ id }: { id: string }) => id !== "new" && { id };
const listings = createRoute({
  getParentRoute: () => root,
  path: "/listings",
  validateSearch: listingsSearch,
  component: part(() => import("./listings/ListingsScreen")),
});
const listing = createRoute({
  getParentRoute: () => root,
  path: "/listings/$id",
  params: { parse: isRecord },
  component: part(() => import("./listings/ListingScreen")),
});
const clients = createRoute({
  getParentRoute: () => root,
  path: "/clients",
  validateSearch: cleanSearch,
  component: part(() => import("./clients/ClientsScreen")),
});
const client = createRoute({
  getParentRoute: () => root,
  path: "/clients/$id",
  params: { parse: isRecord },
  component: part(() => import("./clients/ClientScreen")),
});
const appointments = createRoute({
  getParentRoute: () => root,
  path: "/appointments",
  validateSearch: calendarSearch,
  component: part(() => import("./appointments/AppointmentsScreen")),
});
const appointment = createRoute({
  getParentRoute: () => root,
  path: "/appointments/$id",
  params: { parse: isRecord },
  component: part(() => import("./appointments/AppointmentScreen")),
});

// Every module, one that is declared tomorrow too. A module with screens of its own has routes before these.
const isModule = ({ module }: { module: string }) => MODULES.some(({ path }) => path === module) && { module };
const list = createRoute({
  getParentRoute: () => root,
  path: "/$module",
  params: { parse: isModule },
  validateSearch: cleanSearch,
  component: part(() => import("./modules/ListScreen")),
});
const create = createRoute({
  getParentRoute: () => root,
  path: "/$module/new",
  params: { parse: isModule },
  component: part(() => import("./modules/FormScreens"), "CreateScreen"),
});
const detail = createRoute({
  getParentRoute: () => root,
  path: "/$module/$id",
  component: part(() => import("./modules/DetailScreen")),
});
const edit = createRoute({
  getParentRoute: () => root,
  path: "/$module/$id/edit",
  component: part(() => import("./modules/FormScreens"), "EditScreen"),
});

export const routerOf = () =>
  createRouter({
    routeTree: root.addChildren([
      home,
      people,
      audit,
      settings,
      importOne,
      fromText,
      agreement,
      task,
      escrows,
      newEscrow,
      escrow,
      editEscrow,
      listings,
      listing,
      clients,
      client,
      appointments,
      appointment,
      leads,
      newLead,
      lead,
      list,
      create,
      detail,
      edit,
    ]),
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultErrorComponent: ScreenFailed, // beside the menu: the shell stays
    scrollRestoration: true,
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof routerOf>;
  }
}

export type To = NonNullable<NavigateOptions["to"]>;
