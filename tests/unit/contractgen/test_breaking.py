"""What breaks clients, one kind at a time, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from contractgen.breaking import breaking_changes

Document = dict[str, Any]

TEXT, WHOLE, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}


def thing(properties: Document, *required: str, **more: Any) -> Document:
    return {"type": "object", "properties": properties, "required": list(required), **more}


def rest(
    *,
    body: Any = None,
    body_required: bool = True,
    answer: Any = None,
    parameters: Any = (),
    responses: Any = None,
    path: str = "/things/{id}",
    schemas: Any = None,
) -> Document:
    """A document of one call."""
    call: Document = {"parameters": list(parameters), "responses": responses or {}}
    if body is not None:
        call["requestBody"] = {"required": body_required, "content": {"application/json": {"schema": body}}}
    if answer is not None:
        call["responses"] = {"200": {"content": {"application/json": {"schema": answer}}}}
    return {"openapi": "3.1.0", "paths": {path: {"put": call}}, "components": {"schemas": schemas or {}}}


def query(name: str, *, required: bool = False, where: str = "query", **schema: Any) -> Document:
    return {"name": name, "in": where, "required": required, "schema": schema or TEXT}


def socket(frame: Any, *, says: Any = None, replies: Any = ("done",)) -> Document:
    """A document of a frame that is sent, and a request with its replies."""
    messages = {"frame": frame, "ask": says or thing({}), "done": thing({"ok": {"const": True}}, "ok"), "no": thing({})}
    return {
        "asyncapi": "3.0.0",
        "channels": {"c": {"messages": {name: {"payload": payload} for name, payload in messages.items()}}},
        "operations": {
            "news": {"action": "send", "messages": [{"$ref": "#/channels/c/messages/frame"}]},
            "ask": {
                "action": "receive",
                "messages": [{"$ref": "#/channels/c/messages/ask"}],
                "reply": {"messages": [{"$ref": f"#/channels/c/messages/{name}"} for name in replies]},
            },
        },
    }


def event(type_: str, **data: Any) -> Document:
    return thing({"type": {"const": type_}, "data": thing(data, *data)}, "type", "data", title=type_)


CALL = "PUT /things/{id}"

# What is sent: how it was, how it is, and what is said about it.
INPUTS: dict[str, tuple[Any, Any, str]] = {
    "a field removed": (
        thing({"a": TEXT, "b": TEXT}, additionalProperties=False),
        thing({"a": TEXT}, additionalProperties=False),
        "`b` is no longer taken",
    ),
    "a field newly required": (thing({"a": TEXT}), thing({"a": TEXT}, "a"), "`a` is required now"),
    "a new field that is required": (thing({}), thing({"a": TEXT}, "a"), "`a` is required now"),
    "a value removed": (
        thing({"a": {"enum": ["x", "y"]}}),
        thing({"a": {"enum": ["x"]}}),
        "`a` no longer takes `y`",
    ),
    "values listed": (thing({"a": TEXT}), thing({"a": {**TEXT, "enum": ["x"]}}), "`a` takes only `x` now"),
    "another constant": (thing({"a": {"const": 1}}), thing({"a": {"const": 2}}), "`a` no longer takes `1`"),
    "a lower maximum": (
        thing({"a": {**WHOLE, "maximum": 9}}),
        thing({"a": {**WHOLE, "maximum": 8}}),
        "`a` has the maximum 8 now, and had 9",
    ),
    "a new maximum": (
        thing({"a": WHOLE}),
        thing({"a": {**WHOLE, "maximum": 8}}),
        "`a` has the maximum 8 now, and had none",
    ),
    "a higher minimum": (
        thing({"a": {**WHOLE, "minimum": 0}}),
        thing({"a": {**WHOLE, "minimum": 1}}),
        "`a` has the minimum 1 now, and had 0",
    ),
    "a shorter text": (
        thing({"a": {**TEXT, "maxLength": 300}}),
        thing({"a": {**TEXT, "maxLength": 299}}),
        "`a` has the maxLength 299 now, and had 300",
    ),
    "a longer text": (
        thing({"a": {**TEXT, "minLength": 1}}),
        thing({"a": {**TEXT, "minLength": 2}}),
        "`a` has the minLength 2 now, and had 1",
    ),
    "a shorter list": (
        thing({"a": {"type": "array", "maxItems": 9}}),
        thing({"a": {"type": "array", "maxItems": 8}}),
        "`a` has the maxItems 8 now, and had 9",
    ),
    "another pattern": (
        thing({"a": {**TEXT, "pattern": "^a"}}),
        thing({"a": {**TEXT, "pattern": "^b"}}),
        "`a` has the pattern ^b now, and had ^a",
    ),
    "another format": (
        thing({"a": {**TEXT, "format": "date"}}),
        thing({"a": {**TEXT, "format": "date-time"}}),
        "`a` has the format date-time now, and had date",
    ),
    "another step": (
        thing({"a": {**NUMBER, "multipleOf": 0.5}}),
        thing({"a": {**NUMBER, "multipleOf": 1}}),
        "`a` has the multipleOf 1 now, and had 0.5",
    ),
    "another type": (thing({"a": TEXT}), thing({"a": WHOLE}), "`a` no longer takes string"),
    "a narrower type": (thing({"a": NUMBER}), thing({"a": WHOLE}), "`a` no longer takes number"),
    "one type of two": (
        thing({"a": {"anyOf": [TEXT, WHOLE]}}),
        thing({"a": WHOLE}),
        "`a` no longer takes string",
    ),
    "no longer null": (
        thing({"a": {"anyOf": [TEXT, {"type": "null"}]}}),
        thing({"a": TEXT}),
        "`a` no longer takes null",
    ),
    "no longer null, as a list of types": (
        thing({"a": {"type": ["string", "null"]}}),
        thing({"a": TEXT}),
        "`a` no longer takes null",
    ),
    "closed": (
        thing({"a": TEXT}),
        thing({"a": TEXT}, additionalProperties=False),
        "no longer takes fields that are not declared",
    ),
    "within a list": (
        thing({"a": {"type": "array", "items": thing({"b": TEXT})}}),
        thing({"a": {"type": "array", "items": thing({"b": TEXT}, "b")}}),
        "`a[].b` is required now",
    ),
    "within a map": (
        thing({"a": {"type": "object", "additionalProperties": TEXT}}),
        thing({"a": {"type": "object", "additionalProperties": WHOLE}}),
        "`a[*]` no longer takes string",
    ),
}

# What is received.
OUTPUTS: dict[str, tuple[Any, Any, str]] = {
    "a field removed": (thing({"a": TEXT, "b": TEXT}), thing({"a": TEXT}), "`b` is gone"),
    "a field that may be absent": (thing({"a": TEXT}, "a"), thing({"a": TEXT}), "`a` may be absent now"),
    "a field that may be null": (
        thing({"a": TEXT}),
        thing({"a": {"anyOf": [TEXT, {"type": "null"}]}}),
        "`a` may be null now",
    ),
    "another type": (thing({"a": TEXT}), thing({"a": WHOLE}), "`a` may be integer now"),
    "a wider type": (thing({"a": WHOLE}), thing({"a": NUMBER}), "`a` may be number now"),
    "another format": (
        thing({"a": {**TEXT, "format": "date"}}),
        thing({"a": {**TEXT, "format": "date-time"}}),
        "`a` was a date, and is date-time now",
    ),
    "a value that is renamed": (
        thing({"a": {"enum": ["x", "y"]}}),
        thing({"a": {"enum": ["x", "z"]}}),
        "`a` is never `y` any more",
    ),
    "within a list": (
        thing({"a": {"type": "array", "items": thing({"b": TEXT})}}),
        thing({"a": {"type": "array", "items": thing({})}}),
        "`a[].b` is gone",
    ),
    "within one of two": (
        {"anyOf": [thing({"a": TEXT, "c": TEXT}, title="A"), thing({"b": TEXT}, title="B")]},
        {"anyOf": [thing({"a": TEXT}, title="A"), thing({"b": TEXT}, title="B")]},
        "`c` is gone",
    ),
    "within one of two that looks like the other now": (
        {"anyOf": [thing({"a": TEXT, "c": TEXT}, title="A"), thing({"a": TEXT}, title="B")]},
        {"anyOf": [thing({"a": TEXT}, title="A"), thing({"a": TEXT}, title="B")]},
        "`c` is gone",
    ),
}

# What may change, the one way or the other.
FINE_INPUTS: dict[str, tuple[Any, Any]] = {
    "a new optional field": (
        thing({}, additionalProperties=False),
        thing({"a": TEXT}, additionalProperties=False),
    ),
    "a field no longer required": (thing({"a": TEXT}, "a"), thing({"a": TEXT})),
    "a field removed from what is open": (thing({"a": TEXT}), thing({})),
    "another value": (thing({"a": {"enum": ["x"]}}), thing({"a": {"enum": ["x", "y"]}})),
    "any value": (thing({"a": {**TEXT, "enum": ["x"]}}), thing({"a": TEXT})),
    "a higher maximum": (thing({"a": {**WHOLE, "maximum": 8}}), thing({"a": {**WHOLE, "maximum": 9}})),
    "no maximum": (thing({"a": {**WHOLE, "maximum": 8}}), thing({"a": WHOLE})),
    "no pattern": (thing({"a": {**TEXT, "pattern": "^a"}}), thing({"a": TEXT})),
    "a wider type": (thing({"a": WHOLE}), thing({"a": NUMBER})),
    "null, too": (thing({"a": TEXT}), thing({"a": {"anyOf": [TEXT, {"type": "null"}]}})),
    "another description": (thing({"a": TEXT}), thing({"a": {**TEXT, "description": "x", "examples": ["y"]}})),
}
FINE_OUTPUTS: dict[str, tuple[Any, Any]] = {
    "a new field": (thing({}), thing({"a": TEXT}, "a")),
    "a field that is always there now": (thing({"a": TEXT}), thing({"a": TEXT}, "a")),
    "a new value, by policy": (thing({"a": {"enum": ["x"]}}), thing({"a": {"enum": ["x", "y"]}})),
    "a narrower type": (thing({"a": NUMBER}), thing({"a": WHOLE})),
    "never null": (thing({"a": {"anyOf": [TEXT, {"type": "null"}]}}), thing({"a": TEXT})),
    "another limit": (thing({"a": {**TEXT, "maxLength": 9}}), thing({"a": {**TEXT, "maxLength": 99}})),
}


@pytest.mark.parametrize(("old", "new", "said"), INPUTS.values(), ids=INPUTS)
def test_a_body_that_takes_less_breaks_clients(old: Any, new: Any, said: str) -> None:
    glue = ": " if said.startswith("`") else " "
    assert breaking_changes(rest(body=old), rest(body=new)) == [f"{CALL}, body{glue}{said}"]


@pytest.mark.parametrize(("old", "new", "said"), OUTPUTS.values(), ids=OUTPUTS)
def test_an_answer_that_promises_less_breaks_clients(old: Any, new: Any, said: str) -> None:
    assert breaking_changes(rest(answer=old), rest(answer=new)) == [f"{CALL}, answer 200: {said}"]


@pytest.mark.parametrize(("old", "new"), FINE_INPUTS.values(), ids=FINE_INPUTS)
def test_a_body_may_take_more(old: Any, new: Any) -> None:
    assert breaking_changes(rest(body=old), rest(body=new)) == []
    assert breaking_changes(rest(body=old), rest(body=old)) == []


@pytest.mark.parametrize(("old", "new"), FINE_OUTPUTS.values(), ids=FINE_OUTPUTS)
def test_an_answer_may_promise_more(old: Any, new: Any) -> None:
    assert breaking_changes(rest(answer=old), rest(answer=new)) == []


def test_references_and_parts_are_followed() -> None:
    answer = {"allOf": [{"$ref": "#/components/schemas/A"}], "properties": {"code": {"enum": ["x"]}}}
    old, new = (
        rest(
            answer=answer,
            schemas={"A": thing({"code": {"enum": ["x", "y"]}, "b": {"$ref": "#/components/schemas/B"}}), "B": b},
        )
        for b in (TEXT, WHOLE)
    )
    assert breaking_changes(old, new) == [f"{CALL}, answer 200: `b` may be integer now"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (rest(), {**rest(), "paths": {}}, f"{CALL} is gone"),
        (rest(parameters=[query("q")]), rest(), f"{CALL}, query parameter q is gone"),
        (rest(), rest(parameters=[query("q", required=True)]), f"{CALL}, query parameter q is required now"),
        (
            rest(parameters=[query("q")]),
            rest(parameters=[query("q", required=True)]),
            f"{CALL}, query parameter q is required now",
        ),
        (
            rest(parameters=[query("n", where="header", type="integer", maximum=9)]),
            rest(parameters=[query("n", where="header", type="integer", maximum=8)]),
            f"{CALL}, header parameter n has the maximum 8 now, and had 9",
        ),
        (
            rest(parameters=[{**query("q"), "explode": False}]),
            rest(parameters=[{**query("q"), "explode": True}]),
            f"{CALL}, query parameter q is written differently",
        ),
        (rest(body=TEXT), rest(), f"{CALL}, body is no longer taken"),
        (rest(), rest(body=TEXT), f"{CALL}, body is required now"),
        (rest(body=TEXT, body_required=False), rest(body=TEXT), f"{CALL}, body is required now"),
        (rest(responses={"200": {}, "404": {}}), rest(responses={"200": {}}), f"{CALL}, answer 404 is gone"),
        (
            rest(responses={"200": {"headers": {"ETag": {}}}}),
            rest(responses={"200": {}}),
            f"{CALL}, answer 200: the header ETag is gone",
        ),
        (
            rest(responses={"200": {"content": {"application/json": {"schema": TEXT}}}}),
            rest(responses={"200": {"content": {"text/plain": {"schema": TEXT}}}}),
            f"{CALL}, answer 200 is no longer told as application/json",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_call_that_takes_or_tells_less_breaks_clients(old: Document, new: Document, said: str) -> None:
    assert breaking_changes(old, new) == [said]


def test_a_call_may_take_and_tell_more() -> None:
    more = {
        **rest(
            parameters=[query("q")],
            body=TEXT,
            body_required=False,
            responses={"200": {"headers": {"X": {}}}, "429": {}},
        )
    }
    more["paths"]["/others"] = {"get": {"responses": {}}}
    assert breaking_changes(rest(responses={"200": {}}), more) == []


def test_how_a_path_calls_its_parameters_is_not_on_the_wire() -> None:
    assert breaking_changes(rest(), rest(path="/things/{thingId}")) == []


def union(*events: Document) -> Document:
    return thing({"events": {"type": "array", "items": {"oneOf": list(events)}}})


MADE, SOLD = event("made", id=TEXT), event("sold", id=TEXT, price=WHOLE)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (union(MADE, SOLD), union(MADE), "news, message frame: `events[]` is never `sold` any more"),
        (
            union(MADE, SOLD),
            union(MADE, event("sold", id=TEXT)),
            "news, message frame: `events[sold].data.price` is gone",
        ),
        (
            union(MADE, SOLD),
            union(MADE, event("sold", id=TEXT, price=TEXT)),
            "news, message frame: `events[sold].data.price` may be string now",
        ),
    ],
    ids=["an event removed", "a field of it removed", "a field of it of another type"],
)
def test_an_event_that_tells_less_breaks_clients(old: Any, new: Any, said: str) -> None:
    assert breaking_changes(socket(old), socket(new)) == [said]


def test_events_may_be_added_by_policy() -> None:
    assert breaking_changes(socket(union(MADE, SOLD)), socket(union(event("left"), SOLD, MADE))) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            socket(TEXT, says=thing({"a": TEXT})),
            socket(TEXT, says=thing({"a": TEXT}, "a")),
            "ask, message ask: `a` is required now",
        ),
        (socket(TEXT, replies=("done", "no")), socket(TEXT, replies=("done",)), "ask, reply no is gone"),
        (
            socket(TEXT),
            {**socket(TEXT), "operations": {"news": socket(TEXT)["operations"]["news"]}},
            "the operation ask is gone",
        ),
    ],
    ids=["a request takes less", "a reply removed", "an operation removed"],
)
def test_a_socket_that_takes_or_tells_less_breaks_clients(old: Document, new: Document, said: str) -> None:
    assert breaking_changes(old, new) == [said]
