import Typography from "@mui/material/Typography";
import type { Column, CrmRecord, Module } from "../modules/modules";
import { Card } from "../ui/layout";
import { ChooseFiles, DropArea } from "./DropArea";
import { FileList } from "./FileList";
import Photos from "./Photos";
import { UploadRows } from "./UploadRows";
import { useUploads, useUploadsTo } from "./uploads";

/** A field of files, whatever its module. */
export default function FilesCard({ module, record, column: [name, field] }: { module: Module; record: CrmRecord; column: Column }) {
  const uploads = useUploads();
  const files = (record[name] as object | undefined) ?? {};
  const to = { noun: module.noun, id: record.id, field: name };
  const underway = useUploadsTo(to, (id) => id in files);
  if (field.takes === "images") return <Photos module={module} record={record} field={name} />;
  const mayEdit = record.can.includes("edit");
  const take = (chosen: readonly File[]) => uploads.add(chosen, to);
  return (
    <Card title={field.label} action={mayEdit && <ChooseFiles label="Upload" take={take} />}>
      <DropArea disabled={!mayEdit} hint="Drop to add these files" take={take}>
        <UploadRows uploads={underway} />
        {Object.keys(files).length + underway.length === 0 && <Typography color="textSecondary">No file yet.</Typography>}
        <FileList module={module} record={record} field={name} />
      </DropArea>
    </Card>
  );
}
