"""What the contract promises of any module. A subclass is parametrised by `module`, and says which others there are."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.contract import socket_examples
from openhouse.contract.registry import models_of
from openhouse.core.errors import Invalid
from openhouse.crm.module import Module
from tests.contract import agreement, requests
from tests.contract.documented import Documented, check_model, rest_examples
from tests.contract.witness import Witness
from tests.functional.brokerage import staff
from tests.functional.conftest import World


@cache
def documented_of(modules: tuple[Module, ...]) -> Documented:
    return Documented(modules)


class ModuleContract:
    modules: tuple[Module, ...]

    @pytest.fixture
    def documented(self) -> Documented:
        return documented_of(self.modules)

    @pytest.fixture
    def witness(self, world: World, documented: Documented) -> Witness:
        staff(world)
        world.modules = self.modules
        return Witness(world, documented)

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

    def test_the_life_of_a_record_is_answered_and_told_as_documented(self, witness: Witness, module: Module) -> None:
        list_ = f"/{module.path}"
        one = f"{list_}/{witness.call('POST', list_, module.example)['id']}"
        witness.call("GET", one)
        witness.call("PATCH", one, requests.patches(witness, module)["fields"])
        for verb in ("archive", "restore"):
            witness.call("POST", f"{one}/{verb}")
        for visibility in ("broker", "private"):
            witness.call("PATCH", one, {"visibility": visibility})
        requests.enter_every_status_of_a_name(witness, module)
        requests.write_what_is_too_large_to_be_told(witness, module)
        assert requests.write_many(witness, module) == [201, 200, 422, 422, 404, 422, 422, 412]
        requests.come_back(witness, module)
        witness.call("GET", f"{list_}/stats")
        cursor = witness.call("GET", list_, query={"limit": "1"})["cursor"]
        assert witness.call("GET", list_, query={"limit": "1", "cursor": cursor})["items"]
        witness.call("DELETE", one)

        assert {event["type"] for event in witness.events()} >= models_of(module).events.keys()
        for call in requests.calls(witness, module):
            assert call.status in witness.seen[call.name]

    def test_every_refusal_is_as_documented_and_every_documented_one_happens(
        self, witness: Witness, module: Module
    ) -> None:
        requests.refuse_everything(witness, module)
        for call in requests.calls(witness, module):
            codes = {error.code for error in call.problems}
            if call.body is None:
                codes.discard(Invalid.code)  # a record from before a rule became stricter: there is none here
            found = {each for each in witness.seen[call.name] if not isinstance(each, HTTPStatus | int)}
            assert codes == found, call.name

    def test_every_parameter_of_a_list_takes_what_is_documented(self, witness: Witness, module: Module) -> None:
        told = witness.documented.operation("GET", f"/{module.path}").told["parameters"]
        for parameter in told:
            schema = parameter["schema"]
            choices = schema.get("enum") or schema.get("items", schema).get("enum") or []
            for choice in choices:
                witness.call("GET", f"/{module.path}", query={parameter["name"]: choice})
            for limit in ("minimum", "maximum"):
                if limit in schema:
                    witness.call("GET", f"/{module.path}", query={parameter["name"]: str(schema[limit])})
            for example in {"date": ["2026-03-02"], "date-time": ["2026-03-02T12:00:00Z"]}.get(
                schema.get("format"), []
            ):
                witness.call("GET", f"/{module.path}", query={parameter["name"]: example})
        assert witness.seen[f"list{module.path.capitalize()}"] == {200}

    @given(data=st.data())
    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    def test_a_new_record_is_taken_if_its_model_takes_it(self, data: st.DataObject, module: Module) -> None:
        agreement.check_new(module, {**module.example, **data.draw(agreement.documents(module))})

    @given(data=st.data())
    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    def test_a_patch_is_taken_if_its_model_takes_it(self, data: st.DataObject, module: Module) -> None:
        agreement.check_patch(module, data.draw(agreement.documents(module)))
