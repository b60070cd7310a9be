"""A page of its own for the cars: a map with their trails, as a user would build it."""

from .owner import Owner
from .rest import Json

PATH = "cars-map"
_TITLE = "Cars"


async def add_dashboard(owner: Owner, tracker_ids: list[str]) -> str:
    """Add a page to the sidebar, unless it is there already; its path."""
    socket = owner.host.socket
    path = f"/{PATH}/map"
    pages: list[Json] = await socket.command("lovelace/dashboards/list")
    if any(page["url_path"] == PATH for page in pages):
        return path
    await socket.command(
        "lovelace/dashboards/create",
        url_path=PATH,
        title=_TITLE,
        icon="mdi:car-multiple",
        show_in_sidebar=True,
        mode="storage",
    )
    entities = [await owner.entity_id(each, "location") for each in tracker_ids]
    card = {"type": "map", "entities": [*entities, "zone.home"], "hours_to_show": 1}
    view = {"title": _TITLE, "path": "map", "type": "panel", "cards": [card]}
    await socket.command(
        "lovelace/config/save", url_path=PATH, config={"views": [view]}
    )
    return path
