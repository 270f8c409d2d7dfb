"""What the words of others mean here, by field. A word that is not listed is asked about, never guessed.

`*word` means any text in which it stands; a text in which two of these stand that mean different things is asked about.
What has no agreed meaning (`Sphere`, `Nurture`, `Hot`) is not listed, and nothing here means `converted`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from openhouse.crm.module import Module
from openhouse.importing.targets import Target

_SOURCE = {
    "zillow": "*zillow; zillow flex; zillow preferred; zillow premier agent",
    "referral": """*referral; *referrals; *referred; agent referral; past client referral; word of mouth; friend;
        referal""",
    "open_house": "*open house; openhouse",
    "website": """*website; web; idx; idx website; web site; our site; company site; site; web form; website form;
        landing page""",
    "cold_call": "*cold call; cold calling; cold calls; circle prospecting",
    "social": """*facebook; *instagram; *linkedin; *tiktok; *twitter; *youtube; *pinterest; *nextdoor; fb; fb ads; ig;
        *social; social ads; meta ads; facebook lead ads""",
    "other": "other; misc; miscellaneous",
}
_COUNTRY = {
    "US": "us; usa; united states; united states of america; u s; u s a; america; estados unidos",
    "CA": "ca; can; canada",
}

# By the path of a module and the field, or by the field alone.
WORDS: Mapping[str, Mapping[str, str]] = {
    "listings.status": {
        "active": """active; for sale; forsale; act; new; new listing; active listing; back on market; price change;
            price changed; price reduced; available; for rent; forrent; on market; bom; extended""",
        "coming_soon": "coming soon; comingsoon; pre listing; pre market; premarket; cs; coming soon no show",
        "pending": """pending; active under contract; under contract; contingent; pnd; pend; auc; in escrow; ctg;
        undercontract;
            active contingent; active with contingency; pending taking backups; pending backup offers;
        active option contract;
            active option; pending show for backups; accepting backups; contingent show; contingent no show;
        sale pending;
            active with contract; pending sale; backup offers; option pending; activeundercontract; under agreement""",
        "sold": "sold; closed; sld; cls; clsd; recently sold; recentlysold; closed sale; past sale; comp sold",
        "withdrawn": """withdrawn; cancelled; canceled; wth; wdn; temporarily off market; temp off market;
            withdrawn conditional; withdrawn unconditional; cancelled listing; canceled listing; tom""",
        "expired": "expired; exp; expd",
    },
    "escrows.status": {
        "opened": """opened; open; in escrow; new; escrow open; escrow opened; open escrow; active; accepted;
        in progress;
            active under contract; contract accepted""",
        "pending": "pending; under contract; contingent; in contract; pending sale; contingencies removed; pend",
        "closed": """closed; sold; done; completed; complete; closed escrow; settled; recorded; funded; closed sale;
        paid""",
        "cancelled": """cancelled; canceled; terminated; fell through; withdrawn; dead; fallout; fall through;
        rescinded;
            canceled app; canceled pend; cancelled app; cancelled pend; cancelled pending; canceled pending; dead deal;
            fell out; cancelled contract; canceled contract; failed; fallen through""",
    },
    "clients.status": {
        "active": "active; active client; current; current client; client; active buyer; active seller; working",
        "prospecting": "prospecting; prospect; hot prospect; warm prospect; cold prospect",
        "under_contract": "under contract; pending; in escrow; in contract; contract; contingent",
        "closed": "closed; past client; sold; closed client; past; closed deal; past customer",
        "inactive": "inactive; dormant; on hold; paused; not active",
        "lost": "lost; trash; dead; junk; lost client; bad lead; lost lead; dead lead; garbage; trashed",
    },
    "leads.status": {
        "new": """new; new lead; lead; uncontacted; not contacted; open; fresh; unclaimed; new inquiry; inquiry;
        unopened""",
        "contacted": """contacted; attempted contact; attempted; contact made; in contact; working; engaged; responded;
            spoke with customer; left message; made contact; reached; connected; attempting contact""",
        "qualified": "qualified; sql; qualified lead; pre qualified; prequalified; appointment set; met with customer",
        "unqualified": "unqualified; not qualified; disqualified; not interested; bad timing; not ready; not a fit",
        "lost": """lost; trash; dead; junk; bad lead; lost lead; dead lead; rejected; spam; wrong number; garbage;
        trashed;
            fake; bogus""",
    },
    "appointments.status": {
        "scheduled": """scheduled; new; open; tentative; requested; planned; booked; upcoming; pending; set;
        showing scheduled""",
        "confirmed": "confirmed; accepted; approved",
        "completed": "completed; complete; done; held; finished; attended; met; showed; kept",
        "cancelled": "cancelled; canceled; declined; called off; deleted",
        "no_show": "no show; noshow; did not show; did not attend; missed",
    },
    "source": _SOURCE,
    "country": _COUNTRY,
    "propertyType": {
        "residential": """*single family; residential; single family; sfr; sfh; sf; single family residence;
        single family residential;
            single family home; single family detached; house; houses; detached; home; singlefamily; single; sfd; res;
        resi;
            single family house; single family attached; 1 story house; residential single family;
        single family homes; rsfr""",
        "condo": """*condo; *condominium; condo; condominium; condos; cnd; cond; condo coop; condo co op;
        residential condo; co op; coop;
        loft; stock cooperative""",
        "townhouse": """*townhouse; *townhome; townhouse; townhome; townhomes; twn; th; town house; town home;
        townhouses; row house;
        rowhouse; rowhome; twnhs""",
        "manufactured": """*manufactured; *mobile home; manufactured; mobile; mobile home; manufactured home;
        mobile manufactured;
        manufactured in park;
            manufactured on land; modular; mobile homes; mfd; manufactured house; manufactured mobile home;
        mobile manufactured home""",
        "multi_family": """*multi family; *duplex; *triplex; *fourplex; multi family; multifamily; duplex; triplex;
        fourplex; quadplex; 2 4 units;
        multi family 2 4 unit;
            multi family 5 unit; residential income; mf; multi unit; multi family 2 4 units; multi family home; income;
            two family; three family; multi; apartment building; 2 4 unit; quadruplex""",
        "land": """*vacant land; land; lot; lots; vacant land; lots land; lot land; unimproved land; acreage;
        vacant lot; lnd;
        unimproved; lots and land; residential lot; raw land""",
        "farm": "farm; farm ranch; ranch property; agricultural; agriculture; farms ranches; farm and ranch; farms",
        "commercial": """commercial; commercial sale; commercial lease; office; retail; industrial; warehouse; com;
        comm; mixed use;
            business; business opportunity; commercial real estate; office building; hotel motel; shopping center""",
    },
    "listingType": {
        "sale": "sale; for sale; sell; forsale; for sale by agent; resale; buy",
        "rent": "rent; lease; for rent; rental; for lease; residential lease; forrent; to let; lease rent",
    },
    "hoaFrequency": {
        "none": "none; no hoa; no fee; not applicable; n a; no",
        "monthly": "monthly; month; mo; per month; m; every month; mthly",
        "quarterly": "quarterly; quarter; qtr; per quarter; q; qtrly",
        "annually": "annually; annual; yearly; year; yr; per year; a; y; once a year",
    },
    "clientType": {
        "buyer": """buyer; buyers; buy; buying; purchaser; buyer client; home buyer; homebuyer; active buyer;
        buyer lead; past buyer""",
        "seller": """seller; sellers; sell; selling; seller client; home seller; listing; listing client;
        active seller; seller lead""",
        "both": """both; buyer seller; buyer and seller; seller buyer; seller and buyer; buyer or seller; buy sell;
            buy and sell; dual; buying and selling; buyer buyer seller seller""",
    },
    "visibility": {
        "private": "private; only me",
        "team": "team; shared with team",
        "broker": "broker; brokerage; everyone; public; company",
    },
}


def plain(text: str) -> str:
    """A word without case, accents and signs: `FOR_SALE`, `For Sale` and `ForSale` are `for sale`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKD", text))
    letters = "".join(one for one in spaced if not unicodedata.combining(one))
    return " ".join(re.findall(r"[^\W_]+", letters.casefold().replace("&", " and ")))


def meaning(text: str, target: Target, module: Module) -> str | None:
    """The choice that a word means beyond doubt, if any."""
    exact, within = _words(module.path, target.field, target.choices)
    word = plain(text)
    if word in exact:
        return exact[word]
    found = {choice for part, choice in within.items() if re.search(rf"\b{re.escape(part)}\b", word)}
    return found.pop() if len(found) == 1 else None


@cache
def _words(path: str, field: str, choices: tuple[str, ...]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Whole texts, and words that may stand anywhere, with what each means."""
    listed = WORDS.get(f"{path}.{field}") or WORDS.get(field) or {}
    exact: dict[str, str] = {}
    within: dict[str, str] = {}
    for choice in choices:
        exact[plain(choice)] = choice
        for word in listed.get(choice, "").split(";"):
            if word.strip().startswith("*"):
                within[plain(word)] = choice
            elif word.strip():
                exact.setdefault(plain(word), choice)
    for choice in choices:  # a word of our own means itself, whatever else is listed
        exact[plain(choice)] = choice
    return exact, within
