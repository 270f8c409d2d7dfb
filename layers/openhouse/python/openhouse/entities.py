"""Everything that rooms hold and tell of: edges, contract and infrastructure read this list."""

from __future__ import annotations

from openhouse.collaboration.notification import NOTIFICATIONS, READINGS
from openhouse.collaboration.preferences import PREFERENCES
from openhouse.collaboration.presence import PRESENCE
from openhouse.collaboration.system import SYSTEM
from openhouse.crm.locks import locks_of
from openhouse.crm.modules import MODULES
from openhouse.rooms.entity import Entity
from openhouse.rooms.live_states import LiveEntity
from openhouse.tasks.task import TASKS

LOCKS = locks_of(MODULES)

LIVE_STATES: tuple[LiveEntity, ...] = (  # beside records; one declaration each
    PRESENCE,
    LOCKS,
    NOTIFICATIONS,
    READINGS,
    PREFERENCES,
    SYSTEM,
    TASKS,
)

ENTITIES: tuple[Entity, ...] = (*MODULES, *LIVE_STATES)
