"""What must stand in no committed file."""

import re
from pathlib import Path

import pytest

# One letter of each stands in brackets, and the samples have a gap, so that this file does not match itself.
FORBIDDEN = {
    "address of a package registry": r"py[p]i\.org|python[h]osted|registry\.(?:npm[j]s|yarn[p]kg)|deb\.[d]ebian\.org",
    "absolute path of a machine": r"(?<![\w.-])/(?:[w]ork|[r]oot|[h]ome|[U]sers)/\w",
    "private key": r"-----BEGIN [A-Z ]*PRIVATE [K]EY",
    "IAM token": r"\bMII[A-Za-z0-9+/=_-]{200,}",
    "access key": r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[bap]-[0-9A-Za-z-]{20,})",
    # A host that RFC 2606 reserves is nobody's.
    "URL with a password": r"[a-z]+://[^/\s:@\"'{}$<>]+:[^/\s:@\"'{}$<>]{6,}@(?!\S*\b(?:example|invalid|test)\b)",
}
NOT_OURS = {"LICENSE"}
GAP = "~"
SAMPLES = {
    "address of a package registry": "https://py~pi.org/simple",
    "absolute path of a machine": "see /ho~me/me/project",
    "private key": "-----BEGIN RSA PRIVATE ~KEY-----",
    "IAM token": "MII" + "Q" * 300,
    "access key": "AKIA" + "A" * 16,
    "URL with a password": "https:~//user:password@host",
}


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_no_file_holds(kind: str, tracked: list[Path], root: Path) -> None:
    """
    No committed file holds an address, a path or a secret that is somebody's own.
    """
    found = [
        f"{path.relative_to(root)}:{number}"
        for path in tracked
        if path.name not in NOT_OURS
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if re.search(FORBIDDEN[kind], line)
    ]

    assert not found, f"{kind}: {', '.join(found)}"


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_pattern_finds_a_planted_one(kind: str) -> None:
    """
    Each pattern finds what it is for.
    """
    assert re.search(FORBIDDEN[kind], SAMPLES[kind].replace(GAP, ""))


def test_waived_rule_has_its_reason_beside_it(tracked: list[Path], root: Path) -> None:
    """
    A switched-off check names the rule and, on the same line, the reason.
    """
    marks = re.compile(r"#\s*(?:noqa|type:\s*ignore|pyright:\s*ignore)(?P<rest>.*)")
    reasoned = re.compile(r"\s*(?::\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*|\[[\w, -]+\])\W*[a-zA-Z]")
    bare = [
        f"{path.relative_to(root)}:{number}"
        for path in tracked
        if path.suffix in {".py", ".jinja"} and path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (mark := marks.search(line)) and not reasoned.match(mark["rest"])
    ]

    assert not bare, f"no reason at {', '.join(bare)}"


@pytest.mark.parametrize("path", [".ci/run", "requirements/install.sh"])
def test_program_is_executable(path: str, root: Path) -> None:
    """
    A program of the house runs by its path.
    """
    assert (root / path).stat().st_mode & 0o111
