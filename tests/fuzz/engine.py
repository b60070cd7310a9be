"""One harness under Atheris: `python -m tests.fuzz.engine NAME CORPUS [options]`.

Options are those of libFuzzer. It ends the process, with an exit status other than 0
when it has found something.
"""

from hashlib import sha256
from pathlib import Path
import sys
from types import ModuleType

import atheris

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Fuzz until the options say that it is enough."""
    name, folder, *options = sys.argv[1:]
    _leave_out_home_assistant()
    # By its first name is all that Atheris lets us choose.
    with atheris.instrument_imports(include=["custom_components"]):
        from .harnesses import HARNESSES  # noqa: PLC0415  instrumented while imported

    harness = HARNESSES[name]
    corpus = Path(folder)
    for seed in harness.seeds():
        (corpus / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    harness.findings.mkdir(exist_ok=True)
    atheris.Setup(
        [
            *(sys.argv[0], folder, str(harness.findings)),
            f"-artifact_prefix={harness.findings}/",
            f"-max_len={harness.longest}",
            *options,
        ],
        harness.run,
    )
    atheris.Fuzz()


def _leave_out_home_assistant() -> None:
    """Put an empty package around the rooms, in place of the integration.

    It would load Home Assistant, which takes its time and has nothing to do here.
    """
    package = ModuleType("custom_components.sinotrack")
    package.__path__ = [str(ROOT / "custom_components/sinotrack")]
    sys.modules[package.__name__] = package


if __name__ == "__main__":
    main()
