// Where a session lies between two page loads: in IndexedDB, sealed by a key that no script can read out.
// Whoever runs script in this page can use the key, so this is no wall against them; it keeps tokens out of backups,
// disk images and whatever greps storage. docs/decisions/044 weighs it.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { newId } from "../ids";
import type { Tokens } from "./issuer";

export interface Kept {
  tokens: Tokens;
  stay: boolean; // also after the browser was closed
}

export interface Vault {
  read(): Promise<Kept | undefined>;
  write(kept: Kept): Promise<void>;
  clear(): Promise<void>;
}

/** For a browser that lets nothing be kept, as in some private windows: a reload signs out. */
export function memoryVault(): Vault {
  let held: Kept | undefined;
  return {
    read: async () => held,
    write: async (kept) => {
      held = kept;
    },
    clear: async () => {
      held = undefined;
    },
  };
}

interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
  visit: string | undefined; // the visit of the browser that it ends with
}

interface Schema extends DBSchema {
  kept: { key: "session"; value: Sealed };
  keys: { key: "seal"; value: CryptoKey };
}

const VISIT = "openhouse-visit"; // a cookie without an end: the browser drops it when it is closed

export async function openVault(): Promise<Vault> {
  if (!globalThis.crypto?.subtle) return memoryVault(); // plain http, and not this machine
  try {
    return sealedVault(await openDatabase());
  } catch {
    return memoryVault();
  }
}

function openDatabase(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>("openhouse-session", 1, {
    upgrade(database) {
      database.createObjectStore("kept");
      database.createObjectStore("keys");
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close(); // a newer page wants to change it
    },
  });
}

function sealedVault(database: IDBPDatabase<Schema>): Vault {
  async function key(): Promise<CryptoKey> {
    const known = await database.get("keys", "seal");
    if (known) return known;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await database.put("keys", made, "seal");
    return made;
  }

  const vault: Vault = {
    async read() {
      const sealed = await database.get("kept", "session");
      if (!sealed) return undefined;
      if (sealed.visit !== undefined && sealed.visit !== visit()) {
        await vault.clear(); // the browser was closed, and nobody asked to stay signed in
        return undefined;
      }
      const { iv, data } = sealed;
      try {
        const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key(), data);
        return JSON.parse(new TextDecoder().decode(opened)) as Kept;
      } catch {
        await vault.clear();
        return undefined;
      }
    },
    async write(kept) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const text = new TextEncoder().encode(JSON.stringify(kept));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), text);
      await database.put("kept", { iv, data, visit: kept.stay ? undefined : (visit() ?? beginVisit()) }, "session");
    },
    async clear() {
      await database.clear("kept");
      await database.clear("keys");
    },
  };
  return vault;
}

function visit(): string | undefined {
  return document.cookie
    .split("; ")
    .find((each) => each.startsWith(`${VISIT}=`))
    ?.slice(VISIT.length + 1);
}

function beginVisit(): string {
  const id = newId();
  // oxlint-disable-next-line unicorn/no-document-cookie -- the Cookie Store API is missing in Safari and Firefox
  document.cookie = `${VISIT}=${id}; path=/; SameSite=Strict${location.protocol === "https:" ? "; Secure" : ""}`;
  return id;
}
