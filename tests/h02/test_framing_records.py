"""Binary records carry no length: it shows in what stands around them (a.8)."""

import pytest

from custom_components.sinotrack.h02 import Framer, framing, split
from custom_components.sinotrack.h02.binary import LONG_ID_HEAD_LENGTH, find_lengths

from .frames import CAR, TAIL_45, record, record_42, record_45
from .streams import LONG, MILEAGE, RECORD, SENTENCE, feed


def test_eight_records_in_a_row() -> None:
    records = [record(tail=f"ff00{number:02x}") for number in range(8)]

    assert feed(b"".join(records)) == records


def tail_of(length: int) -> str:
    """The end of a record of that length; the fuel unit's tells what it is (a.5)."""
    begin = "ff034400" if length == 46 else "ff"
    return begin + "5a" * (length - 29 - len(begin) // 2)


@pytest.mark.parametrize("length", [32, 42, 45, 46, 47, 48, 51])
@pytest.mark.parametrize("following", [b"", SENTENCE, RECORD, MILEAGE, b"\r\n"])
def test_length_shows_in_what_follows(length: int, following: bytes) -> None:
    first = record_42() if length == 42 else record(tail=tail_of(length))
    frames = [frame for frame in (first, following.strip()) if frame]

    assert len(first) == length
    assert feed(first + following) == frames
    assert feed(first + first + following) == [first, *frames]
    assert split(first + following) == frames


@pytest.mark.parametrize("count", range(1, 5))
def test_joined_records_are_not_taken_for_short_ones(count: int) -> None:
    assert feed(LONG * count) == [LONG] * count
    assert feed(LONG * count + SENTENCE) == [LONG] * count + [SENTENCE]


@pytest.mark.parametrize("satellites", [0x0A, 0x0D, 0x20, 0x24, 0x2A, 0x58])
def test_count_of_satellites_is_no_line_break_and_no_frame(satellites: int) -> None:
    """Byte 32 of the long form stands where a frame may follow the short one."""
    long = record_45(tail=f"ff0015{satellites:02x}{TAIL_45[8:]}")
    for cut in range(1, len(long)):
        assert feed(long[:cut], long[cut:]) == [long], cut
        assert feed(long, long[:cut], long[cut:]) == [long, long], cut
    assert feed(long + long) == [long, long]


@pytest.mark.parametrize("tail", ["ff0020", "ff000a", "ff000d", "ff0d0a", "ff0024"])
def test_record_may_end_in_a_blank_or_a_marker(tail: str) -> None:
    ends_blank = record(tail=tail)

    assert feed(ends_blank) == [ends_blank]
    assert feed(ends_blank * 3) == [ends_blank] * 3
    assert feed(ends_blank + SENTENCE) == [ends_blank, SENTENCE]


def test_record_that_may_be_whole_waits_for_patience() -> None:
    framer = Framer()

    assert (framer.feed(RECORD), framer.is_waiting) == ([], True)
    assert (framer.flush(), framer.is_waiting) == ([RECORD], False)
    assert framer.is_empty


@pytest.mark.parametrize("following", [RECORD, SENTENCE])
@pytest.mark.parametrize("cut", range(12))
def test_patience_with_a_record_costs_the_next_frame_nothing(
    following: bytes, cut: int
) -> None:
    framer = Framer()
    frames = framer.feed(RECORD + following[:cut])
    if framer.is_waiting:
        frames += framer.flush()
    frames += framer.feed(following[cut:])

    assert frames + framer.flush() == [RECORD, following]
    assert framer.skipped == 0


def test_beginning_that_nothing_follows_is_dropped_in_the_end() -> None:
    framer = Framer()
    framer.feed(RECORD + RECORD[:4])
    frames = framer.flush()
    assert (frames, framer.is_empty, framer.skipped) == ([RECORD], False, 0)
    frames = framer.flush()
    assert (frames, framer.is_empty, framer.skipped) == ([], True, 4)


def test_what_begins_no_frame_is_not_held_behind_a_record() -> None:
    framer = Framer()
    framer.feed(RECORD + b"$zz")
    frames = framer.flush()
    assert (frames, framer.is_empty, framer.skipped) == ([RECORD], True, 3)


@pytest.mark.parametrize("kind", [RECORD, LONG])
def test_record_of_the_known_length_does_not_wait(kind: bytes) -> None:
    framer = Framer()
    framer.feed(kind)
    framer.flush()

    assert framer.feed(kind) == [kind]
    assert framer.feed(kind + kind[:3]) == [kind]
    assert not framer.is_waiting
    assert framer.feed(kind[3:] + b"\r\n") == [kind]
    assert framer.feed(kind + b"*") == [kind]
    assert framer.feed(SENTENCE[1:]) == [SENTENCE]


def test_tracker_with_a_known_length_may_send_a_longer_record() -> None:
    """Some units tell the supply in one record of a hundred (a.5)."""
    framer = Framer()
    framer.feed(LONG)
    framer.flush()
    with_supply = record(tail=TAIL_45[:-2] + "007d1f")

    assert framer.feed(with_supply[:46]) == []
    assert framer.feed(with_supply[46:]) == []
    assert framer.flush() == [with_supply]


def test_length_is_known_of_one_tracker_not_of_another() -> None:
    framer = Framer()
    framer.feed(RECORD)
    framer.flush()

    assert framer.feed(record(tracker_id=CAR)) == []
    assert framer.is_waiting


def test_wrong_length_learned_is_unlearned() -> None:
    """A pause of the network in the middle of a record makes it look short."""
    framer = Framer()
    framer.feed(LONG[:32])

    assert framer.flush() == [LONG[:32]]
    framer.feed(LONG[32:])
    framer.feed(LONG)
    assert framer.flush() == [LONG]
    assert framer.feed(LONG) == [LONG]


def test_record_of_a_length_nobody_has_seen_gives_its_common_part() -> None:
    unknown = record(tail="ff" + "5a" * 40)

    assert feed(unknown) == [unknown[:32]]
    assert feed(unknown, SENTENCE) == [unknown[:32], SENTENCE]
    assert feed(LONG, record(tail=TAIL_45 + "5a" * 30)) == [LONG, LONG]


def test_blank_that_ends_a_longer_record_belongs_to_it() -> None:
    fuel = record(tail="ff03440069129344006400001151415a20")

    assert feed(fuel + SENTENCE) == [fuel, SENTENCE]
    assert feed(LONG + b"\r\n" + SENTENCE) == [LONG, SENTENCE]
    assert feed(LONG + b"\r\n" + LONG + b"\r\n") == [LONG, LONG]


@pytest.mark.parametrize("blank", [b"\n", b"\r", b"\r\n"])
@pytest.mark.parametrize("length", [32, 45, 46])
def test_line_break_behind_a_record_makes_no_longer_one_of_it(
    length: int, blank: bytes
) -> None:
    """With one byte more it is as long as that of a fuel unit."""
    sent = record(tail=tail_of(length))
    assert split(sent + blank) == [sent]
    assert feed(sent + blank) == [sent]
    for following in (SENTENCE, sent):
        assert split(sent + blank + following) == [sent, following]
        assert feed(sent + blank + following) == [sent, following]


@pytest.mark.parametrize("blank", [b"", b"\n", b"\r", b"\r\n"])
def test_whole_record_shorter_than_the_last_waits_for_patience(blank: bytes) -> None:
    framer = Framer()
    framer.feed(LONG + LONG)
    framer.feed(LONG + record(tail=tail_of(32)) + blank)

    assert framer.is_waiting


# With 33 the last is a line break, as a count of satellites can be.
@pytest.mark.parametrize("length", range(34, 45))
def test_record_that_cannot_be_whole_is_not_cut_for_impatience(length: int) -> None:
    """The rest of a backlog comes a round trip later."""
    framer = Framer()
    framer.feed(LONG + LONG)

    assert framer.feed(LONG + LONG[:length]) == [LONG]
    assert not framer.is_waiting
    assert framer.feed(LONG[length:] + LONG) == [LONG, LONG]


def test_record_of_another_form_may_follow() -> None:
    assert feed(LONG + record_42() + LONG) == [LONG, record_42(), LONG]


def test_mileage_record_never_waits() -> None:
    framer = Framer()

    assert framer.feed(MILEAGE[:31]) == []
    assert not framer.is_waiting
    assert framer.feed(MILEAGE[31:]) == [MILEAGE]


def test_record_with_a_long_id_never_waits() -> None:
    framer = Framer()
    long_id = record_42()

    assert framer.feed(long_id[:40]) == []
    assert not framer.is_waiting
    assert framer.feed(long_id[40:]) == [long_id]


@pytest.mark.parametrize("length", [6, 12, 20, 25, 29, 31])
def test_half_a_record_does_not_cost_the_next(length: int) -> None:
    assert feed(RECORD[:length] + RECORD) == [RECORD]
    assert feed(RECORD[:length] + SENTENCE) == [SENTENCE]
    assert feed(RECORD + RECORD[:length]) == [RECORD]


def test_half_a_record_with_a_long_id_does_not_cost_the_next_frame() -> None:
    for length in range(1, 42):
        assert feed(record_42()[:length] + SENTENCE) == [SENTENCE], length


@pytest.mark.parametrize("length", [33, 40, 44])
def test_known_length_never_reaches_into_the_next_frame(length: int) -> None:
    assert feed(LONG, LONG, LONG[:length] + SENTENCE) == [
        *(LONG, LONG, LONG[:32], SENTENCE),
    ]


@pytest.mark.parametrize("noise", [b"X$", b"$", b"$*H", b"X\xff"])
def test_markers_by_chance_get_no_closer_look(
    noise: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One costs a hundred times what it costs to pass over a byte."""
    looks: list[int] = []

    def noted(buffer: bytes, start: int) -> tuple[int, ...]:
        looks.append(start)
        return find_lengths(buffer, start)

    monkeypatch.setattr(framing, "find_lengths", noted)
    framer = Framer()

    assert framer.feed(noise * 1000 + SENTENCE) == [SENTENCE]
    assert framer.feed(noise * 1000) == []
    assert len(looks) <= 2 + LONG_ID_HEAD_LENGTH
