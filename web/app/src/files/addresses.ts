// From where a file's content comes. An address is good for five minutes; many that are wanted at once are asked for in one call.

import { useQuery } from "@tanstack/react-query";
import { useApi } from "../api/context";
import type { Api } from "../api/http";

interface Readable {
  readonly id: string;
  readonly url: string;
}

const GOOD_FOR = 4 * 60_000; // milliseconds
const AT_ONCE = 50; // as many as the API takes
const GATHER = 10; // milliseconds

class Addresses {
  readonly #wanted = new Map<string, { readonly resolve: (url: string | null) => void; readonly reject: (error: unknown) => void }[]>();

  constructor(private readonly api: Api) {}

  /** Null of a file that is not there, or not to be read. */
  of(id: string): Promise<string | null> {
    return new Promise((resolve, reject) => {
      if (this.#wanted.size === 0) setTimeout(() => this.#ask(), GATHER);
      this.#wanted.set(id, [...(this.#wanted.get(id) ?? []), { resolve, reject }]);
    });
  }

  #ask(): void {
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    for (let at = 0; at < wanted.length; at += AT_ONCE) void this.#askFor(wanted.slice(at, at + AT_ONCE));
  }

  async #askFor(wanted: [string, { resolve: (url: string | null) => void; reject: (error: unknown) => void }[]][]): Promise<void> {
    try {
      const { items } = await this.api.get<{ items: readonly Readable[] }>("/files", { query: { ids: wanted.map(([id]) => id).join(",") } });
      const urls = new Map(items.map(({ id, url }) => [id, url]));
      for (const [id, waiting] of wanted) for (const { resolve } of waiting) resolve(urls.get(id) ?? null);
    } catch (error) {
      for (const [, waiting] of wanted) for (const { reject } of waiting) reject(error);
    }
  }
}

const known = new WeakMap<Api, Addresses>();

function addressesOf(api: Api): Addresses {
  const found = known.get(api) ?? new Addresses(api);
  known.set(api, found);
  return found;
}

interface Address {
  readonly url: string | undefined;
  /** Asks again: the one before is over. */
  readonly renew: () => void;
}

/** `follow`: it is to be good whenever somebody follows it. An image that is there needs no other. */
export function useAddress(id: string | undefined, { follow = false } = {}): Address {
  const api = useApi();
  const { data, refetch } = useQuery({
    queryKey: ["file", id],
    queryFn: () => addressesOf(api).of(id ?? ""),
    enabled: id !== undefined,
    staleTime: GOOD_FOR,
    gcTime: GOOD_FOR,
    refetchInterval: follow && GOOD_FOR,
    refetchOnWindowFocus: follow,
    retry: 1,
  });
  return { url: data ?? undefined, renew: () => void refetch() };
}
