"""What an app says over its socket in an hour of work: beats, and what its person looks at.

As our browser client does it (`attendance.ts`, `views.ts`): a record comes on the screen, stays, and goes. Whatever is
said when more than half of a beat is over is one, too, and the next is due a whole one later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from openhouse.collaboration.sightings import BEAT_SECONDS

HALF = BEAT_SECONDS / 2
_CYCLES = 400
_GOLDEN, _SILVER = 0.618_033_988_7, 0.414_213_562_4  # whose multiples are spread evenly, and not alike

BEAT, LOOK, AGAIN, LEAVE = "beat", "look", "again", "leave"
AND_BEAT = " and beat"  # said with any of the others


@cache
def of_an_hour(spells: float, looking: float, every: float) -> Mapping[str, float]:
    """How often each is said. `spells`: records that come on the screen, for that share of the time together.

    `every`: seconds from one time that a look is repeated to the next.
    """
    if not spells:
        return MappingProxyType({BEAT: 3_600 / BEAT_SECONDS})
    cycle = 3_600 / spells
    found: Counter[str] = Counter()
    beaten = 0.0
    for at, what in _looks(cycle, cycle * looking, every):
        while beaten + BEAT_SECONDS <= at:
            beaten += BEAT_SECONDS
            found[BEAT] += 1
        if at - beaten > HALF:
            beaten = at
            found[what + AND_BEAT] += 1
        else:
            found[what] += 1
    return MappingProxyType({what: count / (_CYCLES * cycle / 3_600) for what, count in found.items()})


def _looks(cycle: float, stays: float, every: float) -> Iterator[tuple[float, str]]:
    """Each stays for half of that to one and a half times as long, and so is what is between them, evenly spread."""
    begins = 0.0
    for number in range(_CYCLES):
        yield begins, LOOK
        ends = begins + stays * (0.5 + number * _GOLDEN % 1)
        repeats = 1
        while begins + repeats * every < ends:
            yield begins + repeats * every, AGAIN
            repeats += 1
        yield ends, LEAVE
        begins = ends + (cycle - stays) * (0.5 + number * _SILVER % 1)
