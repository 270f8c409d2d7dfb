// One file on its way: the API gives an address, the browser sends the content there, the API looks at what came.

import { type Api, ApiProblem, Unreachable } from "../api/http";
import { type Place, typeOf } from "./file";

/** What a file is for: a record, or an import. */
type Purpose = Place | { readonly noun: "import" };

interface Address {
  readonly id: string;
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Way {
  readonly signal: AbortSignal;
  /** How many bytes are there. */
  readonly sent: (bytes: number) => void;
  /** All of them are: it is looked at. */
  readonly checking: () => void;
}

const TRIES = 3; // of the last step: what was sent is not to be sent again
const PAUSE = 1_000; // milliseconds

/** Its id, under which its record shows it. Throws what `Api` throws, and NotSent. */
export async function upload(api: Api, file: File, to: Purpose, way: Way): Promise<string> {
  const body = { name: file.name, type: typeOf(file), size: file.size, for: to };
  const address = await api.call<Address>("POST", "/files", { body, signal: way.signal });
  await send(address, file, way);
  way.checking();
  await finish(api, address.id, way.signal);
  return address.id;
}

class NotSent extends Error {
  override name = "NotSent";
}

/** By XMLHttpRequest: `fetch` does not tell how far it is. */
function send({ url, fields }: Address, file: File, { signal, sent }: Way): Promise<void> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", file); // whatever comes after it S3 does not read
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener("abort", stop, { once: true });
    request.upload.addEventListener("progress", ({ loaded, total }) => sent(total ? (loaded / total) * file.size : 0));
    request.addEventListener("load", () => {
      if (request.status < 300) resolve();
      else reject(new NotSent("The store of files did not take it. Try again."));
    });
    request.addEventListener("error", () => reject(new Unreachable("The connection was lost before all of it was sent.")));
    request.addEventListener("abort", () => reject(new DOMException("It was stopped.", "AbortError")));
    request.addEventListener("loadend", () => signal.removeEventListener("abort", stop));
    request.open("POST", url);
    if (signal.aborted) return stop(), reject(new DOMException("It was stopped.", "AbortError"));
    request.send(form);
  });
}

async function finish(api: Api, id: string, signal: AbortSignal, tried = 1): Promise<void> {
  try {
    await api.call("POST", `/files/${id}/done`, { signal });
  } catch (error) {
    const again = error instanceof Unreachable || (error instanceof ApiProblem && error.problem.retryable === true);
    if (!again || tried === TRIES) throw error;
    await new Promise((resolve) => setTimeout(resolve, PAUSE * tried));
    await finish(api, id, signal, tried + 1);
  }
}
