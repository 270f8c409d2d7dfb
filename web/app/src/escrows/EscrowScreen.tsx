// One escrow: what has to happen by when, who is in it, the money, the checklists, and what hangs on it.

import Box from "@mui/material/Box";
import { useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import { LinkedById } from "../modules/Linked";
import { NotesCard } from "../modules/NotesCard";
import { RecordPage } from "../modules/RecordPage";
import { RecordSkeleton } from "../modules/RecordSkeleton";
import { useRecord } from "../modules/data";
import { phoneText } from "../modules/values";
import { TypingHint } from "../together/TypingHint";
import { Fact, Facts } from "../ui/Facts";
import { Card } from "../ui/layout";
import { part } from "../ui/part";
import { Failed } from "../ui/states";
import { Days } from "../ui/Days";
import { dayOf, money } from "../ui/words";
import { Checklists } from "./Checklists";
import { asEscrow, ESCROWS, type Escrow } from "./escrow";
import { KeyDates } from "./KeyDates";
import { nextDate } from "./keyDates";
import { Money } from "./Money";
import { useTick } from "./useTick";

const Documents = part(() => import("./Documents"));

export default function EscrowScreen() {
  const { id = "" } = useParams({ strict: false });
  const record = useRecord(ESCROWS, id);
  if (!record.data) return record.isPending ? <RecordSkeleton /> : <Failed error={record.error} retry={() => void record.refetch()} />;
  return <Detail key={id} escrow={asEscrow(record.data)} refresh={() => void record.refetch()} />;
}

function Detail({ escrow, refresh }: { escrow: Escrow; refresh: () => void }) {
  const put = useTick();
  const tick = (path: readonly string[], done: boolean) => void put(escrow, path, done, refresh);
  const now = new Date();
  const next = nextDate(escrow, dayOf(now));
  const place = [escrow.city, escrow.state].filter(Boolean).join(", ");
  return (
    <RecordPage
      module={ESCROWS}
      record={escrow}
      about={
        <Box component="span" sx={{ display: "inline-flex", alignItems: "center", flexWrap: "wrap", gap: 1, typography: "body2", color: "text.secondary" }}>
          {[escrow.escrowNumber, place].filter(Boolean).join(" · ")}
          {next && (
            <>
              <Days day={next.day} now={now} /> {next.title}
            </>
          )}
        </Box>
      }
      aside={
        <>
          <LinkedById path="listings" title="Listing" ids={escrow.listingId ? [escrow.listingId] : []} about={priceOf} />
          <LinkedById path="clients" ids={Object.keys(escrow.clientIds ?? {})} about={reachOf} />
          <Suspense>
            <Documents escrow={escrow} />
          </Suspense>
        </>
      }
    >
      <KeyDates escrow={escrow} tick={tick} />
      <Checklists escrow={escrow} tick={tick} />
      <Money escrow={escrow} />
      <Parties escrow={escrow} />
      <NotesCard module={ESCROWS} field="notes" text={escrow.notes} />
    </RecordPage>
  );
}

function Parties({ escrow }: { escrow: Escrow }) {
  const { buyerName, sellerName, escrowCompany, titleCompany, lenderName } = escrow;
  const nobody = ![buyerName, sellerName, escrowCompany, titleCompany, lenderName].some(Boolean);
  return (
    <Card title="Parties">
      {nobody && <Box sx={{ color: "text.secondary" }}>Nobody is named yet.</Box>}
      <Facts>
        <Fact label="Buyer" hint={<TypingHint field="buyerName" />}>{buyerName}</Fact>
        <Fact label="Seller" hint={<TypingHint field="sellerName" />}>{sellerName}</Fact>
        <Fact label="Escrow company" hint={<TypingHint field="escrowCompany" />}>{escrowCompany}</Fact>
        <Fact label="Title company" hint={<TypingHint field="titleCompany" />}>{titleCompany}</Fact>
        <Fact label="Lender" hint={<TypingHint field="lenderName" />}>{lenderName}</Fact>
      </Facts>
    </Card>
  );
}

const priceOf = ({ listPriceCents }: Readonly<Record<string, unknown>>) => (typeof listPriceCents === "number" ? money(listPriceCents) : "");

const reachOf = ({ phone, email }: Readonly<Record<string, unknown>>) =>
  typeof phone === "string" ? phoneText(phone) : typeof email === "string" ? email : "";
