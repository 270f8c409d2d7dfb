// A screen that is loaded when somebody first goes there.

import { lazyRouteComponent } from "@tanstack/react-router";
import { Unreachable } from "../api/http";

type Load<Parts extends object> = () => Promise<Parts>;

/**
 * The router loads a page anew whose part is missing, as that is mostly one of a version that is gone. Without a network it
 * is not: then the page stays, and the screen fails as any request does.
 */
export const screen: typeof lazyRouteComponent = <Parts extends object, Name extends keyof Parts>(load: Load<Parts>, name?: Name) =>
  lazyRouteComponent<Parts, Name>(async () => {
    try {
      return await load();
    } catch (error) {
      throw navigator.onLine ? error : new Unreachable();
    }
  }, name);
