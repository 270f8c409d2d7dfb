// The pages on which a text is pasted: for new records, and for the dates of an escrow.

import { useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import { ESCROWS } from "../escrows/escrow";
import { BackTo } from "../modules/BackTo";
import { useRecord } from "../modules/data";
import { type CrmRecord, titleOf } from "../modules/modules";
import { Page } from "../ui/layout";
import { part } from "../ui/part";
import { Bars, Failed, NoPermission, Waiting } from "../ui/states";
import { agreementOf, FROM_TEXT } from "./page";

const PasteForm = part(() => import("./PasteForm"));

export function FromTextScreen() {
  return (
    <Page title="From text" above={<BackTo to="/">Home</BackTo>} narrow>
      <Suspense fallback={<Skeleton />}>
        <PasteForm
          kind="create_from_text"
          place={FROM_TEXT}
          back="/"
          placeholder="Escrow for 123 Main St, Bakersfield CA 93301, buyer Ana Ruiz, $540,000, closing August 3"
        >
          Paste an e-mail, a note, or the first pages of an agreement. You see which escrow, listing, clients and appointments it is about, and where
          each field stands in it. What it does not say stays empty, and nothing is written before you have confirmed it.
        </PasteForm>
      </Suspense>
    </Page>
  );
}

export function AgreementScreen() {
  const { id = "" } = useParams({ strict: false });
  const { data, isPending, error, refetch } = useRecord(ESCROWS, id);
  if (!data) return isPending ? <Skeleton /> : <Failed error={error} retry={() => void refetch()} />;
  if (!data.can.includes("edit")) return <NoPermission>You can see this escrow, but not change it.</NoPermission>;
  return <Agreement key={id} escrow={data} />;
}

function Agreement({ escrow }: { escrow: CrmRecord }) {
  const to = `/${ESCROWS.path}/${escrow.id}`;
  return (
    <Page title="Timeline from agreement" above={<BackTo to={to}>{titleOf(ESCROWS, escrow)}</BackTo>} narrow>
      <Suspense fallback={<Skeleton />}>
        <PasteForm
          kind="escrow_timeline"
          place={agreementOf(escrow.id)}
          back={to}
          more={{ escrow: escrow.id }}
          placeholder="Date of Acceptance: March 4, 2026. Buyer shall remove all contingencies within 17 days after acceptance. …"
        >
          Paste the agreement, or the part of it that has the dates. You see each date with its sentence, also those that are counted from another
          day. Nothing is written before you have confirmed it. It is no legal advice.
        </PasteForm>
      </Suspense>
    </Page>
  );
}

function Skeleton() {
  return (
    <Waiting>
      <Bars count={1} height={360} />
    </Waiting>
  );
}
