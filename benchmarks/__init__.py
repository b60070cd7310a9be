"""How fast the integration is, beside what the same machine does without it.

Absolute times differ from machine to machine and from hour to hour. So whatever is
measured has something plain measured beside it, in turns, and the ratio is what counts.
"""
