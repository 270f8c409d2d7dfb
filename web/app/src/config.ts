// Where the backend is, as the place that serves the app says in /config.json.

export interface DemoPerson {
  email: string;
  name: string;
  role: string;
  teams: string;
}

export interface Config {
  httpUrl: string;
  ticketUrl: string;
  region: string;
  userPoolId: string;
  clientId: string;
  cognitoUrl: string;
  demo?: { password: string; brokerage: string; people: DemoPerson[] }; // of the local run
}

/** Throws an Error with a sentence for the person. */
export async function readConfig(signal?: AbortSignal): Promise<Config> {
  const response = await fetch("/config.json", { cache: "no-cache", ...(signal && { signal }) });
  if (!response.ok) throw new Error(`The server answers ${response.status} instead of its settings.`);
  return (await response.json()) as Config;
}
