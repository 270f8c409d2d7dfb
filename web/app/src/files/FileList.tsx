// Files of a record, each by its name, which opens it.

import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import { File, FileImage, FileText } from "lucide-react";
import { useNames, useWrite } from "../modules/data";
import type { CrmRecord, Module } from "../modules/modules";
import { useWhy } from "../together/useWhy";
import { useAnnounce } from "../ui/Announcer";
import { dayText } from "../ui/words";
import { useAddress } from "./addresses";
import { filesIn, sizeText, type StoredFile } from "./file";
import { RemoveFile } from "./RemoveFile";

interface Props {
  module: Module;
  record: CrmRecord;
  field: string;
}

/** By which the others know it too: one commit, or kept until there is a connection. */
export function useRemoval({ module, record, field }: Props): (id: string, name: string) => void {
  const write = useWrite(module);
  const announce = useAnnounce();
  const why = useWhy();
  return (id, name) =>
    write.mutate(
      { method: "PATCH", path: `/${record.id}`, body: { [field]: { [id]: null } } },
      { onSuccess: () => announce(`${name} is removed`), onError: (error) => announce(why(error)) },
    );
}

export function FileList(props: Props) {
  const { module, record, field } = props;
  const remove = useRemoval(props);
  const files = filesIn(record, field);
  const mayEdit = record.can.includes("edit");
  if (files.length === 0) return null;
  return (
    <Box component="ul" aria-label={module.fields[field]?.label} sx={{ m: 0, p: 0, listStyle: "none" }}>
      {files.map(([id, file]) => (
        <Box component="li" key={id} sx={{ minHeight: 44 }}>
          {mayEdit ? (
            <RemoveFile name={file.name} remove={() => remove(id, file.name)}>
              <Row id={id} file={file} />
            </RemoveFile>
          ) : (
            <Row id={id} file={file} />
          )}
        </Box>
      ))}
    </Box>
  );
}

function Row({ id, file }: { id: string; file: StoredFile }) {
  const { url } = useAddress(id, { follow: true });
  const named = useNames();
  const Icon = file.type === "application/pdf" ? FileText : file.type.startsWith("image/") ? FileImage : File;
  return (
    <Box sx={{ flex: 1, minWidth: 0, display: "flex", alignItems: "center", gap: 1, py: 0.5 }}>
      <Box component="span" sx={{ display: "grid", flex: "none", color: "text.secondary" }}>
        <Icon size={16} aria-hidden />
      </Box>
      <Box sx={{ minWidth: 0 }}>
        {url ? (
          <Link href={url} target="_blank" rel="noreferrer" sx={{ overflowWrap: "anywhere" }}>
            {file.name}
          </Link>
        ) : (
          <Box component="span" sx={{ overflowWrap: "anywhere" }}>
            {file.name}
          </Box>
        )}
        <Box sx={{ typography: "caption", color: "text.secondary" }}>
          {[sizeText(file.size), named(file.by), dayText(file.at.slice(0, 10))].join(" · ")}
        </Box>
      </Box>
    </Box>
  );
}
