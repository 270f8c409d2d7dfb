import { Days } from "../ui/Days";
import { Progress } from "../ui/Progress";
import { dayOf, dayText, money } from "../ui/words";
import type { ListColumn } from "../lists/looks";
import { asEscrow, isOpen } from "./escrow";
import { wholeProgress } from "./checklists";
import { nextDate } from "./keyDates";

export const ESCROW_COLUMNS: readonly ListColumn[] = [
  {
    label: "Price",
    width: "100px",
    right: true,
    cell: (record) => {
      const { purchasePriceCents } = asEscrow(record);
      return purchasePriceCents === undefined ? "" : money(purchasePriceCents);
    },
  },
  {
    label: "Closes",
    width: "104px",
    cell: (record) => {
      const { closeOfEscrowDate } = asEscrow(record);
      return closeOfEscrowDate ? dayText(closeOfEscrowDate) : "";
    },
  },
  {
    label: "Next",
    width: "minmax(170px, 1.5fr)",
    cell: (record) => {
      const now = new Date();
      const next = nextDate(asEscrow(record), dayOf(now));
      return (
        next && (
          <div className="beside">
            <Days day={next.day} now={now} />
            <span className="cut">{next.title}</span>
          </div>
        )
      );
    },
  },
  { label: "Buyer", width: "minmax(80px, 1fr)", cell: (record) => asEscrow(record).buyerName ?? "" },
  {
    label: "Checklists",
    width: "88px",
    cell: (record) => isOpen(record) && <Progress {...wholeProgress(asEscrow(record))} label="Checklists" width={40} />,
  },
];
