"""What is known of the trackers of one receiver, on the disk.

A file that cannot be read keeps no receiver closed, but somebody may still want what
stands in it: it is kept beside the new one. What could not be written is written again.
"""

from collections.abc import Callable
import os
from pathlib import Path
import shutil
from typing import Any, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER

STORAGE_VERSION: Final = 1
SAVE_DELAY: Final = 60
"""Seconds: what an unclean end may lose at most."""

# What could not be written as a receiver was closed, for when it is opened again.
_UNSAVED: Final[HassKey[dict[str, dict[str, Any]]]] = HassKey(f"{DOMAIN}.unsaved")

_KEPT_COPY: Final = "corrupt"
"""How Home Assistant names what it cannot parse."""


class TrackerStore(Store[dict[str, Any]]):
    """The file, and whether all that is known stands in it."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry_id: str,
        export: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        """Prepare; `export` gives what is to be kept of each tracker."""
        super().__init__(
            hass,
            STORAGE_VERSION,
            f"{DOMAIN}.{entry_id}",
            private=True,
            atomic_writes=True,
        )
        self.is_damaged = False
        """Whether something in the file could not be read."""
        self._export = export
        # A save is due within the delay, and will take what is known by then.
        self._is_scheduled = False
        # Something is known that is not on the disk.
        self._is_unsaved = False
        self._is_closed = False
        # The last save went wrong, which is told once.
        self._is_failing = False

    async def async_load_trackers(self) -> dict[str, Any]:
        """Give what was kept of each tracker; nothing where that cannot be read."""
        try:
            unsaved = self.hass.data.setdefault(_UNSAVED, {}).pop(self.key, None)
            kept = await self.async_load() if unsaved is None else unsaved
            return {} if kept is None else dict(kept["trackers"])
        except (
            HomeAssistantError,
            KeyError,
            NotImplementedError,  # a version before the first
            OSError,
            TypeError,
            ValueError,
        ) as error:
            LOGGER.warning("What was kept of the trackers cannot be read: %s", error)
            self.is_damaged = True
            return {}

    async def async_keep_copy(self) -> None:
        """Keep a damaged file beside the sound one that is to be written."""
        copy = f"{self.path}.{_KEPT_COPY}.{dt_util.utcnow().isoformat()}"
        try:
            await self.hass.async_add_executor_job(_keep, self.path, copy)
        except OSError as error:
            LOGGER.warning("No copy of %s could be kept: %s", self.path, error)
        else:
            LOGGER.warning("What cannot be read is kept as %s", copy)
        self.is_damaged = False
        self.async_save_later()

    @callback
    def async_save_later(self) -> None:
        """Save within the delay, however much arrives meanwhile."""
        self._is_unsaved = True
        if not self._is_scheduled and not self._is_closed:
            self._is_scheduled = True
            self.async_delay_save(self._data_to_save, SAVE_DELAY)

    async def async_close(self) -> None:
        """Save what is not on the disk yet; whoever loads next shall find it there.

        That includes what is being written right now, which may take seconds.
        """
        self._is_closed = True
        if not self._is_unsaved:
            return
        data = self._data_to_save()
        await self.async_save(data)
        if self._is_unsaved:
            self.hass.data[_UNSAVED][self.key] = data

    @override
    async def async_remove(self) -> None:
        """Remove the file, and the copies that were kept: they hold places as well."""
        self.hass.data.get(_UNSAVED, {}).pop(self.key, None)
        await super().async_remove()
        await self.hass.async_add_executor_job(_remove_copies, Path(self.path))

    @override
    async def _async_write_data(self, data: dict[str, Any]) -> None:
        """Write, and write again later where that failed.

        Home Assistant drops what it could not write, which would lose the last of a
        vehicle that is parked.
        """
        try:
            await super()._async_write_data(data)
        except (HomeAssistantError, OSError) as error:
            if not self._is_failing:
                self._is_failing = True
                LOGGER.error(
                    "What is known of the trackers cannot be saved; it is tried again "
                    "every %s seconds: %s",
                    SAVE_DELAY,
                    error,
                )
            self.async_save_later()
            return
        self._is_unsaved = self._is_scheduled
        if self._is_failing:
            self._is_failing = False
            LOGGER.info("What is known of the trackers is saved again")

    def _data_to_save(self) -> dict[str, Any]:
        self._is_scheduled = False
        return {"trackers": self._export()}


def _keep(path: str, copy: str) -> None:
    """Give a file, which is replaced and never changed, a second name.

    That needs no space on a disk that may be full, but not every file system can.
    """
    try:
        os.link(path, copy)
    except OSError:
        shutil.copy2(path, copy)


def _remove_copies(path: Path) -> None:
    for copy in path.parent.glob(f"{path.name}.{_KEPT_COPY}.*"):
        copy.unlink(missing_ok=True)
