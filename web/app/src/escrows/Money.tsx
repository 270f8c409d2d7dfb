import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { Suspense, useState } from "react";
import { TypingHint } from "../together/TypingHint";
import { Fact, Facts } from "../ui/Facts";
import { Card } from "../ui/layout";
import { part } from "../ui/part";
import { money } from "../ui/words";
import { commissionOf } from "./commission";
import type { Escrow } from "./escrow";

const MoneyDialog = part(() => import("./MoneyDialog"));

const shown = (cents: number | undefined) => (cents === undefined ? undefined : money(cents));

export function Money({ escrow }: { escrow: Escrow }) {
  const [open, setOpen] = useState(false);
  const { cents, by, rule } = commissionOf(escrow);
  const { commissionPercent, downPaymentPercent } = escrow;
  return (
    <Card
      title="Money"
      action={
        escrow.can.includes("edit") && (
          <Button onClick={() => setOpen(true)} aria-haspopup="dialog">
            Correct
          </Button>
        )
      }
    >
      <Facts>
        <Fact label="Purchase price" hint={<TypingHint field="purchasePriceCents" />}>{shown(escrow.purchasePriceCents)}</Fact>
        <Fact label="Earnest deposit" hint={<TypingHint field="earnestDepositCents" />}>{shown(escrow.earnestDepositCents)}</Fact>
        <Fact label="Down payment" hint={<TypingHint field="downPaymentPercent" />}>{downPaymentPercent === undefined ? undefined : `${downPaymentPercent}%`}</Fact>
        <Fact label="Loan amount" hint={<TypingHint field="loanAmountCents" />}>{shown(escrow.loanAmountCents)}</Fact>
        <Fact label="Commission" hint={<TypingHint field="commissionPercent" />}>{commissionPercent === undefined ? undefined : `${commissionPercent}%`}</Fact>
        <Fact label="Commission total" hint={<TypingHint field="commissionTotalCents" />}>
          {cents !== undefined && (
            <>
              {money(cents)}
              <Typography component="span" variant="caption" color="textSecondary" sx={{ display: "block" }}>
                {by === "rule" ? `worked out: ${commissionPercent}% of the price` : rule !== undefined && `corrected; ${commissionPercent}% would be ${money(rule)}`}
              </Typography>
            </>
          )}
        </Fact>
        <Fact label="Agent commission" hint={<TypingHint field="agentCommissionCents" />}>{shown(escrow.agentCommissionCents)}</Fact>
      </Facts>
      {escrow.purchasePriceCents === undefined && cents === undefined && <Box sx={{ color: "text.secondary" }}>No price is agreed yet.</Box>}
      <Suspense>{open && <MoneyDialog escrow={escrow} close={() => setOpen(false)} />}</Suspense>
    </Card>
  );
}
