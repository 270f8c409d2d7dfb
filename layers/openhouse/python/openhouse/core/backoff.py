"""How long to wait for others who want the same item."""

from __future__ import annotations

FIRST_WAIT, LONGEST_WAIT = 0.010, 0.400  # seconds

FIRST_TURN, NEXT_TURN, LEAST_TURN = 0.150, 0.7, 0.010  # seconds, the part of it after each further failure, seconds
CROWDED = 16  # failures: more than a second
LONGEST_TURN = 0.100  # seconds, from then on: whoever rests longer loses to all who have just come


def longest_pause(failures: int) -> float:
    """Seconds before the next try, after so many failures: longer with each, up to a bound.

    The pause is a random part of it.
    """
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (failures - 1))


def longest_pause_for_turn(failures: int) -> float:
    """The same for whoever waits for a turn that many want: shorter with each failure, so that newcomers come later.

    Where pauses grow, who has lost a few times loses to everybody who has just come. Where so many want a turn that
    this does not help, pauses grow a little after all: tries cost capacity that those need who get their turn.
    """
    if failures > CROWDED:
        return min(LONGEST_TURN, LEAST_TURN * 2.0 ** (failures - CROWDED))
    return max(LEAST_TURN, FIRST_TURN * NEXT_TURN ** (failures - 1))
