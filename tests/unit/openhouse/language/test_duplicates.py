from __future__ import annotations

import random
import time

import pytest

from openhouse.language.duplicates import MOST_WITH_A_VALUE, Person, find_duplicates


def person(id_: str, first: str = "", last: str = "", *, noun: str = "client", **more: object) -> Person:
    return Person(noun=noun, id=id_, first_name=first, last_name=last, **more)  # type: ignore[arg-type]


ANA = person("1", "Ana", "Ruiz", emails=("ana@x.test",), phones=("+14155550100",))

SAME = {
    "same address": (person("2", "Ana", "Ruiz", noun="lead", emails=("ANA@x.test",)), 0.95, {"email", "name"}),
    "same number": (person("2", "Ana", "Ruiz", phones=("+14155550100;ext=3",)), 0.92, {"phone", "name"}),
    "same number, a name like it": (person("2", "Anna", "Ruiz", phones=("+14155550100",)), 0.6, {"phone"}),
    "both": (
        person("2", "Ana", "Ruiz", emails=("ana@x.test",), phones=("+14155550100",)), 0.99, {"email", "phone", "name"},
    ),
    "same address, no name": (person("2", emails=("ana@x.test",)), 0.9, {"email"}),
    "the same name alone": (person("2", "Ana", "Ruiz"), 0.6, {"name"}),
    "names turned around": (person("2", "Ruiz", "Ana"), 0.6, {"name"}),
    "accents and case": (person("2", "ANÁ", "RUÍZ"), 0.6, {"name"}),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_the_same_person_is_found_with_reasons(case: str):
    other, confidence, kinds = SAME[case]
    (pair,) = find_duplicates([ANA, other])
    assert (pair.confidence, {reason.kind for reason in pair.reasons}) == (confidence, kinds)


@pytest.mark.parametrize(
    ("one", "other"), [("Bob", "Robert"), ("Liz", "Elizabeth"), ("Lupe", "Guadalupe"), ("Jon", "John")]
)
def test_short_forms_are_the_same_name(one: str, other: str):
    (pair,) = find_duplicates([person("1", one, "Stone", zip="95616"), person("2", other, "Stone", zip="95616")])
    assert pair.confidence == 0.65


def test_a_couple_with_one_telephone_is_not_one_person():
    bo = person("2", "Boris", "Ruiz", phones=("+14155550100",))
    assert find_duplicates([ANA, bo]) == []
    (pair,) = find_duplicates([ANA, bo], least=0.4)
    assert pair.confidence == 0.45


def test_the_telephone_of_an_office_makes_nobody_the_same():
    office = [
        person(str(n), f"Name{n:c}x", f"Last{n:c}y", phones=("+14155550199",))
        for n in range(97, 97 + MOST_WITH_A_VALUE + 1)
    ]
    assert find_duplicates(office, least=0.1) == []


def test_what_everyone_in_an_office_has_is_no_reason_for_namesakes_either():
    office = [person(str(n), f"Name{n}x", f"Last{n}y", emails=("info@x.test",)) for n in range(MOST_WITH_A_VALUE)]
    namesakes = [person(id_, "Maria", "Garcia", emails=("info@x.test",)) for id_ in ("a", "b")]
    (pair,) = find_duplicates([*office, *namesakes])
    assert ([reason.kind for reason in pair.reasons], pair.confidence) == (["name"], 0.5)


def test_namesakes_with_addresses_of_their_own_are_less_sure():
    one, other = (person(id_, "Maria", "Garcia", emails=(f"m{id_}@x.test",)) for id_ in "12")
    (pair,) = find_duplicates([one, other])
    assert pair.confidence == 0.5


def test_a_lead_and_the_client_that_it_became_are_no_duplicates():
    lead = person("2", "Ana", "Ruiz", noun="lead", emails=("ana@x.test",), became="1")
    assert find_duplicates([ANA, lead]) == []


def test_companies_are_compared_by_their_names():
    one, other = (
        Person(noun="client", id=name, company=name, emails=("info@x.test",))
        for name in ("Bayline Holdings LLC", "Bayline Holdings, LLC.")
    )
    (pair,) = find_duplicates([one, other])
    assert pair.confidence == 0.95


def test_records_are_read_with_all_their_addresses_and_numbers():
    record = {
        "id": "1", "firstName": "Ana", "email": "a@x.test", "phones": {"k": {"label": "work", "value": "+14155550100"}},
    }  # fmt: skip
    assert Person.of("client", record) == person("1", "Ana", emails=("a@x.test",), phones=("+14155550100",))


def test_the_result_does_not_depend_on_the_order_of_people():
    people = [ANA, *(other for other, *_ in SAME.values())]
    people = [Person(**{**vars(each), "id": str(n)}) for n, each in enumerate(people)]
    first = find_duplicates(people)
    random.Random(1).shuffle(people)
    assert find_duplicates(people) == first


def crowd(count: int) -> list[Person]:
    """Some of whom share a name, a few an address or a number."""
    chance = random.Random(count)

    def one(number: int) -> Person:
        return person(
            str(number),
            chance.choice(["Maria", "Jose", "Ana", "John", "Robert", "Linda", "Wei", "Ahmed"]),
            f"Last{chance.randrange(count // 40 + 1)}",
            emails=(f"p{chance.randrange(count * 2)}@x.test",),
            phones=(f"+1{chance.randrange(count * 3):010d}",),
        )

    return [one(number) for number in range(count)]


def test_time_grows_with_the_number_of_people_and_not_with_its_square():
    def took(count: int) -> float:
        people = crowd(count)
        started = time.process_time()
        find_duplicates(people)
        return time.process_time() - started

    assert took(16_000) < 10 * took(4_000)  # four times as many; squared it would be sixteen
