"""The CRM's modules. A new one is a file beside this and a line here."""

from __future__ import annotations

from openhouse.crm.module import Module
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.crm.modules.listings import LISTINGS

MODULES: tuple[Module, ...] = (ESCROWS, LISTINGS, CLIENTS, APPOINTMENTS, LEADS)
