// One lead: how to reach them, what is known of them, and the way to make a client of them.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useParams } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { Suspense, useState } from "react";
import { ReachIcons } from "../clients/ReachButtons";
import { refusalOf } from "../board/moves";
import { useRecord } from "../modules/data";
import { Linked, LinkedById } from "../modules/Linked";
import { RecordPage } from "../modules/RecordPage";
import { RecordSkeleton } from "../modules/RecordSkeleton";
import { titleOf } from "../modules/modules";
import { Tags, Value } from "../modules/values";
import { LongText } from "../together/LongText";
import { TypingHint } from "../together/TypingHint";
import { Fact, Facts } from "../ui/Facts";
import { Card } from "../ui/layout";
import { part } from "../ui/part";
import { Failed } from "../ui/states";
import { money, momentText, words } from "../ui/words";
import { asLead, type Lead, LEADS } from "./lead";
import { Age, Score } from "./LeadCard";

const ConvertDialog = part(() => import("./ConvertDialog"));

export default function LeadScreen() {
  const { id = "" } = useParams({ strict: false });
  const record = useRecord(LEADS, id);
  if (!record.data) return record.isPending ? <RecordSkeleton /> : <Failed error={record.error} retry={() => void record.refetch()} />;
  return <Detail key={id} lead={asLead(record.data)} />;
}

function Detail({ lead }: { lead: Lead }) {
  const [converting, setConverting] = useState(false);
  const mayConvert = !refusalOf(LEADS, lead, "converted");
  const tags = Object.keys(lead.tags ?? {});
  const more = (["emails", "phones"] as const).flatMap((name) =>
    Object.entries((lead[name] ?? {}) as Record<string, { label?: string; value: string }>).map(([id, { label, value }]) => ({
      id: `${name}-${id}`,
      label: label ?? (name === "emails" ? "Other email" : "Other phone"),
      field: { type: name === "emails" ? ("email" as const) : ("phone" as const), label: "" },
      value,
    })),
  );
  return (
    <>
      <RecordPage
        module={LEADS}
        record={lead}
        about={
          <>
            <Score score={lead.score} />
            <Age lead={lead} />
          </>
        }
        actions={
          <>
            <ReachIcons record={lead} name={titleOf(LEADS, lead)} />
            {mayConvert && (
              <Button variant="outlined" startIcon={<UserPlus size={15} aria-hidden />} onClick={() => setConverting(true)} aria-haspopup="dialog">
                Convert
              </Button>
            )}
          </>
        }
        aside={
          <>
            {lead.clientId && <LinkedById path="clients" title="Client" ids={[lead.clientId]} about={() => "who they became"} />}
            <Linked path="appointments" by={{ leadId: lead.id }} sort="date" about={({ startsAt }) => momentText(String(startsAt))} add />
          </>
        }
      >
        <Card title="Contact">
          <Facts>
            <Fact label="Phone" hint={<TypingHint field="phone" />}>{lead.phone && <Value field={{ type: "phone", label: "Phone" }} value={lead.phone} />}</Fact>
            <Fact label="Email" hint={<TypingHint field="email" />}>{lead.email && <Value field={{ type: "email", label: "Email" }} value={lead.email} />}</Fact>
            {more.map(({ id, label, field, value }) => (
              <Fact key={id} label={label}>
                <Value field={field} value={value} />
              </Fact>
            ))}
            <Fact label="Company" hint={<TypingHint field="company" />}>{lead.company}</Fact>
          </Facts>
        </Card>
        <Card title="What they look for">
          <Facts>
            <Fact label="Budget" hint={<TypingHint field="budgetCents" />}>{lead.budgetCents === undefined ? undefined : money(lead.budgetCents)}</Fact>
            <Fact label="Source" hint={<TypingHint field="source" />}>{lead.source && words(lead.source)}</Fact>
            <Fact label="Score" hint={<TypingHint field="score" />}>{lead.score === undefined ? undefined : `${lead.score} of 100`}</Fact>
            <Fact label="Tags" hint={<TypingHint field="tags" />}>{tags.length > 0 && <Tags names={tags} />}</Fact>
          </Facts>
          {lead.notes && (
            <Box sx={{ mt: 2 }}>
              <TypingHint field="notes" />
              <LongText text={lead.notes} />
            </Box>
          )}
          {!lead.notes && !lead.source && lead.budgetCents === undefined && tags.length === 0 && (
            <Box sx={{ color: "text.secondary" }}>Nothing is noted yet.</Box>
          )}
        </Card>
      </RecordPage>
      <Suspense>{converting && <ConvertDialog lead={lead} close={() => setConverting(false)} />}</Suspense>
    </>
  );
}
