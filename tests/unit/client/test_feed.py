from openhouse_client.feed import Feed
from openhouse_client.listener import Lost
from openhouse_client.protocol import Position
from tests.unit.client.model import Model, read, sync_reply, wire

NORTH, MINE, SOUTH = "team:north", "user:ava", "team:south"


def joined(model: Model) -> Feed:
    """A feed that has seen everything so far."""
    model.stream.clear()
    return Feed({room: Position(**head) for room, head in model.heads().items()})


def sync(feed: Feed, model: Model, *, limit: int = 1_000) -> list[str]:
    """Syncs once, the replayed frames arriving before the reply. Returns the rooms left."""
    asked = feed.positions()
    replayed, content = model.sync(wire(asked), limit=limit)
    feed.receive(read(replayed))
    return feed.resumed(asked, sync_reply(content))


def test_rooms_are_ordered_independently():
    model = Model(NORTH, MINE)
    feed = joined(model)
    for id_, room in (("e1", NORTH), ("e2", NORTH), ("e3", MINE)):
        model.create(id_, room)
    lost, late, mine = read(model.stream)
    assert feed.receive([late, mine]) == [mine]
    assert feed.behind
    assert feed.receive([lost]) == [lost, late]
    assert not feed.behind


def test_a_long_replay_is_followed_until_nothing_more_is_said():
    model = Model(NORTH, MINE)
    feed = joined(model)
    for number in range(7):
        model.create(f"e{number}", NORTH if number % 2 else MINE)
    rounds = 0
    while feed.positions() != {room: Position(**head) for room, head in model.heads().items()}:
        sync(feed, model, limit=2)
        rounds += 1
    assert rounds == 4


def test_heads_from_a_ping_show_what_was_missed_in_a_silent_room():
    model = Model(NORTH, MINE)
    feed = joined(model)
    model.create("e1", NORTH)
    feed.heard({room: Position(**head) for room, head in model.heads().items()})
    assert feed.behind
    sync(feed, model)
    assert not feed.behind


def test_a_room_that_a_ping_does_not_name_any_more_is_asked_about_and_left():
    model = Model(NORTH, MINE)
    feed = joined(model)
    model.rooms.remove(NORTH)
    feed.heard({room: Position(**head) for room, head in model.heads().items()})
    assert feed.behind
    assert sync(feed, model) == [NORTH]
    assert not feed.behind
    assert set(feed.positions()) == {MINE}


def test_a_commit_of_an_unknown_room_waits_until_a_sync_has_told_what_room_that_is():
    model = Model(NORTH)
    feed = joined(model)
    model.join(SOUTH)
    model.create("e1", SOUTH)
    commits = read(model.stream)
    assert feed.receive(commits) == []
    assert feed.behind
    sync(feed, model)
    assert set(feed.lost) == {SOUTH}
    assert feed.reset({SOUTH: Position(model.epochs[SOUTH], 0)}) == list(commits)


def test_a_late_commit_of_a_room_already_left_is_forgotten_with_the_next_sync():
    model = Model(NORTH, SOUTH)
    feed = joined(model)
    model.create("e1", SOUTH)
    model.rooms.remove(SOUTH)
    sync(feed, model)
    assert feed.receive(read(model.stream)) == []
    assert sync(feed, model) == [SOUTH]
    assert not feed.behind
    assert feed.lost == {}


def test_a_reset_tells_where_the_log_ends_for_those_who_go_on_from_there():
    model = Model(NORTH)
    feed = joined(model)
    model.rebuild(NORTH)
    model.create("e1", NORTH)
    sync(feed, model)
    end = Position(model.epochs[NORTH], 1)
    assert feed.lost == {NORTH: Lost(end, begun_anew=True)}
    feed.reset({NORTH: end})
    assert feed.lost == {}
    assert not feed.behind


# In parts -----------------------------------------------------------------------------------------------------------


def many(count: int) -> Model:
    return Model(*(f"team:{number:036d}" for number in range(count)))


def sync_in_parts(feed: Feed, model: Model) -> list[str]:
    """Returns the rooms left."""
    left: list[str] = []
    for asked in feed.questions():
        replayed, content = model.sync(wire(asked), part=True)
        feed.receive(read(replayed))
        left += feed.resumed(asked, sync_reply(content), part=True)
    feed.joined(model.rooms)
    return left


def test_who_is_in_few_rooms_asks_in_one_frame_and_in_many_in_several():
    feed = joined(many(100))
    assert feed.questions() == [feed.positions()]
    feed = joined(many(1_000))
    assert len(feed.questions()) == 4
    assert {room for asked in feed.questions() for room in asked} == feed.positions().keys()


def test_the_rooms_of_other_parts_are_not_left():
    model = many(1_000)
    feed = joined(model)
    assert sync_in_parts(feed, model) == []
    assert (len(feed.positions()), feed.behind, feed.lost) == (1_000, False, {})


def test_a_room_that_a_part_names_in_vain_is_left():
    model = many(1_000)
    feed = joined(model)
    gone = model.rooms.pop(500)
    assert sync_in_parts(feed, model) == [gone]
    assert not feed.behind


def test_a_room_that_no_part_named_is_heard_of_and_asked_about_in_the_next_round():
    model = many(1_000)
    feed = joined(model)
    model.join(SOUTH)
    model.create("e1", SOUTH)
    sync_in_parts(feed, model)
    assert feed.behind
    sync_in_parts(feed, model)
    assert feed.lost == {SOUTH: Lost(Position(model.epochs[SOUTH], 1))}


def test_a_room_that_goes_between_its_part_and_the_end_is_asked_about_again():
    model = many(1_000)
    feed = joined(model)
    for asked in feed.questions():
        feed.resumed(asked, sync_reply(model.sync(wire(asked), part=True)[1]), part=True)
    gone = model.rooms.pop(3)
    feed.joined(model.rooms)
    assert feed.behind
    assert sync_in_parts(feed, model) == [gone]
    assert not feed.behind


def test_rooms_that_a_reply_has_no_space_for_are_not_left():
    model = Model(NORTH, MINE)
    feed = joined(model)
    asked = {NORTH: feed.positions()[NORTH]}
    content = model.sync(wire(asked), part=True)[1]
    assert feed.resumed(asked, sync_reply({**content, "more": True})) == []
    assert MINE in feed.positions()
