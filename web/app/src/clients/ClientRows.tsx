// What clients look like in a list: who it is, and what one can do about it.

import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import type { Looks } from "../lists/looks";
import { type CrmRecord, moduleAt, titleOf } from "../modules/modules";
import { phoneText, Tags } from "../modules/values";
import { RecordStatus } from "../ui/StatusChip";
import { words } from "../ui/words";
import { emailsOf, phonesOf } from "./contact";
import { ReachIcons } from "./ReachButtons";

export const CLIENTS = moduleAt("clients");

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const tagsOf = (record: CrmRecord): string[] => Object.keys((record["tags"] as object | undefined) ?? {});
const reach = (record: CrmRecord) => <ReachIcons record={record} name={titleOf(CLIENTS, record)} />;

export const CLIENT_LOOKS: Looks = {
  columns: [
    { label: "Buys or sells", width: "96px", cell: (record) => words(text(record["clientType"])) },
    {
      label: "Phone",
      width: "120px",
      cell: (record) => {
        const phone = phonesOf(record)[0]?.value;
        return phone && phoneText(phone);
      },
    },
    { label: "E-mail", width: "minmax(140px, 1fr)", roomy: true, cell: (record) => emailsOf(record)[0]?.value },
    { label: "City", width: "minmax(80px, 0.7fr)", roomy: true, cell: (record) => text(record["city"]) },
    { label: "Tags", width: "minmax(88px, 1fr)", cell: (record) => <Tags names={tagsOf(record).slice(0, 3)} /> },
    { label: "Reach", width: "160px", cell: reach },
  ],
  note: (record) => text(record["company"]) !== titleOf(CLIENTS, record) && text(record["company"]),
  card: (record) => <ClientCard record={record} />,
  aside: reach,
};

function ClientCard({ record }: { record: CrmRecord }) {
  return (
    <>
      <Typography noWrap sx={{ fontWeight: 500 }}>
        {titleOf(CLIENTS, record)}
      </Typography>
      <Box sx={{ display: "flex", alignItems: "center", gap: 0.5 }}>
        <RecordStatus record={record} />
        <Typography variant="body2" color="textSecondary" noWrap>
          {[words(text(record["clientType"])), text(record["city"]), ...tagsOf(record)].filter(Boolean).join(" · ")}
        </Typography>
      </Box>
    </>
  );
}
