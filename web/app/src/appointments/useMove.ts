import { complaintOf, isStale } from "../api/complaint";
import { useLive } from "../live/context";
import { useSave } from "../live/save";
import { type CrmRecord, moduleAt, titleOf } from "../modules/modules";
import { useOwnZone } from "../ownZone";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import { changeOf, type Times, timesOf, whenText } from "./times";

export const APPOINTMENTS = moduleAt("appointments");

/** Moves an appointment, says so, and offers to undo it. Throws an Error with a sentence of why it cannot be. */
export function useMove(): (record: CrmRecord, after: Times) => Promise<void> {
  const save = useSave(APPOINTMENTS);
  const announce = useAnnounce();
  const why = useWhy();
  const { offline } = useLive();
  const zone = useOwnZone();
  return async (record, after) => {
    const before = timesOf(record);
    const body = changeOf(before, after);
    if (Object.keys(body).length === 0) return;
    const path = `/${record.id}`;
    const said = `${titleOf(APPOINTMENTS, record)}: ${whenText(after, zone)}`;
    try {
      const saved = await save({ method: "PATCH", path, body, version: record.version });
      if ("waiting" in saved) {
        announce(`${said}. It is kept here, and sent when the connection is back`, () => {
          if (!offline.withdraw(saved.waiting)) announce("This one is on its way already.");
        });
        return;
      }
      const moved = saved.record;
      const warnings = moved?.warnings?.map(({ field, message }) => `${APPOINTMENTS.fields[field]?.label ?? field} ${message}.`);
      announce(
        [`${said}.`, ...(warnings ?? [])].join(" "),
        moved &&
          (() => {
            save({ method: "PATCH", path, body: changeOf(after, before), version: moved.version }).catch((error: unknown) =>
              announce(why(error)),
            );
          }),
      );
    } catch (error) {
      const sentence = isStale(complaintOf(error)) ? "Somebody was faster: look at it once more, then decide." : why(error);
      throw new Error(sentence, { cause: error });
    }
  };
}
