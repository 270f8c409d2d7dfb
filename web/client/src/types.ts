/** The names and shapes of the contract as generics: by noun, by event name. */

import type { Calls, Event } from "./contract.js";
import type { paths } from "./fields.js";
import type { Request } from "./rest.js";

export type Noun = keyof typeof paths;

type Path<N extends Noun> = (typeof paths)[N];
type Call<Name extends string> = Name extends keyof Calls ? Calls[Name] : never;
type Body<Name extends string> = Call<Name> extends { body: infer Value extends object } ? Value : never;
type Answer<Name extends string> = Call<Name> extends { answer: infer Value extends object } ? Value : never;
type Query<Name extends string> = Call<Name> extends { query: infer Value extends object } ? Value : never;

/** A record of an answer: with what its reader may do with it, and with hints. */
export type AnswerOf<N extends Noun> = Answer<`get${Capitalize<N>}`>;
/** A record as it is kept. */
export type RecordOf<N extends Noun> = Omit<AnswerOf<N>, "can" | "warnings"> &
  Partial<Pick<AnswerOf<N>, "can" & keyof AnswerOf<N>>>;
export type NewOf<N extends Noun> = Body<`create${Capitalize<N>}`>;
export type PatchOf<N extends Noun> = Body<`patch${Capitalize<N>}`>;
export type QueryOf<N extends Noun> = Query<`list${Capitalize<Path<N>>}`>;
export type PageOf<N extends Noun> = Answer<`list${Capitalize<Path<N>>}`>;
export type StatsOf<N extends Noun> = Answer<`get${Capitalize<N>}Stats`>;
export type BulkOf<N extends Noun> = Body<`bulk${Capitalize<Path<N>>}`>;
export type HistoryOf<N extends Noun> = Answer<`get${Capitalize<N>}History`>;
export type HistoryQuery = Query<"getEscrowHistory">;

type Verb = "archive" | "restore" | "recover" | "reopen" | "convert";
type Act<N extends Noun, V extends Verb> = `${V}${Capitalize<N>}`;
/** What can be done with a record of a module, beside patching and deleting it. */
export type VerbOf<N extends Noun> = { [V in Verb]: Act<N, V> extends keyof Calls ? V : never }[Verb];
export type ActedOf<N extends Noun, V extends Verb> = Answer<Act<N, V>>;
export type ActArguments<N extends Noun, V extends Verb> = [Body<Act<N, V>>] extends [never]
  ? [body?: undefined, request?: Request]
  : [body: Body<Act<N, V>>, request?: Request];

export type EventName = Event["type"];
/** A name, all of a noun, or all. */
export type EventPattern = EventName | `${Noun}:*` | "*";
/** The events that a pattern is for. */
export type EventOf<Pattern extends EventPattern> = Pattern extends "*"
  ? Event
  : Pattern extends `${infer N}:*`
    ? Extract<Event, { type: `${N}:${string}` }>
    : Extract<Event, { type: Pattern }>;
