"""What the questions to the logs find in lines as the functions write them."""

from __future__ import annotations

import json
import re

from infra.queries import ID, OF_PARTS, QUERIES

_TEXTS = re.compile(r"'[^']*'|/[^/]+/")  # what stands in quotes, and patterns


def test_no_question_takes_for_a_field_what_is_flattened_into_one_for_each_part():
    for query in QUERIES:
        words = set(re.findall(r"\w+", _TEXTS.sub("", query.text)))
        assert not words & set(OF_PARTS), query.name


def test_one_request_is_found_in_its_own_lines_and_in_those_of_its_posts():
    (query,) = [each for each in QUERIES if each.name.startswith("One request")]
    assert f"filter @message like '{ID}'" in query.text
    for line in ({"correlation_id": ID}, {"requests": ["another", ID]}):
        assert ID in json.dumps(line)


def test_the_rooms_in_which_saves_collide_are_read_out_of_a_line_that_tells_of_a_commit():
    (query,) = [each for each in QUERIES if each.name == "Rooms in which saves collide"]
    (pattern,) = re.findall(r"parse @message /(.+)/", query.text)
    for separators in ((",", ":"), (", ", ": ")):
        line = json.dumps({"message": "committed", "rooms": {"team:north": 4}, "conflicts": 2}, separators=separators)
        found = re.search(pattern.replace("(?<", "(?P<"), line)
        assert found is not None
        assert found["room"] == "team:north"
    assert "by room" in query.text
