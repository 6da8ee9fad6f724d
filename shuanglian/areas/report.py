"""What a load did or would do, for people and for machines."""

from dataclasses import dataclass, field
from typing import Any

from .findings import Finding


@dataclass
class LoadReport:
    """What a load did, or with `check` would do. `loaded` is False when errors stopped it or it was only a check.

    counts: rows, regions, unchanged, added, corrected, renamed, recoded, moved, renumbered, merged, named, closed,
    abolished, unmatched. changes: one line per region that lives on elsewhere. rehung: table → rows that went along.
    """

    counts: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    changes: list[dict[str, str]] = field(default_factory=list)
    rehung: dict[str, int] = field(default_factory=dict)
    loaded: bool = False

    @property
    def blocked(self) -> bool:
        """Whether an error keeps the table out."""
        return any(finding.severity == "error" for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """For JSON: counts and findings (sheet, row, column, value, code, severity, message), changes, rehung."""
        findings = [finding.as_dict() for finding in self.findings]
        return {
            "loaded": self.loaded, "blocked": self.blocked, "counts": self.counts, "changes": self.changes,
            "rehung": self.rehung, "findings": findings,
        }  # fmt: skip
