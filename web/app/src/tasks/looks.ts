// How each kind of task is shown: what it is called, how what it proposes is looked at, how its result is told. A kind that is
// not here, as of a version to come, is shown by what every task has.

import type { Task } from "@openhouse/client";
import type { ComponentType } from "react";
import { part } from "../ui/part";
import { plural, words } from "../ui/words";
import { importTold } from "../imports/result";
import { pageOf } from "../texts/page";
import { countsText } from "./tray";

export interface ProposalProps {
  task: Task;
  /** Rejects with why it was not done. */
  confirm: (answer?: object) => Promise<void>;
  discard: () => Promise<void>;
  close: () => void;
}

export interface Look {
  /** What is being done: "Finding duplicates". */
  readonly title: string;
  /** On the button that opens what is proposed. */
  readonly review: string;
  readonly Proposal: ComponentType<ProposalProps>;
  /** What has come of it, beside its message; "" if that is all. */
  readonly told: (task: Task) => string;
  /** Where what is proposed is looked at, if on a page of its own. */
  readonly page?: (task: Task) => string;
  /** What somebody may want of it once it is over. */
  readonly Ended?: ComponentType<{ task: Task }>;
  /** Whether it is shown until it is closed, though all went well. */
  readonly stays: (task: Task) => boolean;
}

const ResultLink = part(() => import("../texts/ResultLink"));
const GenericProposal = part(() => import("./GenericProposal"));

const generic = (kind: string): Look => ({
  title: words(kind),
  review: "Look at it",
  Proposal: GenericProposal,
  told: ({ counts }) => countsText(counts),
  stays: () => false,
});

const LOOKS: Readonly<Record<string, Partial<Look>>> = {
  find_duplicates: {
    title: "Finding duplicates",
    review: "Review the pairs",
    Proposal: part(() => import("./duplicates/DuplicatesDialog")),
    told: ({ status, undoes, counts }) => {
      if (undoes !== undefined || status !== "completed") return countsText(counts);
      const { moved = 0, changed = 0, skipped = 0 } = counts;
      const parts = [
        moved > 0 && `${plural(moved, "record")} now ${moved === 1 ? "names" : "name"} the one that was kept`,
        changed > 0 && `${plural(changed, "pair")} left out: changed meanwhile`,
        skipped > 0 && `${plural(skipped, "pair")} left out: not yours to merge`,
      ];
      return parts.filter(Boolean).join(" · ");
    },
  },
  create_from_text: onPage("Reading a text", "Look at the records"),
  escrow_timeline: onPage("Reading an agreement", "Look at the dates"),
  describe_listing: onPage("Describing a listing", "Read the description"),
  import: {
    title: "Importing",
    review: "Look at it",
    page: ({ id }) => `/imports/${id}`,
    told: importTold,
    Ended: part(() => import("../imports/RowsLink")),
    stays: ({ counts: { rejected = 0, warned = 0 } }) => rejected + warned > 0,
  },
};

/** Of tasks that read and write texts: what they propose has a page. */
function onPage(title: string, review: string): Partial<Look> {
  return {
    title,
    review,
    page: pageOf,
    told: ({ undoes, counts }) => (undoes === undefined ? "" : countsText(counts)),
    Ended: ResultLink,
  };
}

export function lookOf(kind: string): Look {
  return { ...generic(kind), ...LOOKS[kind] };
}

/** As the line of a task is called. */
export function titleOf({ kind, undoes }: Pick<Task, "kind" | "undoes">): string {
  const { title } = lookOf(kind);
  return undoes === undefined ? title : `Undoing: ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}
