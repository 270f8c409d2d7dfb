from openhouse.core.backoff import CROWDED, LONGEST_TURN, LONGEST_WAIT, longest_pause, longest_pause_for_turn


def test_pauses_for_others_grow_up_to_a_bound():
    pauses = [longest_pause(failures) for failures in range(1, 12)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (0.010, LONGEST_WAIT)


def test_whoever_waits_for_a_turn_waits_less_after_each_failure_until_it_is_too_crowded_for_that():
    waiting = [longest_pause_for_turn(failures) for failures in range(1, CROWDED + 1)]
    crowded = [longest_pause_for_turn(failures) for failures in range(CROWDED, CROWDED + 10)]
    assert waiting == sorted(waiting, reverse=True)
    assert crowded == sorted(crowded)
    assert waiting[0] > LONGEST_TURN  # else whoever has lost often loses to those who have just come
    assert (waiting[0], waiting[-1], crowded[-1]) == (0.150, 0.010, LONGEST_TURN)
