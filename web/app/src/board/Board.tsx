// The records of a module in a column for each status. A card is moved with the pointer, with the keyboard or by its menu.

import Box from "@mui/material/Box";
import useMediaQuery from "@mui/material/useMediaQuery";
import type { Theme } from "@mui/material/styles";
import {
  type Announcements,
  type CollisionDetection,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type DragStartEvent,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  rectIntersection,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { type ReactNode, useState } from "react";
import { type CrmRecord, type Module, type Stats, titleOf } from "../modules/modules";
import { Segments } from "../ui/Segments";
import { Dot, toneOf } from "../ui/StatusChip";
import { words } from "../ui/words";
import type { ListSearch } from "../urls";
import { BoardColumn } from "./BoardColumn";
import { CardFrame } from "./CardFrame";
import { columnKeys } from "./columnKeys";
import { refusalOf } from "./moves";
import type { Mover } from "./useMoves";

interface Props {
  module: Module;
  filters: ListSearch; // `status`: the columns that are shown
  stats: Stats | undefined;
  sortOf: (status: string) => string;
  mover: Mover;
  card: (record: CrmRecord) => ReactNode;
  cardHeight: number;
  column: string | undefined; // on a phone: which one
  choose: (column: string) => void;
}

export default function Board({ module, filters, stats, sortOf, mover, card, cardHeight, column, choose }: Props) {
  const desk = useMediaQuery((theme: Theme) => theme.breakpoints.up("md"), { noSsr: true });
  const [held, setHeld] = useState<CrmRecord>();
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: columnKeys }),
  );
  const { status, ...others } = filters;
  const all = Object.keys(module.transitions);
  const chosen = status?.split(",").filter((each) => all.includes(each)) ?? [];
  const wanted = chosen.length > 0 ? chosen : all;
  const one = wanted.find((each) => each === column) ?? wanted[0] ?? "";
  const shown = desk ? wanted : [one];
  const narrowed = Object.keys(others).some((name) => name !== "sort");

  function dropped({ over }: DragEndEvent): void {
    setHeld(undefined);
    if (held && over) mover.move(held, String(over.id));
  }

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={nearest}
      accessibility={{ announcements: announcementsOf(module), screenReaderInstructions: { draggable: HOW } }}
      onDragStart={({ active }: DragStartEvent) => setHeld(recordOf(active))}
      onDragCancel={() => setHeld(undefined)}
      onDragEnd={dropped}
    >
      {!desk && (
        <Box sx={{ overflowX: "auto", mb: 2, mx: -2, px: 2 }}>
          <Segments
            label="Column"
            value={one}
            choose={choose}
            choices={wanted.map((each) => [
              each,
              <Box key={each} component="span" sx={{ display: "inline-flex", alignItems: "center", gap: 1, whiteSpace: "nowrap" }}>
                <Dot tone={toneOf(each)} />
                {words(each)}
                {!narrowed && <span>{stats?.total.counts[each] ?? ""}</span>}
              </Box>,
            ])}
          />
        </Box>
      )}
      <Box
        role="group"
        aria-label={`${module.label} by status`}
        sx={{ display: "grid", gridAutoFlow: "column", gridAutoColumns: { xs: "minmax(0, 1fr)", md: "minmax(232px, 1fr)" }, gap: 1.5, overflowX: { md: "auto" }, pb: { md: 1 } }}
      >
        {shown.map((each) => (
          <BoardColumn
            key={each}
            module={module}
            status={each}
            filters={{ ...others, status: each, sort: others.sort ?? sortOf(each) }}
            count={narrowed ? undefined : stats?.total.counts[each]}
            refusal={held && held.status !== each ? refusalOf(module, held, each) : undefined}
            mover={mover}
            card={card}
            cardHeight={cardHeight}
          />
        ))}
      </Box>
      <DragOverlay dropAnimation={null}>
        {held && (
          <CardFrame height={cardHeight} lifted>
            {card(held)}
          </CardFrame>
        )}
      </DragOverlay>
    </DndContext>
  );
}

/** Under the pointer; a card that is carried by keys lies over the column that it is in most. */
const nearest: CollisionDetection = (args) => {
  const under = pointerWithin(args);
  return args.pointerCoordinates ? under : rectIntersection(args);
};

const HOW =
  "To move a card, press Space or Enter, go to another column with the left and right arrows, and press Space or Enter again. Escape leaves it where it was.";

const recordOf = (active: { data: { current?: Record<string, unknown> | undefined } }): CrmRecord | undefined =>
  active.data.current?.["record"] as CrmRecord | undefined;

function announcementsOf(module: Module): Announcements {
  const title = (active: Parameters<typeof recordOf>[0]) => {
    const record = recordOf(active);
    return record ? titleOf(module, record) : "The card";
  };
  return {
    onDragStart: ({ active }) => `${title(active)} is picked up.`,
    onDragOver({ active, over }) {
      const record = recordOf(active);
      if (!record || !over) return undefined;
      const status = String(over.id);
      if (status === record.status) return `Over ${words(status)}, where it is.`;
      return `Over ${words(status)}. ${refusalOf(module, record, status) ?? ""}`;
    },
    onDragEnd: ({ active, over }) => (over ? `${title(active)} is dropped on ${words(String(over.id))}.` : `${title(active)} stays where it was.`),
    onDragCancel: ({ active }) => `${title(active)} stays where it was.`,
  };
}
