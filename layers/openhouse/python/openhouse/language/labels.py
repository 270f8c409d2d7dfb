"""What words of a text can be called: the closed vocabulary of all engines. Pure."""

from __future__ import annotations

from typing import Literal, get_args

Party = Literal["buyer", "seller", "client"]
DateLabel = Literal[
    "acceptance", "opened", "close_of_escrow", "closed", "initial_deposit", "inspection_contingency",
    "appraisal_contingency", "loan_contingency", "contingency_removal", "title_review", "seller_disclosures",
    "hoa_documents", "final_walkthrough", "possession", "offer_expiration", "inspection", "appraisal", "signing",
    "showing", "open_house", "list_date",
]  # fmt: skip
ValueLabel = Literal[
    "client_email", "client_phone", "wants_to_buy", "wants_to_sell", "escrow_company", "title_company", "lender",
    "street", "city", "state", "zip", "purchase_price", "earnest_deposit", "loan_amount", "down_payment_percent",
    "commission_percent", "commission_total", "agent_commission", "mls_number", "list_price", "bedrooms", "bathrooms",
    "square_feet", "lot_size", "year_built", "property_type", "listing_type", "hoa_fee", "hoa_frequency",
    "parking_spaces", "transaction",
]  # fmt: skip
Label = Party | DateLabel | ValueLabel

PARTIES: tuple[Party, ...] = get_args(Party)
DATES: tuple[DateLabel, ...] = get_args(DateLabel)
LABELS: tuple[Label, ...] = (*PARTIES, *DATES, *get_args(ValueLabel))

TITLES: dict[DateLabel, str] = {
    "acceptance": "Acceptance",
    "opened": "Escrow opened",
    "close_of_escrow": "Close of escrow",
    "closed": "Closed",
    "initial_deposit": "Deposit due",
    "inspection_contingency": "Inspection contingency",
    "appraisal_contingency": "Appraisal contingency",
    "loan_contingency": "Loan contingency",
    "contingency_removal": "Contingency removal",
    "title_review": "Title review",
    "seller_disclosures": "Seller's disclosures",
    "hoa_documents": "HOA documents",
    "final_walkthrough": "Final walk-through",
    "possession": "Possession",
    "offer_expiration": "Offer expires",
    "inspection": "Inspection",
    "appraisal": "Appraisal",
    "signing": "Signing",
    "showing": "Showing",
    "open_house": "Open house",
    "list_date": "Listed",
}
KEY_DATES = tuple(label for label in DATES if label not in ("showing", "open_house", "list_date"))
"""Of a deal: what a timeline has."""
PAST: frozenset[DateLabel] = frozenset({"acceptance", "opened", "closed", "list_date"})
"""What may have been: of days without a year the one next to today is meant, and nobody needs an appointment."""

MEANINGS: dict[Label, str] = {
    "buyer": "all buyers together, as they are named in one place",
    "seller": "all sellers together, as they are named in one place; landlords too",
    "client": "a person or company who is a client but named neither as buyer nor as seller",
    "client_email": "an e-mail address of a buyer, seller or client, not of an agent, lender or escrow officer",
    "client_phone": "a telephone number of a buyer, seller or client, not of an agent, lender or escrow officer",
    "wants_to_buy": "the words that say that the client wants to buy or rent",
    "wants_to_sell": "the words that say that the client wants to sell or let",
    "street": "the street address of the property with its unit, without city, state and ZIP code",
    "transaction": "the word that says that a sale is agreed or in escrow, such as escrow or purchase agreement",
    "purchase_price": "the price that was agreed in the end, not asked, not offered before, not of another property",
    "list_price": "the price or rent that is asked now",
    "property_type": "the words for the kind of property: house, condo, townhouse, vacant land",
    "listing_type": "the words that say whether it is for sale or for rent",
    "hoa_frequency": "how often HOA dues are paid: per month",
    "acceptance": "the date on which the offer was or is accepted",
    "initial_deposit": "until when the earnest money has to be there",
    "close_of_escrow": "when escrow is to close; the newest date, if it was moved",
    "closed": "when escrow did close",
    "contingency_removal": "until when all contingencies have to be removed",
    "inspection": "when somebody inspects the property",
    "inspection_contingency": "until when the inspection or investigation contingency has to be removed",
}
"""Where the name of a label does not say it."""
