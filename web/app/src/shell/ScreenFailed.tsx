import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useCallback, useEffect } from "react";
import { Failed } from "../ui/states";

/** In the place of a screen: why it is not there. Tried again by a click, and when there is a network again. */
export function ScreenFailed({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = useCallback(() => {
    const screens = router.state.matches.map(({ routeId }) => router.routesById[routeId].options.component);
    void Promise.all(screens.map(async (each) => each?.preload?.())).then(reset);
  }, [router, reset]);

  useEffect(() => {
    addEventListener("online", retry);
    return () => removeEventListener("online", retry);
  }, [retry]);

  return <Failed error={error} retry={retry} />;
}
