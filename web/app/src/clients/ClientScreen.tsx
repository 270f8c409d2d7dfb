// A client, and everything that is linked to them.

import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { Link as RouterLink, useParams } from "@tanstack/react-router";
import { whenOf } from "../appointments/times";
import { useGlance } from "../modules/data";
import { Linked, LinkedById } from "../modules/Linked";
import { type CrmRecord, moduleAt } from "../modules/modules";
import { NotesCard } from "../modules/NotesCard";
import { RecordPage, WithRecord } from "../modules/RecordPage";
import { phoneText, textOf } from "../modules/values";
import { useOwnZone } from "../ownZone";
import { Fact, Facts } from "../ui/Facts";
import { Card } from "../ui/layout";
import { words } from "../ui/words";
import { CLIENTS } from "./ClientRows";
import { callOf, emailsOf, mailTo, phonesOf } from "./contact";
import { ReachButtons } from "./ReachButtons";

const ESCROWS = moduleAt("escrows");
const APPOINTMENTS = moduleAt("appointments");
const LINKED = { archived: "false", sort: "newest", limit: 20 } as const;
const MONEY = { type: "money", label: "" } as const;
const DAY = { type: "date", label: "" } as const;

export default function ClientScreen() {
  const { id = "" } = useParams({ strict: false });
  return (
    <WithRecord key={id} module={CLIENTS} id={id}>
      {(record) => <Client record={record} />}
    </WithRecord>
  );
}

function Client({ record }: { record: CrmRecord }) {
  const zone = useOwnZone();
  const by = { clientId: record.id };
  const escrows = useGlance(ESCROWS, { ...by, ...LINKED });
  const visits = useGlance(APPOINTMENTS, { ...by, ...LINKED, sort: "-date" });
  const listings = new Set(
    [...(escrows.data?.items ?? []), ...(visits.data?.items ?? [])].flatMap(({ listingId }) =>
      typeof listingId === "string" ? [listingId] : [],
    ),
  );
  const type = record["clientType"];
  return (
    <RecordPage
      module={CLIENTS}
      record={record}
      about={typeof type === "string" && <Typography color="textSecondary">{type === "both" ? "Buyer and seller" : words(type)}</Typography>}
      aside={<Contact record={record} />}
    >
      <Box sx={{ display: { lg: "none" } }}>
        <ReachButtons record={record} />
      </Box>
      <Linked
        path="escrows"
        by={by}
        add
        about={({ purchasePriceCents, closeOfEscrowDate }) =>
          [textOf(MONEY, purchasePriceCents), closeOfEscrowDate && `closes ${textOf(DAY, closeOfEscrowDate)}`].filter(Boolean).join(" · ")
        }
      />
      <Linked path="appointments" by={by} sort="-date" add about={(visit) => whenOf(visit, zone)} />
      <LinkedById path="listings" ids={[...listings]} about={({ listPriceCents }) => textOf(MONEY, listPriceCents)} />
      <Linked path="leads" by={by} about={({ source }) => (typeof source === "string" ? `from ${words(source).toLowerCase()}` : "")} />
      <NotesCard module={CLIENTS} field="notes" text={record["notes"]} />
    </RecordPage>
  );
}

function Contact({ record }: { record: CrmRecord }) {
  const text = (name: string) => (typeof record[name] === "string" ? record[name] : "");
  const [phones, emails] = [phonesOf(record), emailsOf(record)];
  const place = [text("city"), [text("state"), text("zip")].filter(Boolean).join(" ")].filter(Boolean).join(", ");
  const tags = Object.keys((record["tags"] as object | undefined) ?? {});
  return (
    <Card title="Contact">
      <Box sx={{ display: "grid", gap: 2 }}>
        <Box sx={{ display: { xs: "none", lg: "block" } }}>
          <ReachButtons record={record} />
        </Box>
        <Facts>
          <Fact label="Company" wide>
            {text("company")}
          </Fact>
          {phones.map(({ value, label }) => (
            <Fact key={value} label={label ?? "Phone"} wide>
              <Link href={callOf(value)}>{phoneText(value)}</Link>
            </Fact>
          ))}
          {emails.map(({ value, label }) => (
            <Fact key={value} label={label ?? "E-mail"} wide>
              <Link href={mailTo(value)}>{value}</Link>
            </Fact>
          ))}
          <Fact label="Address" wide>
            {[text("address"), place].filter(Boolean).join(", ")}
          </Fact>
        </Facts>
        {phones.length + emails.length === 0 && (
          <Typography color="textSecondary">No phone and no e-mail yet: edit this client to add one.</Typography>
        )}
        {tags.length > 0 && (
          <Box component="ul" aria-label="Tags" sx={{ m: 0, p: 0, listStyle: "none", display: "flex", flexWrap: "wrap", gap: 0.5 }}>
            {tags.map((tag) => (
              <li key={tag}>
                <Link
                  component={RouterLink}
                  to="/clients"
                  search={{ tag } as never}
                  color="textPrimary"
                  sx={{ typography: "caption", display: "inline-block", px: 1, py: "2px", border: 1, borderColor: "divider", borderRadius: "6px" }}
                >
                  {tag}
                </Link>
              </li>
            ))}
          </Box>
        )}
      </Box>
    </Card>
  );
}
