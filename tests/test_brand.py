"""The pictures that Home Assistant shows for the integration, and their sources."""

from pathlib import Path
import struct
from xml.etree import ElementTree as ET

from PIL import Image
import pytest

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "custom_components/sinotrack/brand"
SOURCES = ROOT / "docs/brand"

ICON_SIZES = {
    "icon": 256,
    "icon@2x": 512,
    "dark_icon": 256,
    "dark_icon@2x": 512,
}
# The short side, from and to.
LOGO_SIZES = {
    "logo": (128, 256),
    "logo@2x": (256, 512),
    "dark_logo": (128, 256),
    "dark_logo@2x": (256, 512),
}

DRAWINGS = ("icon", "logo", "dark_icon", "dark_logo")

# Of the dark interface and of the light one.
BLACK, WHITE = (17, 17, 17), (250, 250, 250)


def size_of(name: str) -> tuple[int, int]:
    """Give width and height as the header of a PNG tells them."""
    head = (PICTURES / f"{name}.png").read_bytes()[:24]
    signature, length, chunk, width, height = struct.unpack(">8sI4sII", head)
    assert signature == b"\x89PNG\r\n\x1a\n"
    assert (length, chunk) == (13, b"IHDR")
    return width, height


def drawn_area(name: str) -> tuple[int, int, int, int]:
    """Give left, top, right and bottom of what can be seen."""
    with Image.open(PICTURES / f"{name}.png") as picture:
        area = picture.getchannel("A").getbbox()
    assert area is not None
    return area


def contrast(name: str, ground: tuple[int, int, int]) -> float:
    """Give the contrast of the lettering with what is behind it (WCAG, 1 to 21)."""

    def luminance(color: tuple[int, ...]) -> float:
        parts = [
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
            for part in (channel / 255 for channel in color[:3])
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    with Image.open(PICTURES / f"{name}.png") as picture:
        letters = picture.crop((picture.height, 0, picture.width, picture.height))
        colors = letters.getcolors(letters.width * letters.height)
    assert colors is not None
    opaque = [
        (count, color)
        for count, color in colors
        if isinstance(color, tuple) and color[3] == 255
    ]
    dark, light = sorted((luminance(max(opaque)[1]), luminance(ground)))
    return (light + 0.05) / (dark + 0.05)


def test_all_pictures_and_no_others_are_there() -> None:
    assert {path.name for path in PICTURES.iterdir()} == {
        f"{name}.png" for name in (*ICON_SIZES, *LOGO_SIZES)
    }


@pytest.mark.parametrize(("name", "side"), ICON_SIZES.items())
def test_icon_is_square_and_of_the_size_asked_for(name: str, side: int) -> None:
    assert size_of(name) == (side, side)


@pytest.mark.parametrize(("name", "limits"), LOGO_SIZES.items())
def test_logo_is_wide_and_of_the_size_asked_for(
    name: str, limits: tuple[int, int]
) -> None:
    width, height = size_of(name)

    assert width > height
    assert limits[0] <= height <= limits[1]


@pytest.mark.parametrize("name", ICON_SIZES)
def test_icon_is_trimmed_and_centred(name: str) -> None:
    side, _ = size_of(name)
    left, top, right, bottom = drawn_area(name)

    assert (top, bottom) == (0, side)
    assert abs(left - (side - right)) <= 1


@pytest.mark.parametrize("name", LOGO_SIZES)
def test_logo_is_trimmed(name: str) -> None:
    assert drawn_area(name) == (0, 0, *size_of(name))


@pytest.mark.parametrize("name", DRAWINGS)
def test_double_size_is_the_same_picture(name: str) -> None:
    width, height = size_of(name)

    assert size_of(f"{name}@2x") == (2 * width, 2 * height)


@pytest.mark.parametrize(("name", "ground"), [("logo", WHITE), ("dark_logo", BLACK)])
def test_lettering_can_be_read_on_its_ground(
    name: str, ground: tuple[int, int, int]
) -> None:
    assert contrast(name, ground) >= 7


@pytest.mark.parametrize("name", DRAWINGS)
def test_source_has_the_shape_of_its_picture(name: str) -> None:
    drawing = ET.parse(SOURCES / f"{name}.svg").getroot()  # noqa: S314  our own file
    left, top, width, height = map(float, drawing.attrib["viewBox"].split())

    assert (left, top) == (0, 0)
    assert size_of(name) == (round(256 * width / height), 256)


def test_sources_show_the_same_pin() -> None:
    """On dark pages in a lighter blue."""
    pins = {
        name: [
            line.strip()
            for line in (SOURCES / f"{name}.svg").read_text().splitlines()
            if line.lstrip().startswith("<path fill=")
        ]
        for name in DRAWINGS
    }

    assert pins["logo"] == pins["icon"] != []
    assert pins["dark_logo"] == pins["dark_icon"] != pins["icon"]
    shapes = {
        name: [path.partition(" d=")[2] for path in paths]
        for name, paths in pins.items()
    }
    assert shapes["dark_icon"] == shapes["icon"]


def test_sources_need_no_font_and_nothing_from_elsewhere() -> None:
    for source in SOURCES.glob("*.svg"):
        drawing = ET.parse(source).getroot()  # noqa: S314  our own file
        tags = {element.tag.rpartition("}")[2] for element in drawing.iter()}
        assert tags <= {"svg", "title", "g", "path"}
