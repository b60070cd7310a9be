"""What holds for the mask of whatever arrives."""

import re

from hypothesis import example, given, strategies as st

from custom_components.sinotrack.h02 import Report, decode, mask

from .frames import CAR, record
from .read import meaning, read
from .vectors import REPORTS, VECTORS

NUMBER = 7

# Where an id, a phone number, an address or a place may turn up, and never should.
private_values = st.one_of(
    st.from_regex(r"[4-9][0-9]{7,18}", fullmatch=True),
    st.from_regex(r"\+49[0-9]{9,11}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{3,4}\.[0-9]{4,5}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{2}\.[0-9]{2,3}\.[0-9]{2,3}\.[0-9]{2,3}", fullmatch=True),
    st.from_regex(r"[1-9]{6}[a-f]{3}[1-9]{3}", fullmatch=True),
).filter(lambda value: len({*filter(str.isdigit, value)}) > 2)


@given(
    st.sampled_from([vector.data for vector in REPORTS if vector.data[:1] == b"*"]),
    private_values,
    st.data(),
)
def test_private_value_survives_in_no_field(
    sentence: bytes, value: str, data: st.DataObject
) -> None:
    fields = sentence.decode()[1:-1].split(",")
    for _ in range(data.draw(st.integers(1, 2))):
        at = data.draw(st.integers(1, len(fields) - 1))
        old = fields[at]
        fields[at] = data.draw(
            st.sampled_from([value, f" {value}", f"{old}{value}", f"{value}{old}"])
        )

    shown = mask(f"*{','.join(fields)}#".encode(), NUMBER)

    assert shown is None or value not in shown.decode()


@given(st.sampled_from([vector.data for vector in REPORTS]), st.data())
def test_no_place_survives_in_another_field(frame: bytes, data: st.DataObject) -> None:
    fields = frame.decode("latin-1").split(",")
    for _ in range(data.draw(st.integers(1, 3))):
        source, target = (data.draw(st.sampled_from(range(len(fields)))) for _ in "ab")
        fields[target] = fields[source]
    changed = ",".join(fields).encode("latin-1")
    decoded = decode(changed)

    shown = mask(changed, NUMBER)

    if shown is None or frame[:1] != b"*" or not isinstance(decoded, Report):
        return
    places = re.findall(r"([-\d.]{7,}),[NS],([-\d.]{7,}),[EW]", changed.decode())
    for coordinate in (coordinate for place in places for coordinate in place):
        if len(set(coordinate) - {".", "-"}) > 1:
            assert coordinate not in shown.decode()


@given(
    st.binary(max_size=120)
    | st.text("*$XHQVSMN,.;#0123456789AEW", max_size=80).map(str.encode)
    | st.text(max_size=60).map(lambda text: f"*HQ,{CAR},SMS,{text}#".encode())
    | st.sampled_from([vector.data for vector in VECTORS]).map(lambda data: data[1:])
    | st.builds(bytes.__add__, st.just(record()), st.binary(max_size=25))
)
@example(b"")
def test_what_is_masked_is_a_report_of_the_same_meaning(frame: bytes) -> None:
    shown, decoded = mask(frame, NUMBER), decode(frame)

    if shown is not None and isinstance(decoded, Report):
        assert meaning(read(shown)) == meaning(decoded)
