"""What columns are called elsewhere, by the field or part of a field that they fill.

Phrases in any case and order of words; `header_words` knows the usual abbreviations. A semicolon divides phrases that
are as good as one another, so two columns of them make a question; after `|` come those that count where none before it
is there, and after `?` those that are only suggested.
Sources: the exports of Follow Up Boss, kvCORE/BoldTrail, Top Producer, Zillow, Redfin, Google, Outlook, HomeHarvest,
dotloop and SkySlope, Matrix and other MLS systems, and the Data Dictionary of RESO.
"""

from __future__ import annotations

from collections.abc import Mapping

# In every module that has the field.
COMMON: Mapping[str, str] = {
    "status": """standard status; status; stage; lead status; client status; loop status; home status; listing status;
        pipeline stage; current status; transaction status; order status; sale status; appointment status; lead stage;
        phase
        | mls status; s; stat ? deal stage; deal status; state""",
    "firstName": "vorname; owner first name; nombre; first name; fname; f name; first; forename; primary first name",
    "firstName.middle": "middle name; middle; middle initial; mi; additional name; second name",
    "lastName": """nachname; owner last name; apellido; apellidos; last name; lname; l name; last; surname;
        familyname; primary last name""",
    "lastName.suffix": "name suffix; suffix; generational suffix",
    "fullName": """full name; name; contact name; customer name; client name; lead name; person name; visitor name;
        contact; contact person; guest name; attendee name; first and last name; prospect name; buyer full name
        | display name; file as; customer; guest; visitor ? owner name""",
    "company": """company; company name; organization; organization name; business name; entity; firm;
        company organization; account name; entity company; trust name ? employer""",
    "email": """correo; correo electrónico; email; email address; primary email; email value; personal email;
        home email; work email; other email;
        email addresses; secondary email; alternate email; mail; business email; alt email; preferred email;
        main email; contact email; email id; email home; email work""",
    "email.label": "email type; email label",
    "phone": """teléfono; telefono; celular; phone; phone number; mobile phone; mobile; home phone; work phone;
        business phone; primary phone;
        phone value; other phone; office phone; alternate phone; alt phone; main phone; direct phone; day phone;
        evening phone; mobile number; home number; work number; office number; contact number; secondary phone;
        preferred phone; phone mobile;
        phone home; phone work; mobile phone number; home phone number; work phone number; business phone number;
        company main phone; car phone; direct line; landline; home landline; phone other; phone main; contact phone;
        phone business | home; work; office; direct""",
    "phone.label": "phone type; phone label",
    "address": """strasse; dirección; direccion; street address; address; address street; street; address line;
        unparsed address;
        mailing address; street line; address full
        | full street line; full address; complete address; address formatted; formatted address""",
    "propertyAddress": """property address; street address; address; property; unparsed address; street;
        subject property; address street; site address; transaction address;
        property street address; property street
        | full street line; full address; formatted address; loop address; full property address ? deal name;
        location; loop name; transaction; transaction name""",
    "city": """ort; stadt; ciudad; city; town; municipality; postal city; locality; city town; address city;
        city name; address city name""",
    "state": """state; state or province; region; address state; address region; st; province state;
        state code; state province; us state""",
    "zip": "zip; address zip; zip postal",
    "country": "country; country region; country or region; address country; nation; country code",
    "place": """city state zip; csz; city and state; city state; city st zip; city state and zip;
        location city state zip ? location""",
    "notes": """note; comment; remark; background; private remark; internal note; agent note; memo; lead note;
        client note; agent remark; private note; additional note; message; confidential remark; special instructions;
        call note; contact note; showing note; conversation note; general note | about; background
        ? description; additional information; details""",
    "tags": "tag; label; group membership; groups; segments; group | | category; categories ? keywords; lists",
    "source": """source; lead source; referral source; how did you hear about us; original source; origin; lead origin;
        how heard; source of lead; contact source; marketing source; how did you find us
        ? campaign source; channel; lead channel; capture method; system source""",
    "budgetCents": """budget; max budget; maximum budget; budget max; price range up to; max price; maximum price;
        purchase budget; budget amount; up to; buyer max price; buyer price max; price high; highest price
        ? average price; avg price; price; price range; price point; budget range; desired price; preapproval amount""",
    "score": "score; lead score; engagement score ? rating; lead rating",
    "clientType": """client type; buyer seller; buyer or seller; deal type; contact type; client role; buyer seller type
        | type; role ? lead type; interest; relationship""",
    "owner": """owner; assigned to; assigned agent; agent; lead owner; contact owner; assigned user; responsible agent;
        account owner; agent name; primary agent; record owner; our agent; assignee; assigned agent name
        | agent email; assigned agent email ? created by""",
    "timeZone": "time zone; timezone; tz",
    "title": """title; subject; event title; appointment; event; event name; summary; appointment title; meeting
        | appointment type; event type; meeting type | type""",
    "startsAt": """starts at; start; begin; start date time; begins at; start datetime; from; appointment date and time;
        event start | start time; begin time; when; date and time; appointment time; dtstart""",
    "endsAt": "ends at; end; end date time; finish; end datetime; until; event end; dtend | end time",
    "startsAt.day": "start date; begin date; event start date; appointment date; meeting date | date; day",
    "startsAt.time": "start time; begin time; event start time; from; from time; appointment time | time",
    "endsAt.day": "end date; event end date; finish date",
    "endsAt.time": "end time; event end time; finish time; to; to time; until",
    "allDay": "all day; all day event; full day; whole day; allday",
    "location": "location; where; place; meeting place; venue; meeting location; event location; appointment location",
    "description": "description; details; body; event description; agenda; content",
}

LISTINGS: Mapping[str, str] = {
    "mlsNumber": """mls number; mls id; mls listing id; mls listing number; ml number; mls num; multiple listing number
        | listing id; listing number; list number | mls""",
    "listPriceCents": """list price; asking price; asking; current list price; listing price; price listed;
        monthly rent; rent; rent price; lease price; rental price; lp
        | current price""",
    "price": "price; property price; amount; l c price; list close price",
    "soldPriceCents": """sold price; close price; closing price; sale price; final price; selling price; closed price;
        purchase price; purchase sale price; final sale price; sp; cp; sale amount
        | last sold price; last sale price""",
    "listDate": """list date; listing date; date listed; listing contract date; listed on; original list date;
        listed date;
        launch date | on market date; market date; date on market
        | listing start date; entry date; active date""",
    "soldDate": """sold date; date sold; close date; closing date; sale date; date closed; closed date; settlement date;
        closing; coe date; selling date; closed on; close of escrow; close of escrow date
        | recorded date; recording date; last sold date; last sale date""",
    "bedrooms": """bedrooms; beds; bedrooms total; total bedrooms; number of bedrooms; beds total; no of beds;
        bed count; bedroom count; total beds | number beds""",
    "bathrooms": """bathrooms; baths; bathrooms total decimal; total baths; total bathrooms; number of bathrooms;
        bath count; bathroom count; baths total; bathroom total decimal; no of baths""",
    "bathrooms.full": """full baths; full bathrooms; bathrooms full; baths full; f bath; fb; full; f baths; bathsfull;
        fbath""",
    "bathrooms.half": """hbath; half baths; half bathrooms; bathrooms half; baths half; h bath; hb; half; partial baths;
        h baths""",
    "bathrooms.threeQuarter": "three quarter baths; bathrooms three quarter; baths three quarter",
    "bathrooms.quarter": "one quarter baths; bathrooms one quarter; quarter baths",
    "squareFeet": """sqft; square feet; living area; living sqft; square footage; approx sqft; total sqft;
        building sqft; home size; size sqft; interior sqft; house sqft; heated sqft; living space; finished sqft;
        finished square feet; gross square feet; gross living area; gla; heated area; home sqft;
        interior living area; living area sqft
        | building area; building area total; property area; size; area sqft; approx living area; floor area""",
    "squareFeet.unit": "living area units; living area unit; building area units; square feet unit",
    "lotSizeSqft": """lot size; lot sqft; lot size sqft; lot square feet; lot area; lot size square feet; lot sz;
        lot size area; lot area value; land area; property lot; lot area sqft; land sqft
        | acres; lot acres; lot size acres; lot acreage; land acres ? lot""",
    "lotSizeSqft.unit": "lot size units; lot area unit; lot area units; lot size unit; lot unit; lot units",
    "propertyType": """property sub type; property subtype; sub type
        | property type; home type; house type; type; dwelling type; prop type; pt; building type; type of property;
        structure type
        | style; class; property class""",
    "listingType": """listing type; for; sale or rent; for sale or rent; rent or sale; sale rent; offer type;
        sale or lease; sale lease""",
    "description": """description; public remarks; public remark; property description; marketing remarks; text;
        listing description; remarks; marketing description; public comments; property remarks""",
    "hoaFeeCents": """hoa; hoa fee; hoa fees; hoa dues; association fee; hoa amount; monthly hoa; association dues;
        hoa fee amount; homeowners association fee; hoa monthly fee; condo fee; maintenance fee""",
    "hoaFrequency": """hoa frequency; association fee frequency; hoa fee frequency; hoa dues frequency; hoa paid;
        hoa period; hoa term""",
    "parkingSpaces": """parking spaces; parking; parking total; number of parking spaces; total parking spaces
        | garage; garage space; parking garage; garage spaces; gar; garages; covered spaces; garage stalls""",
    "yearBuilt": """year built; built; built year; year of construction; construction year; yrbuilt; year bit; year blt;
        yrblt; yb | year""",
    "latitude": "latitude; geo latitude; y coordinate",
    "longitude": "longitude; geo longitude; x coordinate",
    "address": """address; street address; property address; unparsed address; street; site address;
        rental address; listing address; property street address; address line
        | full street line; full address; address full; formatted address; complete address; location address;
        situs address; property""",
    "notes": "note; private remark; agent remark; internal note; private note; memo; agent note; comment",
    "owner": "owner agent; assigned to; assigned agent; our agent; responsible agent; listing owner agent",
    "place": "city state zip; csz; city and state; city state; city st zip; city state and zip",
}

ESCROWS: Mapping[str, str] = {
    "purchasePriceCents": """purchase price; sale price; sales price; purchase sale price; contract price;
        selling price; sold price; sp; price of sale; final price; agreed price; close price; closing price
        | price; deal price; transaction price; amount; value; offer price""",
    "earnestDepositCents": """earnest deposit; deposit amount; earnest money; emd; em; em deposit; em amount;
        earnest money deposit;
        deposit; earnest money amount;
        initial deposit; good faith deposit; earnest""",
    "downPaymentPercent": "down payment percent; down payment; down percent; percent down; dp percent",
    "loanAmountCents": "loan amount; loan; mortgage amount; amount financed; loan amt; financed amount",
    "openedDate": """opened date; open date; date opened; opened escrow; escrow opened; open escrow; escrow open date;
        opening date; escrow start date; opened; escrow opened date; date escrow opened
        | order date; contract date; acceptance date; contract acceptance date; accepted date; accepted on;
        contract agreement date;
        mutual acceptance; mutual acceptance date; acceptance; offer acceptance date; date of acceptance;
        ratified date; binding agreement date; purchase contract date;
        under contract; under contract date; offer accepted date; ratification date; effective date; pending date""",
    "contingencyRemovalDate": """contingency removal date; contingency removal; contingencies due; contingency date;
        contingencies removed; contingencies removed by; cr date; contingency deadline; removal of contingencies;
        contingency removal due;
        all contingencies removed; contingency period end""",
    "closeOfEscrowDate": """close of escrow date; close of escrow; closing date; close date; coe; coe date;
        estimated closing date; scheduled close; expected close date; scheduled closing; estimated close date;
        escrow closing date; target close date; estimated settlement date;
        scheduled settlement; closing; projected close date; scheduled closing date;
        expected closing date; est coe; anticipated close; estimated coe; est closing date; escrow close date
        | settlement date; sale date; sold date""",
    "actualCloseDate": """actual close date; actual closing date; date closed; closed; closed date; actual coe;
        closed on;
        actual close; recorded date; recording date; actual close of escrow; funded date""",
    "buyerName": """buyer name; buyer; buyers; buyer names; purchaser; borrower; borrowers; buyer full name;
        buyer tenant; buyer client""",
    "sellerName": "seller name; seller; sellers; seller names; seller full name; seller landlord; seller client",
    "escrowCompany": """escrow company; escrow co; escrow office; escrow agent company; escrow holder;
        escrow company name ? escrow""",
    "titleCompany": "title company; title co; title insurance company; title company name; title office ? title",
    "lenderName": """lender name; lender; mortgage company; loan company; bank; mortgage lender; lender company;
        lending company""",
    "commissionPercent": """commission percent; commission rate; gross commission percent; total commission percent;
        sale commission rate; sale commission percent; commission percentage; total commission rate | commission""",
    "commissionTotalCents": """total gci; gross gci; commission total; total commission; gross commission;
        commission amount;
        sale commission total; sale commission; gci; gross commission income; commission dollar; total gross commission;
        gross commission amount; commission gross; office gross commission; total commission amount
        | commission""",
    "agentCommissionCents": """agent commission; agent net; commission to agent; agent share; agent commission amount;
        agent net commission; net to agent; my commission; agent gross; agent payout; agent commission total""",
    "owner": """owner; assigned to; assigned agent; agent; agent name; primary agent; transaction owner; our agent;
        file owner; responsible agent | agent email; assigned agent email""",
    "notes": "note; comment; remark; internal note; memo; agent note; special instructions; escrow note; file note",
}

# The status of somebody who is a client by now is theirs only if it says something of clients.
CLIENTS: Mapping[str, str] = {
    "status": COMMON["status"].replace("lead status;", "").replace("lead stage;", "").replace("| ", "| lead status; "),
}

# What a lead has come to is often called a category; elsewhere that is a tag.
LEADS: Mapping[str, str] = {
    "status": COMMON["status"].replace("| ", "| category; lead category; "),
}

APPOINTMENTS: Mapping[str, str] = {
    "location": COMMON["location"] + " | address; property address",
    "description": """description; details; body; event description; agenda; note; comment; content
        | instructions; showing instructions""",
    "owner": "owner; organizer; meeting organizer; assigned to; agent; host",
}

BY_MODULE: Mapping[str, Mapping[str, str]] = {
    "listings": LISTINGS,
    "escrows": ESCROWS,
    "clients": CLIENTS,
    "leads": LEADS,
    "appointments": APPOINTMENTS,
}

# The parts of a street's line, after `address.` or `propertyAddress.`
STREET: Mapping[str, str] = {
    "number": """street number; house number; street no; st number; number; address number; building number; street num;
        property street number""",
    "prefix": """street dir prefix; street direction; direction prefix; pre direction; street direction prefix;
        predirection; street prefix;
        directional; pre directional; street pre directional""",
    "name": "street name; st name; property street name",
    "suffix": "street suffix; street type; street designator; suffix; st suffix; street suffix type",
    "direction": """street dir suffix; direction suffix; post direction; postdirection; street direction suffix;
        post directional; street post directional""",
    "unit": """unit; unit number; apt; apt number; apartment; suite; unit no; address unit; apt unit; apt suite;
        suite unit; unit apt; suite number; extended address; address extended address; property unit; unit name;
        apartment number; apt unit number; unit suite""",
}
