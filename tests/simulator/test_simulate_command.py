"""The command line says what is wrong with what it is given."""

from pathlib import Path
import signal
import subprocess
import sys

import pytest

import simulator
from simulator.__main__ import main

PATIENCE = 20


def call(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    """The exit status of the command."""
    monkeypatch.setattr(sys, "argv", ["simulate", *words])
    try:
        return main()
    except SystemExit as stop:
        return stop.code


def test_help_names_each_option(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The options that the documentation shows exist."""
    assert call(monkeypatch, "--help") == 0
    text = capsys.readouterr().out
    for option in (
        *("--host", "--port", "--id", "--transport", "--dialect", "--home"),
        *("--interval", "--laps", "--once", "--offline", "--noise", "--seed"),
    ):
        assert option in text


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--home", "52.5"], "LAT,LON"),
        (["--home", "95,13"], "pole"),
        (["--offline", "60"], "FROM:TO"),
        (["--offline", "60:30"], "FROM comes before TO"),
        (["--alarm", "panic@1:2"], "no status bit 'panic'"),
        (["--id", "12345"], "10 to 15 digits"),
        (["--interval", "0"], "at least 1"),
        (["--laps", "2", "--once"], "not allowed"),
        (["--dialect", "5g"], "invalid choice"),
        (["--lap-seconds", "20"], "no round trip"),
        (["--lap-seconds", "nan"], "from 0 on"),
        (["--drip", "-1"], "from 0 on"),
        (["--noise", "much"], "from 0 on"),
        (["--port", "70000"], "65535"),
        (["--transport", "udp", "--segments", "2"], "complete frames"),
        (["--dialect", "binary", "--id", "123456789012345"], "10 digits"),
    ],
)
def test_wrong_options_are_explained(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    complaint: str,
) -> None:
    """Status 2 and a sentence, never a traceback."""
    assert call(monkeypatch, *words) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_signal_is_a_clean_end(stop: signal.Signals) -> None:
    """A summary and the usual status, no traceback."""
    with subprocess.Popen(
        [sys.executable, "-m", "simulator", "--port", "1"],
        cwd=Path(simulator.__path__[0]).parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        assert command.stdout
        first = command.stdout.readline()
        command.send_signal(stop)
        rest, errors = command.communicate(timeout=PATIENCE)
    assert " V6 " in first
    assert "still stored" in rest
    assert set(errors.splitlines()) == {
        "simulate: nobody answers on 127.0.0.1:1 over TCP, it is tried again"
    }
    assert command.returncode == 130
