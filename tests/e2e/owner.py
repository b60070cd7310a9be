"""What the owner of the house does on the settings pages, and sees afterwards."""

from dataclasses import dataclass

from .history import State
from .host import Host
from .ports import LOOPBACK
from .rest import Json

DOMAIN = "sinotrack"

_FLOWS = "/api/config/config_entries/flow"
_SUBENTRY_FLOWS = "/api/config/config_entries/subentries/flow"


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner at work in one Home Assistant."""

    host: Host

    # --- Receivers ------------------------------------------------------------------

    async def begin_setup(self) -> Json:
        """Choose the integration under "Add integration"; the form that opens."""
        return await self._flow(_FLOWS, {"handler": DOMAIN})

    async def submit(self, form: Json, answers: Json) -> Json:
        """Send a form of a receiver or of a discovery; what comes next."""
        return await self._flow(f"{_FLOWS}/{form['flow_id']}", answers)

    async def cancel(self, form: Json) -> None:
        """Close a form, or take a card away until the next start."""
        await self.host.rest.delete(f"{_FLOWS}/{form['flow_id']}")

    async def add_receiver(self, port: int, address: str = LOOPBACK) -> str:
        """Set up a receiver and wait until it listens; the id of its entry."""
        form = await self.begin_setup()
        done = await self.submit(form, {"port": port, "host": address})
        if done["type"] != "create_entry":
            raise AssertionError(f"no receiver on port {port}: {done}")
        entry_id = str(done["result"]["entry_id"])
        await self.until_state(entry_id, "loaded")
        return entry_id

    async def move_receiver(
        self, entry_id: str, port: int, address: str = LOOPBACK
    ) -> None:
        """Use "Reconfigure" in an entry's menu, and wait until it listens again."""
        form = await self._flow(_FLOWS, {"handler": DOMAIN, "entry_id": entry_id})
        done = await self.submit(form, {"port": port, "host": address})
        if done["type"] != "abort":
            raise AssertionError(f"no receiver on port {port}: {done}")
        await self.until_state(entry_id, "loaded")

    async def entries(self) -> list[Json]:
        """All entries of the integration, the ignored ones among them."""
        found: list[Json] = await self.host.socket.command(
            "config_entries/get", domain=DOMAIN
        )
        return found

    async def until_state(self, entry_id: str, state: str) -> None:
        """Wait until an entry is loaded, not loaded or whatever else."""

        async def reached() -> bool:
            return any(
                entry["entry_id"] == entry_id and entry["state"] == state
                for entry in await self.entries()
            )

        await self.host.wait_for(reached, f"the entry to be {state}")

    async def set_enabled(self, entry_id: str, enabled: bool) -> None:
        """Use "Enable" or "Disable" in an entry's menu."""
        await self.host.socket.command(
            "config_entries/disable",
            entry_id=entry_id,
            disabled_by=None if enabled else "user",
        )

    async def delete(self, entry_id: str) -> None:
        """Use "Delete" in an entry's menu."""
        await self.host.rest.delete(f"/api/config/config_entries/entry/{entry_id}")

    # --- Trackers -------------------------------------------------------------------

    async def discoveries(self) -> dict[str, Json]:
        """The cards under "Discovered", by the tracker's id."""
        flows: list[Json] = await self.host.socket.command(
            "config_entries/flow/progress"
        )
        return {
            flow["context"]["unique_id"]: flow
            for flow in flows
            if flow["handler"] == DOMAIN
        }

    async def discovered(self, tracker_id: str) -> Json:
        """Wait for the card of a tracker."""

        async def card() -> Json | None:
            return (await self.discoveries()).get(tracker_id)

        return await self.host.wait_for(card, f"the discovery of {tracker_id}")

    async def accept(self, tracker_id: str, name: str) -> Json:
        """Wait for the card, press "Add" and give a name; what is said at the end."""
        card = await self.discovered(tracker_id)
        return await self.submit(card, {"name": name})

    async def ignore(self, tracker_id: str) -> None:
        """Wait for the card and press "Ignore"."""
        card = await self.discovered(tracker_id)
        await self.host.socket.command(
            "config_entries/ignore_flow", flow_id=card["flow_id"], title=tracker_id
        )

    async def add_by_hand(self, entry_id: str, tracker_id: str, name: str) -> Json:
        """Use "Add tracker" of a receiver; what is said at the end."""
        menu = await self._flow(_SUBENTRY_FLOWS, {"handler": [entry_id, "tracker"]})
        form = await self._flow(
            f"{_SUBENTRY_FLOWS}/{menu['flow_id']}", {"next_step_id": "heard"}
        )
        return await self._flow(
            f"{_SUBENTRY_FLOWS}/{form['flow_id']}",
            {"tracker_id": tracker_id, "name": name},
        )

    async def trackers(self, entry_id: str) -> dict[str, Json]:
        """The trackers of a receiver, by their id."""
        found: list[Json] = await self.host.socket.command(
            "config_entries/subentries/list", entry_id=entry_id
        )
        return {str(tracker["unique_id"]): tracker for tracker in found}

    async def rename_tracker(self, entry_id: str, tracker_id: str, name: str) -> None:
        """Use "Rename" in a tracker's menu."""
        tracker = (await self.trackers(entry_id))[tracker_id]
        await self.host.socket.command(
            "config_entries/subentries/update",
            entry_id=entry_id,
            subentry_id=tracker["subentry_id"],
            title=name,
        )

    async def delete_tracker(self, entry_id: str, tracker_id: str) -> None:
        """Use "Delete" in a tracker's menu."""
        tracker = (await self.trackers(entry_id))[tracker_id]
        await self.host.socket.command(
            "config_entries/subentries/delete",
            entry_id=entry_id,
            subentry_id=tracker["subentry_id"],
        )

    # --- What is shown --------------------------------------------------------------

    async def devices(self) -> dict[str, Json]:
        """The devices of the integration, by the second part of their identifier."""
        found: list[Json] = await self.host.socket.command(
            "config/device_registry/list"
        )
        return {
            identifier: device
            for device in found
            for domain, identifier in device["identifiers"]
            if domain == DOMAIN
        }

    async def entity_ids(self, tracker_id: str) -> dict[str, str]:
        """The entities of a tracker, by their key."""
        found: list[Json] = await self.host.socket.command(
            "config/entity_registry/list"
        )
        prefix = f"{tracker_id}_"
        return {
            entity["unique_id"].removeprefix(prefix): entity["entity_id"]
            for entity in found
            if entity["platform"] == DOMAIN and entity["unique_id"].startswith(prefix)
        }

    async def entity_id(self, tracker_id: str, key: str) -> str:
        """Wait for one entity of a tracker to be there."""

        async def registered() -> str | None:
            return (await self.entity_ids(tracker_id)).get(key)

        return await self.host.wait_for(registered, f"the {key} of {tracker_id}")

    async def state(self, tracker_id: str, key: str) -> State:
        """The present state of one entity of a tracker."""
        entity_id = await self.entity_id(tracker_id, key)
        return State.of(await self.host.rest.get(f"/api/states/{entity_id}"))

    async def until_shown(self, tracker_id: str, key: str, value: str) -> State:
        """Wait until an entity of a tracker shows a value; its whole state then."""

        async def shown() -> State | None:
            state = await self.state(tracker_id, key)
            return state if state.value == value else None

        return await self.host.wait_for(shown, f"{key} of {tracker_id} to be {value}")

    async def _flow(self, path: str, data: Json) -> Json:
        answer: Json = await self.host.rest.post(path, data)
        return answer
