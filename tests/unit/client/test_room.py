from openhouse_client.protocol import Commit, Position, RoomReply
from openhouse_client.room import Need, Room
from tests.unit.client.model import Model, read

AT_10 = Position("k1", 10)


def commits(first: int, last: int, epoch: str = "k1") -> list[Commit]:
    found: list[Commit] = []
    for seq in range(first, last + 1):
        entry = {"room": "team:north", "epoch": epoch, "seq": seq, "id": f"{epoch}-{seq}", "by": "u1", "events": []}
        found += read([{**entry, "at": "2026-03-01T09:00:00.000Z"}])
    return found


def need(room: Room) -> Need:
    return room.need  # a call, so that mypy does not take it for constant


def seqs(released: list[Commit]) -> list[int]:
    return [commit.position.seq for commit in released]


def reply(epoch: str, seq: int, *, reset: bool = False) -> RoomReply:
    return RoomReply(Position(epoch, seq), reset)


def test_the_next_commit_is_let_through_and_moves_the_position():
    room = Room(AT_10)
    assert seqs(room.receive(*commits(11, 11))) == [11]
    assert room.position == Position("k1", 11)
    assert need(room) is Need.NOTHING


def test_a_repeated_commit_is_dropped():
    room = Room(AT_10)
    room.receive(*commits(11, 11))
    assert [seqs(room.receive(commit)) for commit in commits(9, 11)] == [[], [], []]
    assert need(room) is Need.NOTHING


def test_a_commit_after_a_gap_waits_and_is_let_through_once_the_gap_is_filled():
    room = Room(AT_10)
    eleven, twelve, thirteen = commits(11, 13)
    assert room.receive(thirteen) == []
    assert need(room) is Need.SYNC
    assert room.receive(twelve) == []
    assert seqs(room.receive(eleven)) == [11, 12, 13]
    assert need(room) is Need.NOTHING


def test_a_head_beyond_the_position_shows_that_something_was_missed():
    room = Room(AT_10)
    room.heard(AT_10)
    assert need(room) is Need.NOTHING
    room.heard(Position("k1", 12))
    assert need(room) is Need.SYNC
    for commit in commits(11, 12):
        room.receive(commit)
    assert need(room) is Need.NOTHING


def test_what_the_reply_claims_to_have_replayed_is_not_believed_before_it_arrives():
    room = Room(AT_10)
    room.resumed(AT_10, reply("k1", 12))
    assert room.position == AT_10
    assert need(room) is Need.SYNC


def test_waiting_commits_are_bounded_and_the_dropped_ones_are_not_forgotten():
    room = Room(AT_10, capacity=3)
    for commit in commits(12, 20):
        assert room.receive(commit) == []
    assert seqs(room.receive(*commits(11, 11))) == [11, 12, 13, 14]
    assert need(room) is Need.SYNC
    for commit in commits(15, 20):
        room.receive(commit)
    assert need(room) is Need.NOTHING


def test_without_a_position_everything_waits_until_the_state_is_loaded():
    room = Room()
    assert need(room) is Need.SYNC
    for commit in commits(14, 16):
        assert room.receive(commit) == []
    room.resumed(None, reply("k1", 13, reset=True))
    assert need(room) is Need.REFETCH
    assert seqs(room.reset(Position("k1", 14))) == [15, 16]
    assert need(room) is Need.NOTHING


def test_a_commit_of_another_epoch_is_never_applied_and_makes_the_client_ask():
    room = Room(AT_10)
    assert room.receive(*commits(11, 11, epoch="k2")) == []
    assert need(room) is Need.SYNC


def test_a_new_epoch_means_refetch_and_goes_on_with_the_commits_that_waited():
    room = Room(AT_10)
    room.receive(*commits(3, 3, epoch="k2"))
    room.resumed(AT_10, reply("k2", 2, reset=True))
    assert need(room) is Need.REFETCH
    assert room.position is None
    assert seqs(room.reset(Position("k2", 2))) == [3]
    assert need(room) is Need.NOTHING


def test_a_late_commit_of_an_epoch_that_has_ended_costs_one_question_and_nothing_else():
    room = Room(Position("k2", 5))
    assert room.receive(*commits(11, 11, epoch="k1")) == []
    assert need(room) is Need.SYNC
    room.resumed(Position("k2", 5), reply("k2", 5))
    assert need(room) is Need.NOTHING
    assert room.position == Position("k2", 5)


def test_a_log_that_no_longer_reaches_back_means_refetch():
    room = Room(AT_10)
    room.resumed(AT_10, reply("k1", 900, reset=True))
    assert need(room) is Need.REFETCH


def test_a_log_shorter_than_what_was_seen_of_it_means_refetch_even_if_nobody_says_so():
    room = Room(AT_10)
    room.resumed(AT_10, reply("k1", 7))
    assert need(room) is Need.REFETCH


def test_another_epoch_in_the_reply_means_refetch_even_if_nobody_says_so():
    room = Room(AT_10)
    room.resumed(AT_10, reply("k2", 10))
    assert need(room) is Need.REFETCH


def test_only_a_log_that_contradicts_what_is_known_has_begun_anew():
    for asked, head, begun_anew in (
        (None, reply("k1", 4), False),  # nothing was known
        (AT_10, reply("k1", 900, reset=True), False),  # away for too long
        (AT_10, reply("k1", 7), True),
        (AT_10, reply("k2", 10, reset=True), True),
    ):
        room = Room(asked)
        room.resumed(asked, head)
        assert room.begun_anew is begun_anew
        room.reset(head.reached)
        assert not room.begun_anew


def test_a_log_that_begins_anew_while_a_refetch_is_due_is_noticed_all_the_same():
    room = Room(AT_10)
    room.resumed(AT_10, reply("k1", 900, reset=True))
    for asked in (None, Position("", 0)):
        room.resumed(asked, reply("k1", 901, reset=True))
        assert not room.begun_anew
    room.resumed(None, reply("k2", 3, reset=True))
    assert room.begun_anew


def test_commits_that_overtake_the_reply_are_kept():
    """The reply tells the head as it was when the server read it; live commits may be further by then."""
    room = Room(AT_10)
    room.receive(*commits(11, 11))
    room.receive(*commits(13, 13))
    room.resumed(AT_10, reply("k1", 11))
    assert need(room) is Need.SYNC
    assert seqs(room.receive(*commits(12, 12))) == [12, 13]


def test_an_epoch_that_changes_again_during_a_refetch_is_not_overlooked():
    room = Room(AT_10)
    room.resumed(AT_10, reply("k2", 0, reset=True))
    room.receive(*commits(1, 1, epoch="k3"))
    room.reset(Position("k2", 0))
    assert need(room) is Need.SYNC


def test_the_model_and_the_room_agree_on_a_plain_history():
    model = Model("team:north")
    room = Room(Position(model.epochs["team:north"], 0))
    model.create("e1", "team:north", city="Davis")
    model.update("e1", city="Fresno")
    model.delete("e1")
    assert [seqs(room.receive(commit)) for commit in read(model.stream)] == [[1], [2], [3]]
