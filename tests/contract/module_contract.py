"""What the contract promises of any module. A subclass is parametrised by `module`, and says which others there are."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic.alias_generators import to_camel

from contractgen import socket_examples
from openhouse.contract.registry import models_of
from openhouse.core.errors import Busy, Invalid
from openhouse.crm.locks import locks_of, types_of
from openhouse.crm.module import Module
from openhouse.entities import LIVE_STATES, LOCKS
from tests.contract import agreement, requests
from tests.contract.checked_world import CheckedWorld
from tests.contract.documented import Documented, check_model, rest_examples
from tests.functional.brokerage import staff
from tests.functional.conftest import World


@cache
def documented_of(modules: tuple[Module, ...]) -> Documented:
    others = [entity for entity in LIVE_STATES if entity is not LOCKS]  # whose locks are of other modules
    return Documented((*modules, locks_of(modules), *others))


class ModuleContract:
    modules: tuple[Module, ...]

    @pytest.fixture
    def documented(self) -> Documented:
        return documented_of(self.modules)

    @pytest.fixture
    def checked(self, world: World, documented: Documented) -> CheckedWorld:
        staff(world)
        world.modules = self.modules
        return CheckedWorld(world, documented)

    def test_every_example_is_as_its_schema_and_its_model_say(self, documented: Documented, module: Module) -> None:
        examples = list(rest_examples(documented, module.path))
        assert examples
        for where, schema, model, value in examples:
            assert documented.openapi.faults(schema, value) == [], where
            check_model(model, value)

    def test_every_event_has_an_example_that_is_as_its_schema_and_its_model_say(
        self, documented: Documented, module: Module
    ) -> None:
        examples, models = socket_examples.events_of(module), models_of(module).events
        assert examples.keys() == models.keys()
        for type_, named in examples.items():
            name = models[type_].__name__
            told = documented.events.document["$defs"][name]
            assert (told["title"], told["properties"]["type"]["const"]) == (name, type_)
            assert told["examples"] == list(named.values())
            for event in named.values():
                documented.check_event(event)
                documented.events.check({"$ref": f"#/$defs/{name}"}, event)

    def test_the_life_of_a_record_is_answered_and_told_as_documented(
        self, checked: CheckedWorld, module: Module
    ) -> None:
        list_ = f"/{module.path}"
        one = f"{list_}/{checked.call('POST', list_, module.example)['id']}"
        checked.call("GET", one)
        checked.call("PATCH", one, requests.patches(checked, module)["fields"])
        for verb in ("archive", "restore"):
            checked.call("POST", f"{one}/{verb}")
        for visibility in ("broker", "private"):
            checked.call("PATCH", one, {"visibility": visibility})
        requests.enter_every_status_of_a_name(checked, module)
        requests.write_what_is_too_large_to_be_told(checked, module)
        assert requests.write_many(checked, module) == [201, 200, 422, 422, 404, 422, 422, 412]
        requests.come_back(checked, module)
        requests.lock_and_save(checked, module)
        checked.call("GET", f"{list_}/stats")
        assert str(checked.call("GET", f"{list_}/export")).startswith("\ufeffid,version,")
        cursor = checked.call("GET", list_, query={"limit": "1"})["cursor"]
        assert checked.call("GET", list_, query={"limit": "1", "cursor": cursor})["items"]
        checked.call("DELETE", one)

        told = {event["type"] for event in checked.events()}
        assert told >= {*models_of(module).events, *types_of(module.noun)}
        for call in requests.calls(checked, module):
            assert call.status in checked.seen[call.name]

    def test_every_refusal_is_as_documented_and_every_documented_one_happens(
        self, checked: CheckedWorld, module: Module
    ) -> None:
        requests.refuse_everything(checked, module)
        for call in requests.calls(checked, module):
            codes = {error.code for error in call.problems}
            if call.body is None:
                codes.discard(Invalid.code)  # a record from before a rule became stricter: there is none here
            if call.path.endswith("/bulk"):
                codes.discard(Busy.code)  # which it answers for each entry
            found = {each for each in checked.seen[call.name] if not isinstance(each, HTTPStatus | int)}
            assert codes == found, call.name

    def test_every_parameter_of_a_list_takes_what_is_documented(self, checked: CheckedWorld, module: Module) -> None:
        told = checked.documented.operation("GET", f"/{module.path}").told["parameters"]
        for parameter in told:
            schema = parameter["schema"]
            choices = schema.get("enum") or schema.get("items", schema).get("enum") or []
            for choice in choices:
                checked.call("GET", f"/{module.path}", query={parameter["name"]: choice})
            for limit in ("minimum", "maximum"):
                if limit in schema:
                    checked.call("GET", f"/{module.path}", query={parameter["name"]: str(schema[limit])})
            for example in {"date": ["2026-03-02"], "date-time": ["2026-03-02T12:00:00Z"]}.get(
                schema.get("format"), []
            ):
                checked.call("GET", f"/{module.path}", query={parameter["name"]: example})
        assert checked.seen[f"list{module.path.capitalize()}"] == {200}

    @given(data=st.data())
    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    def test_a_new_record_is_taken_if_its_model_takes_it(self, data: st.DataObject, module: Module) -> None:
        agreement.check_new(module, {**module.example, **data.draw(agreement.documents(module))})

    @given(data=st.data())
    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    def test_a_patch_is_taken_if_its_model_takes_it(self, data: st.DataObject, module: Module) -> None:
        agreement.check_patch(module, data.draw(agreement.documents(module)))

    def test_a_field_is_cleared_by_an_empty_text_if_its_model_takes_it(self, module: Module) -> None:
        for name in module.model.model_fields:
            agreement.check_patch(module, {to_camel(name): ""})
            agreement.check_new(module, {**module.example, to_camel(name): ""})
