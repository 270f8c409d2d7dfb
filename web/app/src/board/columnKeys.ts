import { type KeyboardCoordinateGetter, KeyboardCode } from "@dnd-kit/core";

/** Left and right carry a card to the column beside. */
export const columnKeys: KeyboardCoordinateGetter = (event, { context, currentCoordinates }) => {
  const step = { [KeyboardCode.Right]: 1, [KeyboardCode.Left]: -1 }[event.code];
  if (!step) return undefined;
  event.preventDefault();
  const { droppableRects, droppableContainers, over, active } = context;
  const columns = droppableContainers
    .getEnabled()
    .map(({ id }) => ({ id, rect: droppableRects.get(id) }))
    .toSorted((one, other) => (one.rect?.left ?? 0) - (other.rect?.left ?? 0));
  const from: unknown = over?.id ?? active?.data.current?.["status"];
  const at = columns.findIndex(({ id }) => id === from);
  const next = columns[Math.min(Math.max(at + step, 0), columns.length - 1)]?.rect;
  return next && { x: next.left + 8, y: currentCoordinates.y };
};
