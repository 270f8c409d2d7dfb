// All escrows, as a table or as a board by status.

import { Suspense } from "react";
import { useCounts } from "../modules/data";
import { DeskScreen } from "../board/DeskScreen";
import { useMoves } from "../board/useMoves";
import { BoardSkeleton } from "../board/BoardSkeleton";
import { part } from "../ui/part";
import { ESCROW_COLUMNS } from "./columns";
import { ESCROWS } from "./escrow";
import { BoardFace, CARD_HEIGHT, ListFace } from "./EscrowCard";

const Board = part(() => import("../board/Board"));

export default function EscrowsScreen() {
  const stats = useCounts(ESCROWS);
  const mover = useMoves(ESCROWS);
  return (
    <DeskScreen
      module={ESCROWS}
      first="table"
      stats={stats}
      columns={ESCROW_COLUMNS}
      card={listFace}
      board={(shown) => (
        <Suspense fallback={<BoardSkeleton />}>
          <Board {...shown} module={ESCROWS} stats={stats} sortOf={sortOf} mover={mover} card={face} cardHeight={CARD_HEIGHT} />
        </Suspense>
      )}
    />
  );
}

const listFace = (record: Parameters<typeof ListFace>[0]["record"]) => <ListFace record={record} />;
const face = (record: Parameters<typeof BoardFace>[0]["record"]) => <BoardFace record={record} />;

/** What is open by what closes next, what is over by what was over last. */
const sortOf = (status: string): string => (status === "closed" || status === "cancelled" ? "changed" : "date");
