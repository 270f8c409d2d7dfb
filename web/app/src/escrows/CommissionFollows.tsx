import { useEffect, useRef } from "react";
import { type UseFormReturn, useWatch } from "react-hook-form";
import { type FormValues, toForm, toWire } from "../modules/formValues";
import type { Column } from "../modules/modules";
import { followed } from "./commission";
import { ESCROWS } from "./escrow";

const NAMES = ["purchasePriceCents", "commissionPercent", "commissionTotalCents"] as const;
const FIELDS: readonly Column[] = NAMES.flatMap((name) => {
  const field = ESCROWS.fields[name];
  return field ? [[name, field] as const] : [];
});

/** In a form with price, percent and total: the total follows the other two until somebody corrects it. */
export function CommissionFollows({ form }: { form: UseFormReturn<FormValues> }) {
  const [price, percent] = useWatch({ control: form.control, name: ["purchasePriceCents", "commissionPercent"] });
  const before = useRef({ price, percent });
  useEffect(() => {
    const was = before.current;
    before.current = { price, percent };
    if (was.price === price && was.percent === percent) return;
    const total = form.getValues("commissionTotalCents");
    const after = followed(centsOf({ commissionTotalCents: total }).total, centsOf({ purchasePriceCents: was.price, commissionPercent: was.percent }), centsOf({ purchasePriceCents: price, commissionPercent: percent }));
    const [text] = Object.values(toForm(FIELDS.slice(2), { commissionTotalCents: after }));
    if (text !== undefined && text !== total) form.setValue("commissionTotalCents", text, { shouldDirty: true });
  }, [form, price, percent]);
  return null;
}

/** As numbers; what cannot be read is not there yet. */
function centsOf(values: Record<string, FormValues[string] | undefined>) {
  const given = Object.fromEntries(Object.entries(values).filter((pair): pair is [string, FormValues[string]] => pair[1] !== undefined));
  const wire = toWire(FIELDS, given);
  const number = (name: (typeof NAMES)[number]) => (typeof wire[name] === "number" ? wire[name] : undefined);
  const [purchasePriceCents, commissionPercent, total] = NAMES.map(number);
  return {
    ...(purchasePriceCents === undefined ? {} : { purchasePriceCents }),
    ...(commissionPercent === undefined ? {} : { commissionPercent }),
    ...(total === undefined ? {} : { total }),
  };
}
