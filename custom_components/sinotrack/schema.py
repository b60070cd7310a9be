"""The library that checks what is entered, under its two names.

Home Assistant gives out `probatio` as `voluptuous`, and promises custom integrations
that name alone. Its types are those of `probatio`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import probatio as vol
else:
    import voluptuous as vol

__all__ = ["vol"]
