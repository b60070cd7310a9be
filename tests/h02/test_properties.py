"""What holds for whatever arrives."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import example, given, strategies as st

from custom_components.sinotrack.h02 import (
    BATCH_LIMIT,
    Foreign,
    Framer,
    Malformed,
    Report,
    acknowledge,
    decode,
    expand_batch,
    identify,
    split,
)
from custom_components.sinotrack.h02.edges import FRAME_START, may_begin

from .frames import record, record_42, record_45, record_x, v1
from .values import check_values
from .vectors import REPORTS, VECTORS

NOW = datetime(2026, 6, 1, 12, 0, 5, tzinfo=UTC)
HOSTILE = [
    "9" * 5000,
    "-1",
    "nan",
    "inf",
    "1e9",
    "1_0",
    "٣",
    "½",
    "\x00",
    " ",
    "",
    "\n",
]

real_frames = st.sampled_from([vector.data for vector in VECTORS])


@st.composite
def mutated_frames(draw: st.DrawFn) -> bytes:
    """A real frame with bytes flipped, cut out, put in or repeated."""
    frame = bytearray(draw(real_frames))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(frame)))
        end = draw(st.integers(start, min(len(frame), start + 20)))
        change = draw(st.sampled_from(["flip", "cut", "insert", "repeat"]))
        if change == "flip" and start < len(frame):
            frame[start] ^= draw(st.integers(1, 255))
        elif change == "cut":
            del frame[start:end]
        elif change == "insert":
            frame[start:start] = draw(st.binary(max_size=12))
        else:
            frame[start:start] = frame[start:end]
    return bytes(frame)


@st.composite
def mutated_sentences(draw: st.DrawFn) -> bytes:
    """A real sentence with whole fields changed for others."""
    sentence = draw(real_frames.filter(lambda frame: frame.startswith(b"*")))
    fields = sentence.decode("utf-8", "replace").strip("*#").split(",")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(fields) - 1))
        fields[at] = draw(
            st.sampled_from(HOSTILE) | st.sampled_from(fields) | st.text(max_size=12)
        )
        if draw(st.booleans()):
            del fields[draw(st.integers(0, len(fields) - 1)) :]
            fields.append("")
    return f"*{','.join(fields)}#".encode("utf-8", "replace")


anything = (
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    | st.text("*$X#,HQV19AN.", max_size=200).map(str.encode)
    | mutated_frames()
    | mutated_sentences()
)


# --- nothing raises -------------------------------------------------------------------


@given(anything)
@example(b"")
def test_nothing_that_arrives_raises(data: bytes) -> None:
    decoded = decode(data)

    assert isinstance(decoded, Report | Foreign | Malformed)
    assert decoded.raw == data
    assert isinstance(identify(data), str)
    for frame in split(data):
        assert frame in data


@given(anything)
def test_values_of_a_report_are_in_range(data: bytes) -> None:
    decoded = decode(data)

    if isinstance(decoded, Report):
        check_values(decoded)
        for point in expand_batch(decoded, NOW):
            check_values(point)
            assert point.time is None or point.time <= NOW + timedelta(days=1)


@given(anything)
def test_answer_to_a_report_is_one_short_sentence(data: bytes) -> None:
    decoded = decode(data)

    if isinstance(decoded, Report):
        answer = acknowledge(decoded, NOW)
        assert len(answer) < 50
        assert not answer or split(answer) == [answer]


@given(st.lists(anything, max_size=8))
def test_framer_keeps_its_bounds_and_comes_to_an_end(segments: list[bytes]) -> None:
    framer = Framer()
    frames = []
    for segment in segments:
        frames += framer.feed(segment)
        assert len(framer._buffer) <= BATCH_LIMIT  # noqa: SLF001  what it holds
    frames += framer.flush()

    assert framer.is_empty
    assert sum(map(len, frames)) + framer.skipped <= sum(map(len, segments))
    assert all(frame[:1] in {b"*", b"$", b"X"} for frame in frames)


@given(
    st.lists(
        st.sampled_from(
            [
                *(b"*HQ,", b"*H", b"*", b"$", b"X", b"#", b"\x10" * 6, b"\r\n"),
                *(record(), record()[:20], record_x()),
                *(record_42(), record_42()[:14], record_42()[:20]),
            ]
        ),
        max_size=6,
    )
)
def test_search_passes_over_no_beginning_of_a_frame(parts: list[bytes]) -> None:
    data = b"".join(parts)
    for start in range(len(data)):
        if may_begin(data, start):
            assert FRAME_START.match(data, start), data[start:]


@given(anything, st.sampled_from([v1(), v1(tracker_id="1", kind="V5")]))
def test_bad_frame_never_costs_the_good_one_behind_it(bad: bytes, good: bytes) -> None:
    # A text may hold anything up to the last `#` before another frame.
    assert split(bad + good)[-1] == good


# --- the same frames however they are cut ---------------------------------------------

# With a record of each tracker always of one length, and texts without `#`.
stream_frames = st.sampled_from(
    [
        *(v1(), v1(tracker_id="", tail="460,00,1,2"), b"*HQ,1,HTBT#", b"*HQ,1,#"),
        b"*HQ,1,SMS,ID:1\r\nIP:*2 $3 X#",
        *(record(), record(tail="ff0020"), record(tail="ff000a"), record_x()),
        *(record_45(tracker_id=f"917000000{i}") for i in range(2)),
        *(
            vector.data
            for vector in REPORTS
            if vector.name.startswith(
                ("binary-42", "binary-46", "binary-48", "binary-51")
            )
        ),
    ]
)


@given(
    st.lists(st.tuples(stream_frames, st.sampled_from([b"", b"\r\n", b" \r\n"]))),
    st.data(),
)
def test_segments_change_nothing(
    sent: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    # Blanks may follow a sentence; a record is followed by the next frame at once.
    stream = b"".join(
        frame + (gap if frame.startswith(b"*") else b"") for frame, gap in sent
    )
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=12))
    edges = [0, *sorted(cuts), len(stream)]
    framer = Framer()

    frames = []
    for begin, end in pairwise(edges):
        frames += framer.feed(stream[begin:end])
    frames += framer.flush()

    assert frames == [frame for frame, _ in sent]
    assert framer.skipped == 0
