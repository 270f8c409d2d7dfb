import { Days } from "../ui/Days";
import { Progress } from "../ui/Progress";
import { dayOf, dayText, money } from "../ui/words";
import type { ListColumn } from "../lists/RecordList";
import { asEscrow, isOpen } from "./escrow";
import { wholeProgress } from "./checklists";
import { nextDate } from "./keyDates";

export const ESCROW_COLUMNS: readonly ListColumn[] = [
  {
    label: "Price",
    width: "120px",
    right: true,
    cell: (record) => {
      const { purchasePriceCents } = asEscrow(record);
      return purchasePriceCents === undefined ? "" : money(purchasePriceCents);
    },
  },
  {
    label: "Closes",
    width: "112px",
    cell: (record) => {
      const { closeOfEscrowDate } = asEscrow(record);
      return closeOfEscrowDate ? dayText(closeOfEscrowDate) : "";
    },
  },
  {
    label: "Next",
    width: "minmax(228px, 1fr)",
    cell: (record) => {
      const now = new Date();
      const next = nextDate(asEscrow(record), dayOf(now));
      return (
        next && (
          <>
            <Days day={next.day} now={now} /> <span>{next.title}</span>
          </>
        )
      );
    },
  },
  { label: "Buyer", width: "minmax(112px, 1fr)", cell: (record) => asEscrow(record).buyerName ?? "" },
  {
    label: "Checklists",
    width: "116px",
    cell: (record) => isOpen(record) && <Progress {...wholeProgress(asEscrow(record))} label="Checklists" width={56} />,
  },
];
