// Writes /sw.js: sw.js of this folder, after the list of what the build has made.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const SOURCE = fileURLToPath(new URL("sw.js", import.meta.url));
const PART = /^(index\.html|assets\/.*)$/;

/** `parts`: the path of each below the address of the app, and its content. */
export async function workerOf(parts: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const hashed = Object.fromEntries([...parts].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([path, content]) => [`/${path}`, `sha256-${sha256(content, "base64")}`]));
  const source = await readFile(SOURCE, "utf8");
  const list = JSON.stringify(hashed, null, 2);
  // The worker is a part of its version, too: another one may keep something else.
  const version = sha256(list + source, "hex").slice(0, 16);
  return `const VERSION = "${version}";\nconst PARTS = ${list};\n\n${source}`;
}

export function worker(): Plugin {
  return {
    name: "openhouse-worker",
    apply: "build",
    async writeBundle({ dir = "" }, bundle) {
      const names = Object.keys(bundle).filter((name) => PART.test(name));
      const parts = await Promise.all(names.map(async (name) => [name, await readFile(`${dir}/${name}`)] as const));
      await writeFile(`${dir}/sw.js`, await workerOf(new Map(parts)));
    },
  };
}

function sha256(content: string | Uint8Array, encoding: "base64" | "hex"): string {
  return createHash("sha256").update(content).digest(encoding);
}
