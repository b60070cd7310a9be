"""The faults that receivers meet in the field, through the whole integration."""
