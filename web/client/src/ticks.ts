/** What `@openhouse/client/ticks` offers: timers that go on in hidden pages, as browsers do not slow those of workers. */

import type { Environment } from "./environment.js";

/**
 * As `environment.tick`. `worker`: makes one of `@openhouse/client/tick-worker`; it lives for as long as something ticks.
 * Where workers are refused, nothing ticks.
 */
export function ticks(worker: () => Worker): NonNullable<Environment["tick"]> {
  return (milliseconds, call) => {
    let at: Worker | undefined;
    try {
      at = worker();
      at.onmessage = () => call();
      at.postMessage(milliseconds);
    } catch {
      // the page's own timers have to do
    }
    return () => at?.terminate();
  };
}
