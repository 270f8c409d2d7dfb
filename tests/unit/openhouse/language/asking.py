"""Who asks in tests, and when."""

from __future__ import annotations

from datetime import UTC, date, datetime

from openhouse.language.engine import Asker

NOW = datetime(2026, 11, 29, 20, tzinfo=UTC)
TODAY = date(2026, 11, 29)
ZONE = "America/Los_Angeles"
ASKER = Asker(brokerage_id="harbor", task_id="task-1", kind="create_from_text", now=NOW)
