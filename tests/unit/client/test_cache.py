import pytest

from openhouse_client.cache import Cache, Key
from tests.unit.client.model import NOUN, Model, read

NORTH, MINE = "team:north", "user:ava"


@pytest.fixture
def model():
    return Model(NORTH, MINE)


@pytest.fixture
def cache():
    return Cache([NOUN])


def apply_new(cache: Cache, model: Model) -> None:
    """Applies what has been committed since the last call, in the order it happened."""
    for commit in read(model.stream):
        cache.apply(commit)
    model.stream.clear()


def holds(cache: Cache, model: Model) -> bool:
    return cache.all(NOUN) == model.visible()


def test_created_changed_and_deleted_records_are_followed(cache, model):
    model.create("e1", NORTH, city="Davis", checklists={"loan": ["a"], "house": []})
    model.create("e2", MINE)
    model.update("e1", city=None, zip="95616")
    model.update("e1", verb="archived", archived=True)
    model.update("e1", verb="closed", status="closed")
    model.delete("e2")
    apply_new(cache, model)
    assert holds(cache, model)
    assert cache.get(NOUN, "e1") == model.records["e1"]
    assert cache.wanted == []


def test_applying_tells_which_records_look_different(cache, model):
    model.create("e1", NORTH)
    (commit,) = read(model.stream)
    assert cache.apply(commit) == [Key(NOUN, "e1")]
    assert cache.apply(commit) == []


def test_a_repeated_or_older_change_is_a_no_op(cache, model):
    model.create("e1", NORTH, city="Davis")
    model.update("e1", city="Fresno")
    model.update("e1", city="Chico")
    commits = read(model.stream)
    for commit in (*commits, *commits):
        cache.apply(commit)
    assert cache.get(NOUN, "e1")["city"] == "Chico"


def test_a_missing_version_asks_for_the_record(cache, model):
    model.create("e1", NORTH, city="Davis")
    apply_new(cache, model)
    model.update("e1", city="Fresno")
    model.stream.clear()
    model.update("e1", zip="95616")
    apply_new(cache, model)
    assert cache.wanted == [Key(NOUN, "e1")]
    assert cache.get(NOUN, "e1")["version"] == 1
    with cache.fetching() as fetch:
        cache.load(NOUN, model.items(NORTH), fetch)
    assert cache.wanted == []
    assert holds(cache, model)


def test_a_change_too_large_to_be_sent_asks_for_the_record(cache, model):
    model.create("e1", NORTH, ref=True)
    apply_new(cache, model)
    assert cache.wanted == [Key(NOUN, "e1")]
    model.update("e1", city="Davis")
    apply_new(cache, model)
    with cache.fetching() as fetch:
        cache.load(NOUN, [{"id": "e1", "version": 1, "room": NORTH}], fetch)
    assert cache.wanted == [Key(NOUN, "e1")], "an answer read before the last change is not enough"
    with cache.fetching() as fetch:
        cache.load(NOUN, model.items(NORTH), fetch)
    assert cache.wanted == []
    assert holds(cache, model)


def test_a_wanted_record_that_is_deleted_is_wanted_no_more(cache, model):
    model.create("e1", NORTH, ref=True)
    model.delete("e1")
    apply_new(cache, model)
    assert cache.wanted == []


def test_a_wanted_record_that_is_not_found_is_wanted_no_more_unless_it_was_heard_of_meanwhile(cache, model):
    model.create("e1", NORTH, ref=True)
    apply_new(cache, model)
    with cache.fetching() as fetch:
        model.update("e1", ref=True)
        apply_new(cache, model)
        cache.load_wanted(Key(NOUN, "e1"), None, fetch)
    assert cache.wanted == [Key(NOUN, "e1")]
    with cache.fetching() as fetch:
        cache.load_wanted(Key(NOUN, "e1"), None, fetch)
    assert cache.wanted == []


def test_a_page_never_moves_a_record_back(cache, model):
    model.create("e1", NORTH, city="Davis")
    apply_new(cache, model)
    with cache.fetching() as fetch:
        page = model.items(NORTH)
        model.update("e1", city="Fresno")
        apply_new(cache, model)
        assert cache.load(NOUN, page, fetch) == []
    assert cache.get(NOUN, "e1")["city"] == "Fresno"


def test_a_patch_older_than_a_loaded_page_is_a_no_op(cache, model):
    model.create("e1", NORTH, city="Davis")
    model.update("e1", city="Fresno")
    with cache.fetching() as fetch:
        cache.load(NOUN, model.items(NORTH), fetch)
    apply_new(cache, model)
    assert holds(cache, model)
    assert cache.wanted == []


def test_a_record_deleted_during_a_fetch_is_not_resurrected(cache, model):
    model.create("e1", NORTH)
    apply_new(cache, model)
    with cache.fetching() as fetch:
        page = model.items(NORTH)
        model.delete("e1")
        apply_new(cache, model)
        cache.load(NOUN, page, fetch)
    assert cache.all(NOUN) == {}


def test_the_answer_to_ones_own_write_does_not_resurrect_what_was_deleted_meanwhile(cache, model):
    with cache.fetching() as fetch:
        model.create("e1", NORTH)
        (answer,) = model.items(NORTH)
        model.delete("e1")
        apply_new(cache, model)
        cache.load(NOUN, [answer], fetch)
    assert cache.all(NOUN) == {}


def test_a_record_that_moves_during_a_fetch_is_found_in_its_new_room(cache, model):
    model.create("e1", NORTH)
    apply_new(cache, model)
    with cache.fetching() as fetch:
        before = model.items(NORTH)
        model.move("e1", MINE)
        after = model.items(MINE)
        departure, _arrival = read(model.stream)
        cache.apply(departure)
        cache.load(NOUN, before, fetch)
        assert cache.all(NOUN) == {}
        cache.load(NOUN, after, fetch)
        assert holds(cache, model)


@pytest.mark.parametrize("arrival_first", [True, False])
def test_a_record_that_moves_between_ones_own_rooms_stays_in_either_order_of_arrival(cache, model, arrival_first):
    model.create("e1", NORTH, city="Davis")
    apply_new(cache, model)
    model.move("e1", MINE)
    model.update("e1", city="Fresno")
    departure, *arrival = read(model.stream)
    for commit in (*arrival, departure) if arrival_first else (departure, *arrival):
        cache.apply(commit)
    assert holds(cache, model)


def test_a_record_that_moves_there_and_back_stays_however_the_rooms_interleave(cache, model):
    model.create("e1", NORTH)
    apply_new(cache, model)
    model.move("e1", MINE)
    model.move("e1", NORTH)
    commits = read(model.stream)
    north = [commit for commit in commits if commit.room == NORTH]
    mine = [commit for commit in commits if commit.room == MINE]
    for order in ((*north, *mine), (*mine, *north), (mine[0], north[0], mine[1], north[1])):
        replica = Cache([NOUN])
        with replica.fetching() as fetch:
            replica.load(NOUN, [{"id": "e1", "version": 1, "room": NORTH}], fetch)
        for commit in order:
            replica.apply(commit)
        assert holds(replica, model)


def test_a_departure_heard_of_late_does_not_take_away_what_has_come_back(cache, model):
    model.create("e1", NORTH)
    apply_new(cache, model)
    model.move("e1", MINE)
    model.move("e1", NORTH)
    with cache.fetching() as fetch:
        cache.load(NOUN, model.items(NORTH), fetch)
    for commit in read(model.stream):
        cache.apply(commit)
        assert holds(cache, model)


def test_a_complete_list_removes_what_is_gone_but_only_in_the_rooms_it_was_fetched_for(cache, model):
    model.create("e1", NORTH)
    model.create("e2", MINE)
    apply_new(cache, model)
    with cache.fetching() as fetch:
        changed = cache.load_all(NOUN, [], fetch, rooms={NORTH})
    assert changed == [Key(NOUN, "e1")]
    assert set(cache.all(NOUN)) == {"e2"}


def test_a_complete_list_removes_a_record_from_the_room_it_has_left_even_if_it_lists_it_elsewhere(cache, model):
    """Its arrival was too large to be sent, and it is deleted there while the list is on its way."""
    model.create("e1", NORTH)
    apply_new(cache, model)
    model.move("e1", MINE, ref=True)
    with cache.fetching() as fetch:
        listed = model.items(MINE)
        model.delete("e1")
        for commit in read(model.stream):
            if commit.room == MINE:
                cache.apply(commit)
        cache.load_all(NOUN, listed, fetch, rooms={NORTH})
    assert cache.all(NOUN) == {}


def test_an_answer_older_than_a_complete_list_does_not_resurrect(cache, model):
    """The deletion is before the list's positions: no commit will ever tell of it again."""
    model.create("e1", NORTH)
    with cache.fetching() as slow:
        answer = model.items(NORTH)
        model.delete("e1")
        with cache.fetching() as fetch:
            cache.load_all(NOUN, model.items(NORTH), fetch, rooms={NORTH})
        cache.load(NOUN, answer, slow)
    assert cache.all(NOUN) == {}


def test_an_answer_older_than_a_complete_list_does_not_bring_a_record_into_a_room_it_has_left_since(cache, model):
    model.create("e1", MINE)
    apply_new(cache, model)
    model.move("e1", NORTH)
    with cache.fetching() as slow:
        answer = model.items(NORTH)
        model.move("e1", "elsewhere")
        with cache.fetching() as fetch:
            cache.load_all(NOUN, model.items(NORTH), fetch, rooms={NORTH})
        cache.load(NOUN, answer, slow)
    departure = read(model.stream)[0]
    cache.apply(departure)
    assert cache.all(NOUN) == {}


def test_leaving_a_room_forgets_its_records_and_what_is_on_its_way(cache, model):
    model.create("e1", NORTH)
    model.create("e2", MINE)
    model.create("e3", NORTH, ref=True)
    apply_new(cache, model)
    with cache.fetching() as fetch:
        page = model.items(NORTH)
        assert cache.leave(NORTH) == [Key(NOUN, "e1")]
        cache.load(NOUN, page, fetch)
    assert set(cache.all(NOUN)) == {"e2"}
    assert cache.wanted == []


def test_a_partial_cache_takes_new_records_and_ignores_changes_of_unknown_ones(model):
    cache = Cache([NOUN], partial=True)
    model.create("old", NORTH)
    model.stream.clear()
    model.update("old", city="Davis")
    model.create("new", NORTH)
    model.create("large", NORTH, ref=True)
    model.update("large", city="Chico")
    apply_new(cache, model)
    assert set(cache.all(NOUN)) == {"new"}
    assert cache.wanted == [Key(NOUN, "large")]


def test_events_that_are_not_about_records_are_left_alone(cache, model):
    model.create("e1", NORTH)
    (commit,) = model.stream
    kinds = [
        {"type": "user:typing", "data": {"userId": "u1"}},
        {"type": "escrow:locked", "data": {"escrowId": "e1"}},
        {"type": "ai:task:progress", "data": {"taskId": "t", "version": 3, "changes": {"percent": 40}}},
        {"type": "listing:updated", "data": {"listingId": "l1", "version": 3, "changes": {}}},
        {"type": "strange", "data": {}},
    ]
    for applied in read([{**commit, "events": kinds}]):
        assert cache.apply(applied) == []
    assert cache.wanted == []
