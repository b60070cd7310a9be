"""The configuration folder that a Home Assistant process starts from."""

import json
from pathlib import Path

from .ports import LOOPBACK

ROOT = Path(__file__).resolve().parents[2]
INTEGRATION = ROOT / "custom_components" / "sinotrack"

# Enough for the map, a history and the settings. What is left out would look for
# devices and services in the network.
_CONFIGURATION = """\
homeassistant:
  name: Home
  latitude: {latitude}
  longitude: {longitude}
  elevation: 34
  unit_system: metric
  currency: EUR
  country: DE
  language: en
  time_zone: Europe/Berlin
api:
config:
diagnostics:
frontend:
history:
logbook:
map:
recorder:
  commit_interval: 1
system_health:
automation: !include automations.yaml
logger:
  default: warning
  logs:
    custom_components.sinotrack: info
    # They miss a program or a library, and nobody here misses them.
    haffmpeg: critical
    homeassistant.components.camera.img_util: critical
"""


def ignored_folder(path: Path) -> Path:
    """Make a folder that keeps itself and everything in it out of version control."""
    path.mkdir(parents=True, exist_ok=True)
    (path / ".gitignore").write_text("*\n")
    return path


def prepare(folder: Path, *, port: int, home: tuple[float, float]) -> None:
    """Write what the process reads at its start; what it keeps itself stays.

    The integration is linked, not copied: what runs is what stands in the repository.
    """
    latitude, longitude = home
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "configuration.yaml").write_text(
        _CONFIGURATION.format(latitude=latitude, longitude=longitude)
    )
    automations = folder / "automations.yaml"
    if not automations.exists():
        automations.write_text("[]\n")

    link = folder / "custom_components" / INTEGRATION.name
    link.parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(INTEGRATION)

    # A port under `http:` in the configuration is taken for a trial: the frontend asks
    # to confirm it, and without an answer Home Assistant goes back to 8123 after five
    # minutes. A stored port is taken for confirmed. This is the first version of that
    # file, which Home Assistant completes by itself.
    _store(folder, "http", 1, {"server_port": port, "server_host": [LOOPBACK]})
    # Only the account is left for the welcome page. The steps after it would set up
    # weather and radio, which need the internet.
    if not (folder / ".storage" / "onboarding").exists():
        done = ["core_config", "analytics", "integration"]
        _store(folder, "onboarding", 4, {"done": done})


def _store(folder: Path, key: str, version: int, data: dict[str, object]) -> None:
    """Write a file as Home Assistant's own storage does."""
    path = folder / ".storage" / key
    path.parent.mkdir(exist_ok=True)
    content = {"version": version, "minor_version": 1, "key": key, "data": data}
    path.write_text(json.dumps(content))
