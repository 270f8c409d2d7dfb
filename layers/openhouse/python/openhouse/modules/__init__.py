"""The CRM's modules. A new one is a file beside this and a line here."""

from __future__ import annotations

from openhouse.module import Module
from openhouse.modules.escrows import ESCROWS

MODULES: tuple[Module, ...] = (ESCROWS,)
