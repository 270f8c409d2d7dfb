"""The CRM's modules. A new one is a file beside this and a line here."""

from __future__ import annotations

from openhouse.module import Module
from openhouse.modules.appointments import APPOINTMENTS
from openhouse.modules.clients import CLIENTS
from openhouse.modules.escrows import ESCROWS
from openhouse.modules.leads import LEADS
from openhouse.modules.listings import LISTINGS

MODULES: tuple[Module, ...] = (ESCROWS, LISTINGS, CLIENTS, APPOINTMENTS, LEADS)
