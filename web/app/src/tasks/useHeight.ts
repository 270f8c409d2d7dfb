import { type RefCallback, useCallback } from "react";

const GAP = 8;

/** How high an element is, in a variable of the page's: what else stands at its edge makes room. */
export function useHeight(variable: string): RefCallback<HTMLElement> {
  return useCallback(
    (element) => {
      if (!element) return undefined;
      const { style } = document.documentElement;
      const observer = new ResizeObserver(() => style.setProperty(variable, `${element.offsetHeight + GAP}px`));
      observer.observe(element);
      return () => {
        observer.disconnect();
        style.removeProperty(variable);
      };
    },
    [variable],
  );
}
