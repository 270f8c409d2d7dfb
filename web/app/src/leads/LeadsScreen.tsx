// All leads: a board by status, or a table.

import { Suspense, useState } from "react";
import { BoardSkeleton } from "../board/BoardSkeleton";
import { DeskScreen } from "../board/DeskScreen";
import { useMoves } from "../board/useMoves";
import { useCounts } from "../modules/data";
import type { CrmRecord } from "../modules/modules";
import type { ListColumn } from "../lists/looks";
import { phoneText } from "../modules/values";
import { FindDuplicates } from "../tasks/FindDuplicates";
import { part } from "../ui/part";
import { money, words } from "../ui/words";
import { asLead, type Lead, LEADS } from "./lead";
import { Age, BoardFace, CARD_HEIGHT, ListFace, Score } from "./LeadCard";

const Board = part(() => import("../board/Board"));
const ConvertDialog = part(() => import("./ConvertDialog"));

export default function LeadsScreen() {
  const stats = useCounts(LEADS);
  const [converting, setConverting] = useState<Lead>();
  const mover = useMoves(LEADS, (record, status) => {
    const converts = status === LEADS.converts?.status;
    if (converts) setConverting(asLead(record));
    return converts;
  });
  return (
    <>
      <DeskScreen
        module={LEADS}
        first="board"
        stats={stats}
        menu={(close) => <FindDuplicates module={LEADS} close={close} />}
        columns={COLUMNS}
        card={listFace}
        board={(shown) => (
          <Suspense fallback={<BoardSkeleton />}>
            <Board {...shown} module={LEADS} stats={stats} sortOf={() => "newest"} mover={mover} card={face} cardHeight={CARD_HEIGHT} />
          </Suspense>
        )}
      />
      <Suspense>{converting && <ConvertDialog lead={converting} close={() => setConverting(undefined)} />}</Suspense>
    </>
  );
}

const listFace = (record: CrmRecord) => <ListFace record={record} />;
const face = (record: CrmRecord) => <BoardFace record={record} />;

const COLUMNS: readonly ListColumn[] = [
  { label: "Score", width: "104px", cell: (record) => <Score score={asLead(record).score} /> },
  { label: "Waiting", width: "152px", cell: (record) => <Age lead={asLead(record)} /> },
  { label: "Source", width: "112px", cell: (record) => words(asLead(record).source ?? "") },
  {
    label: "Budget",
    width: "96px",
    right: true,
    cell: (record) => {
      const { budgetCents } = asLead(record);
      return budgetCents === undefined ? "" : money(budgetCents);
    },
  },
  { label: "Phone", width: "128px", roomy: true, cell: (record) => phoneText(asLead(record).phone ?? "") },
];
