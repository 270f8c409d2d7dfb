"""Every module is what the documents say of it."""

from __future__ import annotations

import pytest

from openhouse.crm.modules import MODULES
from tests.contract.module_contract import ModuleContract


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
class TestModules(ModuleContract):
    modules = MODULES
