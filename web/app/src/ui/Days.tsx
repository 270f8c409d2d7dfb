import { Chip } from "./StatusChip";
import { daysLeft, daysUntil } from "./words";

/** "in 3 days", "2 days overdue", in the colour of how urgent that is. */
export function Days({ day, now }: { day: string; now: Date }) {
  const days = daysUntil(day, now);
  return <Chip tone={days < 0 ? "red" : days <= 2 ? "amber" : "quiet"}>{daysLeft(days)}</Chip>;
}
