import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import { whenOf } from "../appointments/times";
import { useGlance } from "../modules/data";
import { Linked, LinkedById } from "../modules/Linked";
import { type CrmRecord, moduleAt } from "../modules/modules";
import { NotesCard } from "../modules/NotesCard";
import { RecordPage, WithRecord } from "../modules/RecordPage";
import { textOf } from "../modules/values";
import { useOwnZone } from "../ownZone";
import { TypingHint } from "../together/TypingHint";
import { Fact, Facts } from "../ui/Facts";
import { Card } from "../ui/layout";
import { part } from "../ui/part";
import { dayOf, money, plural } from "../ui/words";
import { daysOnMarket, imagesOf, perSquareFoot, photoOf, priceOf } from "./facts";
import { LISTINGS, placeOf } from "./ListingCard";
import { Photo } from "./Photo";

const Photos = part(() => import("../files/Photos"));
const PriceHistory = part(() => import("./PriceHistory"));
const Description = part(() => import("./Description"));

export default function ListingScreen() {
  const { id = "" } = useParams({ strict: false });
  return (
    <WithRecord key={id} module={LISTINGS} id={id}>
      {(record) => <Listing record={record} />}
    </WithRecord>
  );
}

const ESCROWS = moduleAt("escrows");
const APPOINTMENTS = moduleAt("appointments");
const LINKED = { archived: "false", sort: "newest", limit: 20 } as const;

function Listing({ record }: { record: CrmRecord }) {
  const zone = useOwnZone();
  const escrows = useGlance(ESCROWS, { listingId: record.id, ...LINKED });
  const visits = useGlance(APPOINTMENTS, { listingId: record.id, ...LINKED, sort: "-date" });
  const clients = new Set([
    ...(escrows.data?.items ?? []).flatMap(({ clientIds }) => Object.keys((clientIds as object | undefined) ?? {})),
    ...(visits.data?.items ?? []).flatMap(({ clientId }) => (typeof clientId === "string" ? [clientId] : [])),
  ]);
  return (
    <RecordPage
      module={LISTINGS}
      record={record}
      about={<Typography color="textSecondary">{placeOf(record)}</Typography>}
      aside={
        <>
          <Linked
            path="escrows"
            by={{ listingId: record.id }}
            add
            about={({ purchasePriceCents, closeOfEscrowDate }) =>
              [textOf({ type: "money", label: "" }, purchasePriceCents), closeOfEscrowDate && `closes ${textOf({ type: "date", label: "" }, closeOfEscrowDate)}`]
                .filter(Boolean)
                .join(" · ")
            }
          />
          <LinkedById path="clients" ids={[...clients]} about={({ phone }) => textOf({ type: "phone", label: "" }, phone)} />
          <Linked path="appointments" by={{ listingId: record.id }} sort="-date" add about={(visit) => whenOf(visit, zone)} />
        </>
      }
    >
      <Card flush>
        <Photo listing={record} height={240} />
        <Box sx={{ p: 2, display: "grid", gap: 2 }}>
          <Headline record={record} />
          <PhotosElsewhere record={record} />
        </Box>
      </Card>
      <Suspense>
        <Photos module={LISTINGS} record={record} field="photos" />
      </Suspense>
      <Property record={record} />
      <Suspense>
        <PriceHistory id={record.id} />
      </Suspense>
      <Suspense fallback={<NotesCard module={LISTINGS} field="description" text={record["description"]} />}>
        <Description listing={record} />
      </Suspense>
      <NotesCard module={LISTINGS} field="notes" text={record["notes"]} />
    </RecordPage>
  );
}

function Headline({ record }: { record: CrmRecord }) {
  const [price, each] = [priceOf(record), perSquareFoot(record)];
  const days = daysOnMarket(record, dayOf(new Date()));
  const asked = record["listPriceCents"];
  const sold = record.status === "sold";
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "baseline", columnGap: 2, rowGap: 0.5 }}>
      <Box component="span" sx={{ typography: "h1" }}>
        {price === undefined ? "No price yet" : money(price)}
      </Box>
      <Typography component="span" color="textSecondary">
        {[
          sold && typeof asked === "number" && price !== asked && `asked ${money(asked)}`,
          each !== undefined && `${money(each)}/sq ft`,
          days !== undefined && (sold ? `sold in ${plural(days, "day")}` : `${plural(days, "day")} on market`),
          record.status === "coming_soon" && "not on the market yet",
          (record.status === "withdrawn" || record.status === "expired") && "off the market",
        ]
          .filter(Boolean)
          .join(" · ")}
      </Typography>
    </Box>
  );
}

/** Photos that lie elsewhere are not fetched: that would tell others who looks at what. */
function PhotosElsewhere({ record }: { record: CrmRecord }) {
  const elsewhere = imagesOf(record).filter((url) => url !== photoOf(record, location.origin));
  if (elsewhere.length === 0) return null;
  return (
    <Box component="ul" aria-label="Photos elsewhere" sx={{ m: 0, p: 0, listStyle: "none", display: "flex", flexWrap: "wrap", columnGap: 2, rowGap: 0.5 }}>
      {elsewhere.slice(0, 20).map((url, index) => (
        <li key={url}>
          <Link href={url} target="_blank" rel="noreferrer" variant="body2">
            Photo {index + 1} at {hostOf(url)}
          </Link>
        </li>
      ))}
    </Box>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

const FACTS = [
  "bedrooms",
  "bathrooms",
  "squareFeet",
  "lotSizeSqft",
  "yearBuilt",
  "parkingSpaces",
  "propertyType",
  "listingType",
  "hoaFeeCents",
  "hoaFrequency",
  "listDate",
  "soldDate",
  "mlsNumber",
] as const;

function Property({ record }: { record: CrmRecord }) {
  const known = FACTS.flatMap((name) => {
    const field = LISTINGS.fields[name];
    const text = field ? textOf(field, record[name]) : "";
    return field && text ? [{ name, label: field.label, text }] : [];
  });
  if (known.length === 0) return null;
  return (
    <Card title="Property">
      <Facts>
        {known.map(({ name, label, text }) => (
          <Fact key={name} label={label} hint={<TypingHint field={name} />}>
            {text}
          </Fact>
        ))}
      </Facts>
    </Card>
  );
}
