import { ToneIcon } from "../ui/ToneIcon";
import { LEVELS, type Level } from "./looks";

export function LevelIcon({ level }: { level: Level }) {
  const { icon, tone, word } = LEVELS[level];
  return <ToneIcon icon={icon} tone={tone} word={word} />;
}
