"""Everything that rooms hold and tell of: edges, contract and infrastructure read this list."""

from __future__ import annotations

from openhouse.collaboration.presence import PRESENCE
from openhouse.crm.modules import MODULES
from openhouse.rooms.entity import Entity
from openhouse.rooms.live_states import LiveEntity

LIVE_STATES: tuple[LiveEntity, ...] = (PRESENCE,)  # beside records; one declaration each

ENTITIES: tuple[Entity, ...] = (*MODULES, *LIVE_STATES)
