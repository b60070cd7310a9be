"""The quality scale: every rule of Home Assistant is declared, and none is invented."""

from pathlib import Path
from typing import Any

import pytest
import yaml

FILE = Path(__file__).parent.parent / "custom_components/sinotrack/quality_scale.yaml"

TIERS = {
    "bronze": {
        "action-setup",
        "appropriate-polling",
        "brands",
        "common-modules",
        "config-flow",
        "config-flow-test-coverage",
        "dependency-transparency",
        "docs-actions",
        "docs-conditions",
        "docs-high-level-description",
        "docs-installation-instructions",
        "docs-removal-instructions",
        "docs-triggers",
        "entity-event-setup",
        "entity-unique-id",
        "has-entity-name",
        "runtime-data",
        "test-before-configure",
        "test-before-setup",
        "unique-config-entry",
    },
    "silver": {
        "action-exceptions",
        "config-entry-unloading",
        "docs-configuration-parameters",
        "docs-installation-parameters",
        "entity-unavailable",
        "integration-owner",
        "log-when-unavailable",
        "parallel-updates",
        "reauthentication-flow",
        "test-coverage",
    },
    "gold": {
        "devices",
        "diagnostics",
        "discovery",
        "discovery-update-info",
        "docs-data-update",
        "docs-examples",
        "docs-known-limitations",
        "docs-supported-devices",
        "docs-supported-functions",
        "docs-troubleshooting",
        "docs-use-cases",
        "dynamic-devices",
        "entity-category",
        "entity-device-class",
        "entity-disabled-by-default",
        "entity-translations",
        "exception-translations",
        "icon-translations",
        "reconfiguration-flow",
        "repair-issues",
        "stale-devices",
    },
    "platinum": {"async-dependency", "inject-websession", "strict-typing"},
}
RULES = {rule for tier in TIERS.values() for rule in tier}


def declared() -> dict[str, Any]:
    """Give what the integration says of each rule."""
    content = yaml.safe_load(FILE.read_text())
    assert content.keys() == {"rules"}
    rules: dict[str, Any] = content["rules"]
    return rules


def test_every_rule_is_declared_and_none_is_invented() -> None:
    assert {tier: len(rules) for tier, rules in TIERS.items()} == {
        "bronze": 20,
        "silver": 10,
        "gold": 21,
        "platinum": 3,
    }
    assert declared().keys() == RULES


def test_no_rule_is_declared_twice() -> None:
    names = [
        line.strip().removesuffix(": done").removesuffix(":")
        for line in FILE.read_text().splitlines()
        if line.startswith("  ") and line[2].isalpha()
    ]

    assert sorted(names) == sorted(RULES)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_rule_is_done_or_exempt_with_a_reason(rule: str) -> None:
    match declared()[rule]:
        case "done":
            pass
        case {"status": "done" | "exempt", "comment": str(comment), **others}:
            assert comment.endswith(".")
            assert not others
        case other:
            pytest.fail(f"{rule}: {other}")
