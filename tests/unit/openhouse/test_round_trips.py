"""Whatever a model holds survives every form it takes: camelCase, snake_case, DynamoDB's own, JSON text, patches."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from openhouse.api import protocol
from openhouse.api.actions import parse as parse_frame
from openhouse.api.actions.auth import Auth
from openhouse.api.actions.ping import Ping
from openhouse.api.actions.sync import Sync
from openhouse.contract.registry import models_of, record_model
from openhouse.core.errors import Invalid
from openhouse.core.merge_patch import difference, merge
from openhouse.core.wire import parse
from openhouse.crm import changes, events, figures
from openhouse.crm.module import Module, Record
from openhouse.crm.modules import MODULES
from openhouse.crm.positions import with_positions
from openhouse.crm.record_items import from_item, item_of
from openhouse.rooms.position import Position
from openhouse.storage import marshalling
from tests.fakes import AVA, NOON
from tests.unit.openhouse.strategies import held_files, new_records, text

EVERY_MODULE = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
THOROUGH = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def drawn(module: Module, data: st.DataObject) -> Record:
    """A record that a rule across fields has nothing against."""
    document = data.draw(new_records(module))
    try:
        change = changes.create(module, AVA, document, id_="id-1", now=NOON)
    except Invalid as refused:
        if {one["field"] for one in refused.extra["errors"]} <= {"startsAt", "endsAt", "timeZone", "email", "lastName"}:
            reject()
        raise
    assert change.after is not None
    files = data.draw(held_files(module))  # they come later than the record
    return with_positions(parse(module.model, {**change.after.wire(), **files})) if files else change.after


@EVERY_MODULE
@given(data=st.data())
@THOROUGH
def test_a_record_survives_the_wire_the_table_and_json(module: Module, data: st.DataObject) -> None:
    record = drawn(module, data)
    sent = json.loads(json.dumps(record.wire(), ensure_ascii=False).encode())
    assert parse(module.model, sent) == record
    stored = marshalling.unmarshal(marshalling.marshal(item_of(module, record)))
    assert from_item(module, stored) == record
    assert from_item(module, stored).wire() == record.wire()
    assert module.model.model_validate_json(json.dumps(record.item())) == record
    assert record_model(module).model_validate_json(json.dumps(sent), by_alias=True, by_name=False)


@EVERY_MODULE
@given(data=st.data())
@THOROUGH
def test_a_patch_leads_from_any_record_to_any_other(module: Module, data: st.DataObject) -> None:
    one, other = drawn(module, data).wire(), drawn(module, data).wire()
    patch = json.loads(json.dumps(difference(one, other)))
    assert merge(one, patch) == other
    assert parse(module.model, merge(one, patch)) == parse(module.model, other)


@EVERY_MODULE
@given(data=st.data())
@THOROUGH
def test_sending_back_what_was_answered_changes_nothing(module: Module, data: st.DataObject) -> None:
    record = drawn(module, data)
    assert changes.update(module, AVA, record, record.wire(), now=NOON) is None


@EVERY_MODULE
@given(data=st.data())
@THOROUGH
def test_every_event_survives_its_model(module: Module, data: st.DataObject) -> None:
    one, other = drawn(module, data), drawn(module, data)
    nothing = figures.zero(module)
    counted = figures.add(nothing, figures.contribution(module, one))
    told = [
        events.created(module, one, by="ava"),
        events.changed(module, one, other, by="ava"),
        events.deleted(module, one, 2, by="ava", reason="moved"),
        events.counted(module, one.room, 1, difference(nothing, counted)),
    ]
    for event in told:
        model = models_of(module).events[event["type"]]
        parsed = model.model_validate_json(json.dumps(event), by_alias=True, by_name=False)
        assert parsed.model_dump(mode="json", by_alias=True, exclude_unset=True) == event


@given(
    st.one_of(
        st.builds(Ping, id=text(1, 64), action=st.just("ping")),
        st.builds(Auth, id=text(1, 64), action=st.just("auth"), ticket=text(1, 200)),
        st.builds(
            Sync,
            id=text(1, 64),
            action=st.just("sync"),
            positions=st.dictionaries(
                text(1, 30), st.builds(Position, epoch=text(0, 20), seq=st.integers(0, 2**53)), max_size=3
            ),
        ),
    )
)
@THOROUGH
def test_a_message_survives_its_frame(message: Ping | Auth | Sync) -> None:
    frame = message.model_dump_json(by_alias=True)
    assume(len(frame.encode()) <= protocol.MAX_FRAME_BYTES)
    action, request = parse_frame(frame)
    assert request == message
    assert action.name == message.action
