// The pages on which a text is pasted: for new records, and for the dates of an escrow.

import { useParams } from "@tanstack/react-router";
import { asEscrow, ESCROWS } from "../escrows/escrow";
import { BackTo } from "../modules/BackTo";
import { titleOf } from "../modules/modules";
import { WithRecord } from "../modules/RecordPage";
import { Page } from "../ui/layout";
import { NoPermission } from "../ui/states";
import { agreementOf, FROM_TEXT } from "./page";
import { PasteForm } from "./PasteForm";

export function FromTextScreen() {
  return (
    <Page title="From text" above={<BackTo to="/">Home</BackTo>} narrow>
      <PasteForm
        kind="create_from_text"
        place={FROM_TEXT}
        back="/"
        placeholder="Escrow for 123 Main St, Bakersfield CA 93301, buyer Ana Ruiz, $540,000, closing August 3"
      >
        Paste an e-mail, a note, or the first pages of an agreement. You see which escrow, listing, clients and appointments it is about, and where
        each field stands in it. What it does not say stays empty, and nothing is written before you have confirmed it.
      </PasteForm>
    </Page>
  );
}

export function AgreementScreen() {
  const { id = "" } = useParams({ strict: false });
  return (
    <WithRecord key={id} module={ESCROWS} id={id}>
      {(record) => {
        const escrow = asEscrow(record);
        const to = `/${ESCROWS.path}/${id}`;
        if (!escrow.can.includes("edit")) return <NoPermission>You can see this escrow, but not change it.</NoPermission>;
        return (
          <Page title="Timeline from agreement" above={<BackTo to={to}>{titleOf(ESCROWS, escrow)}</BackTo>} narrow>
            <PasteForm
              kind="escrow_timeline"
              place={agreementOf(id)}
              back={to}
              more={{ escrow: id }}
              placeholder="Date of Acceptance: March 4, 2026. Buyer shall remove all contingencies within 17 days after acceptance. …"
            >
              Paste the agreement, or the part of it that has the dates. You see each date with its sentence, also those that are counted from
              another day. Nothing is written before you have confirmed it. It is no legal advice.
            </PasteForm>
          </Page>
        );
      }}
    </WithRecord>
  );
}
