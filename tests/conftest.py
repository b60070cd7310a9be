"""What all tests share.

Hypothesis searches always the same way, so that a red test stays red. To let it search
anew and longer: `scripts/test tests/h02 --hypothesis-profile=explore`.
"""

from hypothesis import settings

# The test plugin has a package of the same name, which would hide ours.
import custom_components.sinotrack  # noqa: F401  so that ours is there first

settings.register_profile(
    "repeatable", derandomize=True, deadline=None, max_examples=150
)
settings.register_profile("explore", deadline=None, max_examples=20_000)

if settings.get_current_profile_name() == "default":
    settings.load_profile("repeatable")
