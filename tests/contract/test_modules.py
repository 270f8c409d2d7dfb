"""Every module is what the documents say of it."""

from __future__ import annotations

import pytest

from openhouse.module import Module
from openhouse.modules import MODULES
from tests.contract.module_contract import ModuleContract


class TestModules(ModuleContract):
    modules = MODULES

    @pytest.fixture(scope="class", params=MODULES, ids=lambda module: module.noun)
    def module(self, request: pytest.FixtureRequest) -> Module:
        module: Module = request.param
        return module
