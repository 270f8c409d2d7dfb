// A request's name, which the server's logs and the commit that it writes carry on: so one line leads to all others.

import type { Environment } from "@openhouse/client";

const LENGTH = 16; // of what is written with each commit

/** The environment with a name for each request to our own API. */
export function withRequestIds(environment: Environment, httpUrl: string): Environment {
  return {
    ...environment,
    fetch: (url, request) => {
      if (!url.startsWith(httpUrl)) return environment.fetch(url, request);
      const id = environment.uuid().slice(0, LENGTH);
      return environment.fetch(url, { ...request, headers: { ...(request.headers as Record<string, string>), "x-request-id": id } });
    },
  };
}
