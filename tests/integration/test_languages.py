"""Each language tells all that English tells, and nothing else."""

import json
from pathlib import Path
import re
from typing import Any

import pytest

from .test_translations import COMPONENT, TEXTS, leaves, placeholders

FOLDER = COMPONENT / "translations"
LANGUAGES = ("de", "es", "fr", "it", "nl", "pl", "pt-BR", "ru", "zh-Hans")

# What is typed or read as it stands, on a phone or in the interface of a router.
_AS_IT_STANDS = re.compile(
    r"RCONF|RESTART|SET OK|\bAPN\b|\bTCP\b|\bUDP\b|CGNAT|\bGPS\b|ST-90\d|H02|\b\d{3,}\b"
)


def texts_of(language: str) -> dict[str, Any]:
    """Read a language."""
    content: dict[str, Any] = json.loads((FOLDER / f"{language}.json").read_text())
    return content


def test_there_are_ten_languages() -> None:
    found = {path.stem for path in FOLDER.iterdir()}

    assert found == {"en", *LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_is_complete_and_in_the_same_order(language: str) -> None:
    told = [key for key, _ in leaves(texts_of(language))]

    assert told == [key for key, _ in leaves(TEXTS)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_is_given_the_same(language: str) -> None:
    translated = dict(leaves(texts_of(language)))

    for key, text in leaves(TEXTS):
        assert placeholders(translated[key]) == placeholders(text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_paragraphs_and_lists_are_the_same(language: str) -> None:
    translated = dict(leaves(texts_of(language)))

    for key, text in leaves(TEXTS):
        shape = re.findall(r"\n+(?:\d\.)?", text)
        assert re.findall(r"\n+(?:\d\.)?", translated[key]) == shape, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_typed_as_it_stands_is_not_translated(language: str) -> None:
    translated = dict(leaves(texts_of(language)))

    for key, text in leaves(TEXTS):
        for word in set(_AS_IT_STANDS.findall(text)):
            assert word in translated[key], (key, word)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_translated(language: str) -> None:
    """Words may be the same in two languages; sentences are not."""
    translated = dict(leaves(texts_of(language)))

    for key, text in leaves(TEXTS):
        if len(text.split()) > 3:
            assert translated[key] != text, key


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_file_is_plain_and_whole(path: Path) -> None:
    text = path.read_text()

    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
    for key, told in leaves(json.loads(text)):
        assert told.strip() == told != "", key
        assert not re.search(r"</?\w+[^>]*>|http|\[%key", told), key
