// Compiled, never run: what the types of the contract promise to whoever handles events.
import type { Calls, ClientMessage, Escrow, EscrowChanges, Event, ServerFrame } from "../src/contract.js";

/** Every event there is has to have a handler, which gets that event's own data. */
type Handlers = { [Type in Event["type"]]: (data: Extract<Event, { type: Type }>["data"]) => void };

export function handle(event: Event, handlers: Handlers): void {
  const handler = handlers[event.type] as (data: Event["data"]) => void;
  handler(event.data);
}

/** One noun's events by hand: a case that is missing makes `event` no `never`. */
export function escrowAfter(
  known: Escrow | undefined,
  event: EscrowEvent,
): Escrow | EscrowChanges | "fetch" | undefined {
  switch (event.type) {
    case "escrow:created":
      return "ref" in event.data ? "fetch" : event.data.escrow;
    case "escrow:updated":
    case "escrow:closed":
    case "escrow:archived":
    case "escrow:restored":
      return "ref" in event.data ? "fetch" : event.data.changes;
    case "escrow:deleted":
      return event.data.reason === "moved" ? known : undefined;
    case "escrow:locked":
      return "lock" in event.data && event.data.lock.noun === "escrow" ? known : undefined;
    case "escrow:unlocked":
      return "room" in event.data ? known : undefined;
    case "escrow:stats":
      return event.data.changes.counts?.closed === 0 ? known : undefined;
    default:
      return never(event);
  }
}

type EscrowEvent = Extract<Event, { type: `escrow:${string}` }>;

/** What a client says and hears is told apart by one field. */
export function idOf(message: ClientMessage): string {
  switch (message.action) {
    case "sync":
      return Object.keys(message.positions ?? {}).join() || message.id;
    case "auth":
      return message.ticket;
    case "ping":
      return message.id;
    case "presence":
      return message.active ? message.id : "";
    case "lock":
    case "unlock":
      return message.recordId;
    case "view":
      return message.leave ? message.id : message.recordId;
    case "typing":
      return message.field ?? message.recordId;
    default:
      return never(message);
  }
}

export function firstOf(frame: ServerFrame): Event | string | undefined {
  if ("commits" in frame) return frame.commits[0]?.events[0];
  if ("ephemeral" in frame) return frame.ephemeral[0]?.data.userId;
  if ("closing" in frame) return frame.closing.code;
  if ("connectionId" in frame) return frame.message;
  return frame.ok ? frame.reply : frame.error.code;
}

/** A call's body and answer by its name. */
export const body: Calls["createEscrow"]["body"] = { propertyAddress: "12 Harbor Way", city: null };
export const price = (answer: Calls["createEscrow"]["answer"]): number | undefined => answer.purchasePriceCents;

function never(value: never): never {
  throw new Error(`unexpected: ${JSON.stringify(value)}`);
}
