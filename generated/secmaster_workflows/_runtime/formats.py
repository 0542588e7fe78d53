# Copied from openapi/generator/runtime/_runtime/formats.py by `make generate`; do not edit.
"""
The formats of text, as the contract's validator knows them: RFC 3339, 3986, 4291, 5321, 5890 and 9562.
"""

import re
from collections.abc import Callable
from typing import Final

_TIME: Final = r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d):(?P<second>[0-5]\d|60)(?:\.\d+)?(?:[Zz]|(?P<sign>[+-])(?P<h>[01]\d|2[0-3]):(?P<m>[0-5]\d))"  # noqa: E501 - one rule, one line
_DATE: Final = r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])"
_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CHARACTER: Final = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_NAME: Final = r"(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
_URI: Final = (
    rf"[A-Za-z][A-Za-z0-9+.-]*:"
    rf"(?://(?:(?:{_NAME}|:)*@)?(?P<host>\[[^\]/?#]*\]|{_NAME}*)(?::\d*)?(?:/{_CHARACTER}*)*"
    rf"|/(?:{_CHARACTER}+(?:/{_CHARACTER}*)*)?|{_CHARACTER}+(?:/{_CHARACTER}*)*|)"
    rf"(?:\?(?:{_CHARACTER}|[/?])*)?(?:#(?:{_CHARACTER}|[/?])*)?"
)
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL: Final = rf'(?:{_ATOM}(?:\.{_ATOM})*|"(?:[\t !#-\[\]-~]|\\[!-~])*")'


def _whole(pattern: str) -> Callable[[str], "re.Match[str] | None"]:
    return re.compile(pattern, re.ASCII).fullmatch


def _date_of(match: "re.Match[str] | None") -> bool:
    if match is None:
        return False
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= _DAYS[month - 1] + (month == 2 and leap)


def _time_of(match: "re.Match[str] | None") -> bool:
    if match is None:
        return False
    if match["second"] != "60":
        return True
    # A leap second is the last of a day in UTC (RFC 3339, 5.7).
    minutes = int(match["hour"]) * 60 + int(match["minute"])
    if match["sign"]:
        offset = int(match["h"]) * 60 + int(match["m"])
        minutes += offset if match["sign"] == "-" else -offset
    return minutes % 1440 == 1439


def _date_time(text: str) -> bool:
    match = _whole(rf"{_DATE}[Tt]{_TIME}")(text)
    return _date_of(match) and _time_of(match)


def _uri(text: str) -> bool:
    match = _whole(_URI)(text)
    host = match["host"] if match else None
    return match is not None and (not host or host[0] != "[" or _literal(host[1:-1]))


def _literal(text: str) -> bool:
    return _ipv6(text) or _whole(r"[Vv][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+")(text) is not None


def _ipv4(text: str) -> bool:
    import ipaddress  # noqa: PLC0415 - slow, and hardly ever needed

    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def _ipv6(text: str) -> bool:
    import ipaddress  # noqa: PLC0415 - slow, and hardly ever needed

    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text


def _hostname(text: str) -> bool:
    return 0 < len(text) <= 253 and all(_label(label) for label in text.split("."))


def _label(label: str) -> bool:
    if len(label) > 63 or not _whole(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")(label):
        return False
    if label[2:4] != "--":
        return True
    # Only a label of another script, encoded as RFC 5891 does, has hyphens there.
    try:
        decoded = label[4:].encode().decode("punycode") if label.startswith("xn--") else ""
    except UnicodeError:
        return False
    import unicodedata  # noqa: PLC0415 - slow, and hardly ever needed

    kinds = [unicodedata.category(character)[0] for character in decoded if not character.isascii()]
    return bool(kinds) and unicodedata.category(decoded[0])[0] != "M" and set(kinds) <= {"L", "M", "N"}


def _email(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    if not at or len(local) > 64 or not _whole(_LOCAL)(local):
        return False
    if domain.startswith("[") and domain.endswith("]"):
        inner = domain[1:-1]
        return _ipv6(inner[5:]) if inner.startswith("IPv6:") else _ipv4(inner)
    return _hostname(domain)


FORMATS: Final[dict[str, Callable[[str], bool]]] = {
    "date-time": _date_time,
    "date": lambda text: _date_of(_whole(_DATE)(text)),
    "time": lambda text: _time_of(_whole(_TIME)(text)),
    "uuid": lambda text: _whole(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")(text) is not None,
    "uri": _uri,
    "email": _email,
    "hostname": _hostname,
    "ipv4": _ipv4,
    "ipv6": _ipv6,
}
