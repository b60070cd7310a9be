"""What all tests share."""

# The test plugin has a package of the same name, which would hide ours.
import custom_components.sinotrack  # noqa: F401  so that ours is there first
