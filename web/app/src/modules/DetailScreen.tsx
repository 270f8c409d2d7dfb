// One record, whatever its module: what it says, what may be done with it, what happened to it.

import Box from "@mui/material/Box";
import { useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import { part } from "../ui/part";
import { type CrmRecord, type Module, moduleAt, sectionsOf } from "./modules";
import { RecordPage, WithRecord } from "./RecordPage";
import { SectionCard } from "./SectionCard";

const FilesCard = part(() => import("../files/FilesCard"));

export default function DetailScreen() {
  const { module: path = "", id = "" } = useParams({ strict: false });
  const module = moduleAt(path);
  return (
    <WithRecord module={module} id={id}>
      {(record) => <Detail module={module} record={record} />}
    </WithRecord>
  );
}

function Detail({ module, record }: { module: Module; record: CrmRecord }) {
  const number = module.number && record[module.number];
  return (
    <RecordPage
      module={module}
      record={record}
      about={
        typeof number === "string" && (
          <Box component="span" sx={{ color: "text.secondary" }}>
            {number}
          </Box>
        )
      }
    >
      {sectionsOf(module).map(({ title, fields }) =>
        fields[0]?.[1].type === "files" ? (
          <Suspense key={title}>
            <FilesCard module={module} record={record} column={fields[0]} />
          </Suspense>
        ) : (
          <SectionCard key={title} title={title} fields={fields} record={record} />
        ),
      )}
    </RecordPage>
  );
}
