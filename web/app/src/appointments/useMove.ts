import { useWrite } from "../modules/data";
import { type CrmRecord, moduleAt, titleOf } from "../modules/modules";
import { useOwnZone } from "../ownZone";
import { useAnnounce } from "../ui/Announcer";
import { changeOf, type Times, timesOf, whenText } from "./times";

export const APPOINTMENTS = moduleAt("appointments");

/** Moves an appointment, says so, and offers to undo it. Throws what the server says against it. */
export function useMove(): (record: CrmRecord, after: Times) => Promise<void> {
  const write = useWrite(APPOINTMENTS);
  const announce = useAnnounce();
  const zone = useOwnZone();
  return async (record, after) => {
    const before = timesOf(record);
    const body = changeOf(before, after);
    if (Object.keys(body).length === 0) return;
    const path = `/${record.id}`;
    const moved = await write.mutateAsync({ method: "PATCH", path, body, version: record.version });
    const warning = moved?.warnings?.map(({ field, message }) => `${APPOINTMENTS.fields[field]?.label ?? field} ${message}.`);
    announce(
      [`${titleOf(APPOINTMENTS, record)}: ${whenText(after, zone)}.`, ...(warning ?? [])].join(" "),
      moved &&
        (() => {
          write.mutate(
            { method: "PATCH", path, body: changeOf(after, before), version: moved.version },
            { onError: (error) => announce(error.message) },
          );
        }),
    );
  };
}
