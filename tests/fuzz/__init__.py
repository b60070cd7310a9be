"""Fuzzing of the h02 room: whatever bytes arrive, what it promises holds.

Each harness is a module with `run`, which takes any bytes and fails an assertion where a
promise is broken, and `seeds`, where to begin. They know nothing of the fuzzer, so that
pytest can go over the seeds, and over what was found once (`findings`), like any test.
"""
