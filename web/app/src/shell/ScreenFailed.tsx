import type { ErrorComponentProps } from "@tanstack/react-router";
import { useCallback, useEffect } from "react";
import { loadFailed } from "../ui/part";
import { Failed } from "../ui/states";

/** In the place of a screen: why it is not there. Tried again by a click, and when there is a network again. */
export function ScreenFailed({ error, reset }: ErrorComponentProps) {
  const retry = useCallback(() => void loadFailed().then(reset), [reset]);

  useEffect(() => {
    addEventListener("online", retry);
    return () => removeEventListener("online", retry);
  }, [retry]);

  return <Failed error={error} retry={retry} />;
}
