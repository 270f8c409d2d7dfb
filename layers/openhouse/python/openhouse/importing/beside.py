"""Words beside those that name a field: whose an address is, which of several numbers, and what has no field at all."""

from __future__ import annotations

from collections.abc import Mapping

# The second line of an address: a unit as a rule.
SECOND_LINES = frozenset({"address", "address line", "address street", "street"})

# Before the words of an address, of telephone numbers and of e-mail addresses: whose or which it is. The first counts.
PLACES: tuple[frozenset[str], ...] = (
    frozenset(
        {"", "home", "primary", "mailing", "mail", "main", "current", "residence", "residential", "personal", "contact"}
    ),
    frozenset({"business", "work", "office", "company", "billing"}),
    frozenset({"other", "secondary", "alternate"}),
)
GROUPED = frozenset(
    {"address", "address.unit", "address.number", "address.name", "city", "state", "zip", "country", "place"}
)
LABELS: Mapping[str, str] = {
    "mobile": "Mobile",
    "home": "Home",
    "work": "Work",
    "business": "Work",
    "office": "Office",
    "car": "Car",
    "other": "Other",
    "landline": "Home",
    "alternate": "Other",
    "alt": "Other",
    "secondary": "Other",
    "direct": "Direct",
    "main": "Main",
    "personal": "Personal",
}
# Which of several telephone numbers and e-mail addresses is the main one.
MAIN_FIRST: tuple[frozenset[str], ...] = (
    frozenset({"primary", "preferred", "main"}),
    frozenset({"mobile"}),
    frozenset({""}),
    frozenset({"home", "personal"}),
    frozenset({"work", "business", "office", "direct", "company"}),
    frozenset({"other", "alternate", "alt", "secondary", "car", "day", "evening"}),
)

# Before words that mean the same without them, by module.
OF_MODULE: Mapping[str, frozenset[str]] = {
    "clients": frozenset({"contact", "client", "customer", "person", "primary"}),
    "leads": frozenset({"contact", "lead", "customer", "person", "prospect", "primary", "visitor", "inquiry"}),
    "listings": frozenset({"property", "home", "house", "listing", "list"}),
    "escrows": frozenset({"property", "transaction", "deal", "loop", "file"}),
    "appointments": frozenset({"appointment", "event", "meeting"}),
}

# Before words that mean the same without them, as where a nested record was made flat.
STRUCTURAL = frozenset({"description", "location", "details", "attributes", "record", "properties", "data", "char"})

# What is known and has no field here, so that nothing alike is suggested. One word in it stands for all with that word.
NO_FIELD_WORDS = frozenset(
    {
        "guid",
        "uuid",
        "key",
        "url",
        "href",
        "link",
        "photo",
        "photos",
        "image",
        "img",
        "spouse",
        "assistant",
        "fax",
        "pager",
        "telex",
        "isdn",
        "callback",
        "radio",
        "tty",
        "birthday",
        "birth",
        "anniversary",
        "optin",
        "optout",
        "utm",
        "yomi",
        "phonetic",
        "manager",
        "zestimate",
        "assessed",
        "estimated_value",
        "timestamp",
        "reduction",
        "dom",
        "cdom",
        "tax",
    }
)
NO_FIELD = """price per sqft; per sqft; zip plus; price sqft; price per square foot; days on market; days on mls;
        days on zillow; list year; assessment year; source details;
    original price; original list price; id; lead id; owner id; contact id; listing key; loop id; zpid; county;
    county or parish; neighborhood; subdivision; stories; area; source date; created by; created date; created at;
    date added; date created; updated at; last updated; modified; last contacted; last activity; ip address;
    expiration date; listing expiration date; offer date; inspection date; job title; occupation; department; gender;
    nickname; initials; language; priority; sensitivity; private; mileage; hobby; web; web page; web site; owner type;
    agent id; assigned agent id; email optin; text on; phone on; listing agent; list agent full name; buyer agent;
    buyer agent full name; listing office; list office name; selling agent; la name; lo name; sa name; buying agent;
    loan officer; escrow officer; escrow title rep; transaction type; checklist type; deal stage; deal price;
    deal close date; timeframe; timeline; call count; email count; text count; last call; last email; broker;
    broker name; broker phone; agent phones; agent phone; agent email; buyer email; buyer phone; seller email;
    seller phone; status change date; year renovated; photos count; sale type; loop name; open house; favorite;
    interested; fips code; email verified; phone verified; price reduction; rent zestimate; escrow number; file number;
    location type; phone ext; phone extension; business phone ext; ext; extension; letter salutation;
    envelope salutation; salutation; name prefix; prefix; primary title; website; side; representing; file type;
    loan type; county parish; last closed date; closing anniversary; earnest money held by; registered; referred by;
        referrer; business type;
    user; sold to list ratio; list to sold ratio; cumulative days on market; expires; expiration"""
