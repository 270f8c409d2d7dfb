// A file on its way to becoming records: it is sent, and the task begins that looks at it.

import type { Client } from "@openhouse/client";
import { tasks } from "@openhouse/client/collaboration";
import type { Api } from "../api/http";
import { sizeText } from "../files/file";
import { upload, type Way } from "../files/upload";
import { ownZone } from "../ownZone";

export const LARGEST = 50_000_000; // bytes

/** Why it cannot be sent; undefined if it can, as far as one sees from here. */
export function refusalOf({ size }: Pick<File, "size">): string | undefined {
  if (size === 0) return "This file is empty.";
  return size > LARGEST ? `This file has ${sizeText(size)}; an import may have ${sizeText(LARGEST)}. Import it in parts.` : undefined;
}


export class Bringing {
  #sent: string | undefined;

  constructor(
    private readonly api: Api,
    private readonly client: Client,
    private readonly file: File,
  ) {}

  /** Tried again, it sends no file that is there already. */
  async begin(noun: string, way: Way): Promise<string> {
    this.#sent ??= await upload(this.api, this.file, { noun: "import" }, way);
    way.signal.throwIfAborted();
    const task = await tasks(this.client).start("import", { file: this.#sent, module: noun, timeZone: ownZone() });
    return task.id;
  }
}
