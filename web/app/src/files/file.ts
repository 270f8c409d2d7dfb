// A file as its record tells of it, and what follows from that: where it stands, how large it is, whether it may be sent.

import { inOrder, type Item, type Items } from "../modules/items";
import type { CrmRecord } from "../modules/modules";

export interface StoredFile extends Item {
  readonly name: string;
  readonly type: string;
  readonly size: number; // bytes
  readonly by: string;
  readonly at: string;
}

/** What a file belongs to. */
export interface Place {
  readonly noun: string;
  readonly id: string;
  readonly field: string;
}

export const samePlace = (one: Place, other: Place): boolean => one.noun === other.noun && one.id === other.id && one.field === other.field;

export const LARGEST = 25_000_000; // bytes

/** What a browser shows; for the dialog in which files are chosen, too. */
export const IMAGES = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"] as const;

export function filesIn(record: CrmRecord, field: string): [id: string, file: StoredFile][] {
  return inOrder(record[field] as Items<StoredFile> | undefined);
}

const UNKNOWN = "application/octet-stream";
const TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,80}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}$/;

/** As browsers know it, mostly by the name's end; the server looks into it. */
export function typeOf(file: File): string {
  const type = file.type.toLowerCase().split(";")[0]?.trim() ?? "";
  return TYPE.test(type) ? type : UNKNOWN;
}

/** Why it cannot be sent; undefined if it can, as far as one sees from here. */
export function refusalOf(file: File, takes: "images" | undefined): string | undefined {
  if (file.size === 0) return "It is empty.";
  if (file.size > LARGEST) return `It has ${sizeText(file.size)}; a file may have ${sizeText(LARGEST)}.`;
  const shown = (IMAGES as readonly string[]).includes(typeOf(file));
  return takes === "images" && !shown ? "A photo has to be a JPEG, PNG, WebP, GIF or AVIF." : undefined;
}

/** In the words of file managers: 182 KB, 1.4 MB. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} KB`;
  const megabytes = bytes / 1_000_000;
  return `${megabytes < 10 ? Number(megabytes.toFixed(1)) : Math.round(megabytes)} MB`;
}
